"""The servers that are measured: the hub and its floors, as child processes on fresh databases of one mongod."""

import asyncio
import hashlib
import hmac
import json
import os
import socket
import sys
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import time

from bench.load import Answer, Place, lines

PEOPLE = 1_000  # whose conversations exist when the measuring begins
TEXT = "Bom dia! O pedido ainda não chegou, e o rastreio parou na sexta-feira. Vocês conseguem ver onde está?"

WhoIs = Callable[[int], int]


def one_of_many(n: int) -> int:
    return n % PEOPLE


def somebody_new(n: int) -> int:
    return PEOPLE + n


@dataclass(frozen=True, slots=True)
class Engines:
    mongo_url: str
    redis_url: str


@dataclass(slots=True)
class Server:
    """A running server. `post` makes the n-th message of a person, whose text carries the mark `bm-<n>-`."""

    name: str
    pid: int
    place: Place
    post: Callable[[int, int], bytes]
    screen: str
    screen_headers: Mapping[str, str]
    numbers: Iterator[int]

    def messages(self, how_many: int, who: WhoIs = one_of_many) -> Sequence[bytes]:
        """Made and signed now: to be sent within five minutes."""
        return [self.post(n, who(n)) for n in (next(self.numbers) for _ in range(how_many))]


@asynccontextmanager
async def minimal_hub(engines: Engines, database: str) -> AsyncIterator[Server]:
    port = _free_port()
    place = Place(port)

    def post(n: int, who: int) -> bytes:
        sender = {"id": f"c-{who}", "name": f"Ana Lima {who}"}
        posted = {"external_id": f"m-{n}", "channel": "web", "sender": sender, "text": f"{TEXT} bm-{n}-"}
        return place.post("/m", json.dumps(posted).encode())

    async with _child("bench.floor.minimal_hub", port, engines.mongo_url, database) as child:
        yield Server("minimal hub", child.pid, place, post, "/ws", {}, count())


@asynccontextmanager
async def bare_socket() -> AsyncIterator[Server]:
    port = _free_port()
    async with _child("bench.floor.bare_socket", port) as child:
        yield Server("bare socket", child.pid, Place(port), lambda n, who: b"", "/ws", {}, count())


@asynccontextmanager
async def hub(engines: Engines, database: str, data: Path) -> AsyncIterator["Hub"]:
    port = _free_port()
    place = Place(port)
    data.mkdir(exist_ok=True)
    env = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | {
        "HUB_MONGO_URL": engines.mongo_url,
        "HUB_REDIS_URL": engines.redis_url,
        "HUB_DATA": str(data),
        "HUB_DATABASE": database,
        "HUB_PORT": str(port),
    }
    async with _child("hub", "serve", env=env, port=port, log=data / f"{database}.log") as child:
        token = await _set_up(place, await _link(child), env)
        webhook = await _hub(env, "channel", "add", "webhook", "--name", "Bench")
        widget = await _hub(env, "channel", "add", "widget", "--name", "Bench")
        post = _signed(place, _key(webhook), _said(webhook, "whsec_"))
        await asyncio.sleep(1)  # within which a running hub takes new channels
        headers = {"Authorization": f"Bearer {token}"}
        yield Hub("hub", child.pid, place, post, "/api/live", headers, count(), f"/widget/{_key(widget)}/socket")


@dataclass(slots=True)
class Hub(Server):
    widget: str


def _signed(place: Place, key: str, secret: str) -> Callable[[int, int], bytes]:
    """Makes signed webhooks, as the standardwebhooks library does, only faster."""
    signing = b64decode(secret.removeprefix("whsec_"))

    def post(n: int, who: int) -> bytes:
        sender = {"name": f"Ana Lima {who}", "email": f"ana.{who}@example.com", "external_id": f"c-{who}"}
        body = json.dumps({"id": f"m-{n}", "from": sender, "text": f"{TEXT} bm-{n}-"}).encode()
        now = str(int(time()))
        digest = hmac.digest(signing, f"msg_{n}.{now}.".encode() + body, hashlib.sha256)
        signature = f"v1,{b64encode(digest).decode()}"
        headers = {"webhook-id": f"msg_{n}", "webhook-timestamp": now, "webhook-signature": signature}
        return place.post(f"/hooks/{key}", body, headers)

    return post


async def _link(child: asyncio.subprocess.Process) -> str:
    """The one-time token of the set-up link that a new hub prints."""
    assert child.stdout
    async for line in child.stdout:
        if b"/setup#" in line:
            return line.decode().strip().rpartition("#")[2]
    raise RuntimeError("the hub ended before it printed its link")


async def _set_up(place: Place, link: str, env: Mapping[str, str]) -> str:
    """The company and its admin; gives an API token of theirs."""
    company = {
        "token": link,
        "company": "Bench",
        "time_zone": "America/Recife",
        "language": "pt-BR",
        "name": "Bench",
        "email": "bench@example.com",
        "password": "a password for the bench only",
    }
    (line,) = await lines(place, 1)
    answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    origin = {"Origin": f"http://127.0.0.1:{place.port}"}
    line.ask(place.post("/api/setup", json.dumps(company).encode(), origin), answered.set_result)
    if (answer := await answered).status != 201:
        raise RuntimeError(f"the hub could not be set up: {answer.status}")
    line.close()
    return _said(await _hub(env, "token", "create", "--user", company["email"]), "hub_")


async def _hub(env: Mapping[str, str], *arguments: str) -> str:
    """What the command says, beside the running hub."""
    command = [sys.executable, "-m", "hub", *arguments]
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(*command, env=env, stdout=pipe, stderr=pipe)
    out, err = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"hub {' '.join(arguments)} failed: {err.decode()}{out.decode()}")
    return out.decode()


def _said(words: str, prefix: str) -> str:
    return next(word for word in words.replace('"', " ").replace("'", " ").split() if word.startswith(prefix))


def _key(words: str) -> str:
    """The key of `hub channel add`, which stands behind `key`."""
    parts = words.replace(":", " ").replace("=", " ").split()
    return parts[next(n for n, part in enumerate(parts) if part.lower() == "key") + 1]


@asynccontextmanager
async def _child(
    module: str, *arguments: object, port: int = 0, env: Mapping[str, str] | None = None, log: Path | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with open(log or os.devnull, "wb") as errors:
        child = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.PIPE, stderr=errors)
    try:
        await _listening(port or int(str(arguments[0])), child)
        yield child
    except BaseException:
        if log:
            sys.stderr.write(log.read_text("utf-8")[-2_000:])
        raise
    finally:
        await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), 10)
    except TimeoutError:
        child.kill()
        await child.wait()


async def _listening(port: int, child: asyncio.subprocess.Process) -> None:
    for _ in range(300):
        if child.returncode is not None:
            raise RuntimeError(f"the server ended with {child.returncode} before it listened")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the server did not listen within 30 s")


def _free_port() -> int:
    """Below the ephemeral range, which the senders' own connections come from."""
    for port in range(20_000, 32_000):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def resident_kb(pid: int) -> int:
    """Memory of a process that is in RAM now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024

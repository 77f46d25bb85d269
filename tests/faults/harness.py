"""Hubs as child processes, to be killed and started again; and the people and channels of a small company in them."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

PASSWORD = "three plain words"
OWNER = {"name": "Ana Souza", "email": "ana@ipe.example", "password": PASSWORD}
COMPANY = {"company": "Loja Ipê", "time_zone": "America/Recife", "language": "pt-BR"}
PATIENCE_S = 90.0  # the machine may be busy; how long it takes is measured, not waited out

_SETUP_LINK = re.compile(r"/setup#(\S+)")
_LISTED = re.compile(r"^(id|key|secret) +(\S+)$", re.MULTILINE)
_HERE = Path(__file__).parents[2]
_port = 20_000 + os.getpid() * 37 % 9_000


def free_port() -> int:
    """Below those that the system gives to outgoing connections, which would take it while a hub is down."""
    global _port
    for _ in range(2_000):
        _port = 20_000 + (_port - 20_000 + 1) % 12_000
        with socket.socket() as knock:
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                knock.bind(("127.0.0.1", _port))
            except OSError:
                continue
            return _port
    raise AssertionError("no port is free")


@dataclass(slots=True)
class HubProcess:
    """`hub serve` on a folder and a port of its own. `module` is another entry point, for planted bugs."""

    data: Path
    port: int = field(default_factory=free_port)
    env: Mapping[str, str] = field(default_factory=dict)
    module: str = "hub"
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def said(self) -> str:
        file = self.data / f"hub-{self.port}.log"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def start(self) -> float:
        """Returns when it is ready: the seconds that took."""
        began = monotonic()
        self.data.mkdir(parents=True, exist_ok=True)
        with open(self.data / f"hub-{self.port}.log", "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, "serve"],
                env=self._environment(),
                cwd=_HERE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        await self.ready()
        return monotonic() - began

    async def ready(self) -> None:
        async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as http:
            while not await self._is_ready(http):
                assert self.runs, f"the hub has ended:\n{self.said[-4000:]}"
                await asyncio.sleep(0.05)

    async def _is_ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{self.url}/readyz", timeout=aiohttp.ClientTimeout(5)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def kill(self) -> None:
        """As if the power of this process were cut; nothing of it runs any more."""
        assert self.process
        self.process.kill()
        self.process.wait()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    async def stop(self) -> None:
        if self.process and self.runs:
            self.process.terminate()
            try:
                await asyncio.to_thread(self.process.wait, 30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    async def command(self, *words: str, given: str = "") -> str:
        """What a `hub` command prints, run beside it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", *words),
            env=self._environment(),
            cwd=_HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        said, complaint = await asyncio.wait_for(process.communicate(given.encode()), PATIENCE_S)
        assert process.returncode == 0, complaint.decode()
        return said.decode()

    async def add_channel(self, kind: str, name: str) -> "ChannelKeys":
        found = dict(_LISTED.findall(await self.command("channel", "add", kind, "--name", name)))
        return ChannelKeys(found["id"], found["key"], found.get("secret", ""))

    def engines(self) -> Mapping[str, Any]:
        """Of the embedded ones: `mongo_url`, `redis_url`, `pids` by name."""
        said: Mapping[str, Any] = json.loads((self.data / "engines.json").read_text())
        return said

    def kill_engine(self, name: str) -> int:
        pid: int = self.engines()["pids"][name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def _environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        ours = {"HUB_DATA": str(self.data), "HUB_PORT": str(self.port), "HUB_OPLOG_MB": "64", "HUB_UNDO_S": "0"}
        return {**plain, "PYTHONUNBUFFERED": "1", **ours, **self.env}


@dataclass(frozen=True, slots=True)
class ChannelKeys:
    id: str
    key: str
    secret: str


@asynccontextmanager
async def hubs(*processes: HubProcess) -> AsyncIterator[Sequence[HubProcess]]:
    """Started one after the other, and stopped whatever happens."""
    try:
        for each in processes:
            await each.start()
        yield processes
    finally:
        await asyncio.gather(*(each.stop() for each in processes))


@dataclass(slots=True)
class AgentAt:
    """Somebody who has signed in; `hub` may be another one after a while."""

    hub: HubProcess
    http: aiohttp.ClientSession
    id: str = ""

    async def ask(self, method: str, path: str, *, expect: int | None = None, **body: Any) -> Any:
        """The answer's body; an AssertionError if it is no success, or not the status that was expected."""
        status, given, _ = await self.try_to(method, path, **body)
        assert status == expect if expect else status < 300, f"{method} {path}: {status} {given}"
        return given

    async def try_to(self, method: str, path: str, **body: Any) -> tuple[int, Any, Mapping[str, str]]:
        headers = {"Origin": self.hub.url, "Sec-Fetch-Site": "same-origin"}
        sent = None if method == "GET" else body
        async with self.http.request(method, f"{self.hub.url}{path}", json=sent, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None, answer.headers

    async def live(self, cursor: str = "", hub: HubProcess | None = None) -> "Screen":
        url = (hub or self.hub).url
        ws = await self.http.ws_connect(f"{url}/api/live" + (f"?cursor={cursor}" if cursor else ""), origin=url)
        return Screen(ws)


@dataclass(slots=True)
class Screen:
    """An agent's open live socket."""

    ws: aiohttp.ClientWebSocketResponse
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, type: str, **like: Any) -> dict[str, Any]:
        """The next frame of this type with these values; what comes before stays in `heard`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame: dict[str, Any] = json.loads(await self.ws.receive_str())
                self.heard.append(frame)
                if frame["type"] == type and all(frame.get(name) == value for name, value in like.items()):
                    return frame

    async def say(self, **frame: Any) -> None:
        await self.ws.send_json(frame)


@asynccontextmanager
async def signed_in(hub: HubProcess, email: str = OWNER["email"]) -> AsyncIterator[AgentAt]:
    # A cookie of `localhost` holds for every port of it, as in a browser: one sign-in is enough for two hubs.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(30)) as http:
        agent = AgentAt(hub, http)
        agent.id = (await agent.ask("POST", "/api/session", email=email, password=PASSWORD))["me"]["id"]
        yield agent


async def set_up(hub: HubProcess) -> None:
    """Fills in the first-run page by the link that the hub has printed."""
    found = None
    async with asyncio.timeout(PATIENCE_S):
        while not (found := _SETUP_LINK.search(hub.said)):
            await asyncio.sleep(0.05)
    async with aiohttp.ClientSession() as http:
        await AgentAt(hub, http).ask("POST", "/api/setup", token=found[1], **COMPANY, **OWNER)


async def add_channel(admin: AgentAt, kind: str) -> ChannelKeys:
    """Open when this returns."""
    made = await admin.ask("POST", "/api/channels", kind=kind, name=kind)
    await is_open(admin.hub, kind, made["key"])
    return ChannelKeys(made["id"], made["key"], made["secret"] or "")


async def is_open(hub: HubProcess, kind: str, key: str) -> float:
    """Returns when this hub has the channel: the seconds that took."""
    began = monotonic()
    method, path = ("POST", f"/hooks/{key}") if kind == "webhook" else ("GET", f"/widget/{key}")
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as http:
        while True:
            async with http.request(method, f"{hub.url}{path}") as answer:
                if answer.status != 404:
                    return monotonic() - began
            await asyncio.sleep(0.02)


async def hire(admin: AgentAt, name: str, role: str = "agent") -> str:
    """Somebody more; gives the address to sign in with."""
    email = f"{name.lower()}@ipe.example"
    await admin.ask("POST", "/api/users", email=email, name=name, role=role, password=PASSWORD)
    return email

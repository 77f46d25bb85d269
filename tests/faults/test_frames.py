"""100,000 senseless frames on each kind of socket; those who sit beside them notice nothing."""

import asyncio
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random
from time import monotonic

import aiohttp
import pytest

from tests.faults.frames import line
from tests.faults.harness import PATIENCE_S, Screen
from tests.faults.house import House, open_house
from tests.faults.load import Visitor, greet, heard, widget_socket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

FRAMES = 100_000  # on each of the two kinds of socket
AT_ONCE = 8


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, mongo_url: str, redis_url: str) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("frames")
    name = f"{folder.parent.name}-frames"[-38:]
    env = {"HUB_MONGO_URL": mongo_url, "HUB_REDIS_URL": redis_url, "HUB_DATABASE": name}
    async with open_house(folder, env) as opened:
        yield opened


@dataclass(slots=True)
class Bystanders:
    """An agent's page and a visitor's widget, who go on working."""

    screen: Screen
    widget: aiohttp.ClientWebSocketResponse
    waited: list[float] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def work(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(1.2)  # a visitor may write once a second

    async def once(self) -> None:
        """The visitor writes, and the agent sees it."""
        async with self._turn, asyncio.timeout(PATIENCE_S):
            began, name = monotonic(), f"bystander-{next(self._numbers)}"
            await self.widget.send_json({"type": "message", "id": name, "text": name})
            while (await heard(self.widget)).get("id") != name:
                pass
            while (await self.screen.next("event", kind="message.received"))["message"]["text"] != name:
                pass
            self.waited.append(monotonic() - began)


@asynccontextmanager
async def bystanders(house: House) -> AsyncIterator[Bystanders]:
    async with aiohttp.ClientSession() as http, widget_socket(http, house.hub, house.widget) as widget:
        await greet(widget, Visitor(1))
        screen = await house.ana.live()
        await screen.next("hello")
        beside = Bystanders(screen, widget)
        working = asyncio.create_task(beside.work())
        try:
            yield beside
            assert not working.done(), working.result()
        finally:
            working.cancel()
            await screen.ws.close()


async def test_the_agents_socket_takes_any_frames(house: House) -> None:
    cookie = "; ".join(f"{each.key}={each.value}" for each in house.ana.http.cookie_jar)
    # More than 100 would not be read: then this socket is closed.
    await storm(house, "/api/live", 100, f"Origin: {house.hub.url}\r\nCookie: {cookie}")


async def test_the_visitors_socket_takes_any_frames(house: House) -> None:
    # Each costs some of a visitor's allowance, which is used up after a dozen.
    await storm(house, f"/widget/{house.widget.key}/socket", 12, f"Origin: {house.hub.url}")


async def storm(house: House, path: str, a_line: int, headers: str) -> None:
    """All the frames on lines to this socket; the bystanders' own lines stay open and quick throughout."""
    ends: Counter[str] = Counter()
    async with bystanders(house) as beside:
        await beside.once()
        lines = iter(range(FRAMES // a_line))

        async def send_lines() -> None:
            for seed in lines:
                ends[await asyncio.wait_for(senseless(house, path, a_line, headers, Random(seed)), PATIENCE_S)] += 1

        began = monotonic()
        await asyncio.gather(*(send_lines() for _ in range(AT_ONCE)))
        took = monotonic() - began
        await beside.once()
    print(
        f"{FRAMES} frames on {path[:9]} in {took:.1f} s; slowest beside: {max(beside.waited):.3f} s; ends: {dict(ends)}"
    )
    assert sum(ends.values()) == FRAMES // a_line
    assert "refused" not in ends
    assert max(beside.waited) < 20
    said = house.hub.said
    assert "Traceback" not in said, said[said.index("Traceback") :][:3000]


async def senseless(house: House, path: str, a_line: int, headers: str, random: Random) -> str:
    """One connection of `a_line` frames; says how it ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.hub.port)
    try:
        key = b64encode(random.randbytes(16)).decode()
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{house.hub.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n\r\n".encode()
        )
        if b" 101 " not in await reader.readuntil(b"\r\n\r\n"):
            return "refused"
        writer.write(b"".join(line(random, a_line)))
        await writer.drain()
        writer.write_eof()
        while await reader.read(65_536):
            pass
        return "closed"
    except OSError:
        return "reset"
    finally:
        writer.close()

"""A TCP proxy, before the hub or between it and its store, that cuts lines, refuses them, lets nothing through, and
swallows answers on the way back."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.faults.harness import free_port

PIECE = 65_536


@dataclass(slots=True, eq=False)
class Line:
    """One connection: the two ends, and whether the next answer is to be lost."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    loses_answer: bool = False

    def cut(self) -> None:
        """Both ends see a reset, not an ordered close."""
        for end in (self.near, self.far):
            with suppress(OSError, AttributeError):
                end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.transport.abort()


@dataclass(slots=True)
class Proxy:
    to: int  # the port behind
    port: int
    lose_answers_to: bytes = b""  # requests that hold this reach the server; their answers do not come back
    losses: int = 0  # how many more
    lost: int = 0
    down: bool = False
    silent: bool = False  # nothing comes through either way, and nobody is told
    _lines: set[Line] = field(default_factory=set)

    def cut_all(self) -> None:
        for line in tuple(self._lines):
            line.cut()

    def go_down(self) -> None:
        self.down = True
        self.cut_all()

    def lose(self, what: bytes, times: int) -> None:
        self.lose_answers_to, self.losses = what, times

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        if self.down:
            near.transport.abort()
            return
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            near.transport.abort()
            return
        line = Line(near, far)
        self._lines.add(line)
        try:
            await asyncio.gather(self._there(reader, line), self._back(far_reader, line))
        finally:
            self._lines.discard(line)

    async def _there(self, reader: asyncio.StreamReader, line: Line) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if self.silent:
                    continue
                if self.losses and self.lose_answers_to in piece:
                    self.losses -= 1
                    line.loses_answer = True
                line.far.write(piece)
                await line.far.drain()
        line.far.close()

    async def _back(self, reader: asyncio.StreamReader, line: Line) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if self.silent:
                    continue
                if line.loses_answer:  # the server has done it; nobody will hear of it
                    self.lost += 1
                    line.cut()
                    return
                line.near.write(piece)
                await line.near.drain()
        line.near.close()


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    proxy = Proxy(port, free_port())
    server = await asyncio.start_server(proxy._serve, "127.0.0.1", proxy.port)
    try:
        yield proxy
    finally:
        proxy.go_down()
        server.close()

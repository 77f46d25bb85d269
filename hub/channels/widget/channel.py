"""The chat widget: its routes, and the sockets of one configured widget."""

import asyncio
from collections.abc import Sequence

from aiohttp import WSCloseCode, web

from hub.channels.widget import page, parse
from hub.channels.widget.seat import BUFFER_MAX, Seat
from hub.channels.widget.settings import Settings
from hub.errors import Refused
from hub.model import Quarantined, Received
from hub.ports import Capabilities, Desk, Desks

__all__ = ["Settings", "WidgetChannel", "routes"]

SWEEP_S = 25  # a socket that is silent for two to three sweeps is gone
ATTENDED_S = 2  # how old "somebody is here" may be


def routes(desks: Desks) -> Sequence[web.AbstractRouteDef]:
    return [
        web.get("/widget.js", page.loader()),
        web.get("/widget/{key}", page.frame(desks)),
        web.get("/widget/{key}/button", page.button(desks)),
        web.get("/widget/{key}/socket", _socket(desks)),
    ]


class WidgetChannel:
    """One widget at work in this process: who is connected."""

    capabilities = Capabilities(pushes=False, answers=True, typing=True)

    def __init__(self) -> None:
        self._seats: set[Seat] = set()
        self._desk: Desk | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._attended = (0.0, False)

    async def start(self, desk: Desk) -> None:
        self._desk = desk
        self._sweeper = asyncio.create_task(self._sweep(), name=f"widget {desk.record.id}")

    async def stop(self) -> None:
        """Every browser is told to come back: the hub restarts, or this widget has changed or ended."""
        if self._sweeper:
            self._sweeper.cancel()
        self._desk = None
        await asyncio.gather(*(seat.close(WSCloseCode.SERVICE_RESTART) for seat in list(self._seats)))

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        raise Refused("still_not_readable", "A widget refuses what it cannot read, and keeps nothing of it.")

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One visitor's socket, until it closes."""
        if self._desk is None or request.transport is None:
            raise Refused("closing", "This widget is being closed.")
        # No compression: it would cost 90 kB a socket. Pongs are ours to see, for the sweep.
        ws = web.WebSocketResponse(compress=False, autoping=False, max_msg_size=parse.FRAME_MAX, timeout=2)
        await ws.prepare(request)
        # Above its own limit the seat closes; below it, writing must never wait (`Seat._told`).
        request.transport.set_write_buffer_limits(high=2 * BUFFER_MAX)
        seat = Seat(ws, request.transport, self._desk, self._is_attended)
        self._seats.add(seat)
        try:
            async for message in ws:
                await seat.hear(message)
        finally:
            self._seats.discard(seat)
            seat.leave()
        return ws

    async def _is_attended(self) -> bool:
        """Asked of the desk once for many visitors."""
        if self._desk is None:
            return False
        now = self._desk.clock.now().timestamp()
        at, attended = self._attended
        if not at <= now < at + ATTENDED_S:
            attended = await self._desk.attended()
            self._attended = (now, attended)
        return attended

    async def _sweep(self) -> None:
        """The heartbeat of all sockets: one task instead of a timer each; others get their turn in between."""
        while True:
            await asyncio.sleep(SWEEP_S)
            for place, seat in enumerate(list(self._seats)):
                await seat.check()
                if place % 50 == 49:
                    await asyncio.sleep(0)


def _socket(desks: Desks) -> page.Answer:
    """Only the iframe's page opens it, and that page is the hub's own."""

    async def answer(request: web.Request) -> web.StreamResponse:
        channel = desks.channel("widget", request.match_info["key"])
        assert isinstance(channel, WidgetChannel)
        if not page.own(request):
            raise Refused("cross_site", "This socket is for the hub's own pages.")
        return await channel.serve(request)

    return answer

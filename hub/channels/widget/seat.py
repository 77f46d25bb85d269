"""One visitor's open socket: hears frames, answers them, and passes on what happens at the desk.

A hub may hold thousands of them, mostly idle: no task, timer or queue of its own, and nothing kept that the desk knows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from hub.channels.widget import parse, render
from hub.channels.widget.allowance import Allowance
from hub.errors import HubError, NotFound, Refused, Unavailable
from hub.model import Language, Message
from hub.ports import Desk

BUFFER_MAX = 1_000_000  # bytes that may wait for a slow reader
# A reply is filed when it is written and shown when its undo time is over: it may be older than what the page has.
OVERLAP = timedelta(minutes=10)


class Seat:
    __slots__ = (
        "_attended",
        "_desk",
        "_frames",
        "_language",
        "_leave",
        "_marked",
        "_said",
        "_transport",
        "_ws",
        "peer",
        "quiet",
    )

    def __init__(
        self,
        ws: web.WebSocketResponse,
        transport: asyncio.Transport,
        desk: Desk,
        attended: Callable[[], Awaitable[bool]],
    ) -> None:
        self._ws = ws
        self._transport = transport
        self._desk = desk
        self._attended = attended
        self._frames = Allowance(burst=60, rate=10)
        self._said = Allowance(burst=20, rate=1)
        self._language = Language.EN
        self._leave: Callable[[], None] | None = None
        self._marked = ""
        self.peer = ""
        self.quiet = 0  # sweeps since this browser was last heard

    # --- from the visitor -------------------------------------------------------------------------------

    async def hear(self, message: WSMessage) -> None:
        """One frame. Whatever it holds, only this socket feels it."""
        self.quiet = 0
        if message.type is WSMsgType.PONG:
            return
        if not self._frames.take(self._now()):
            await self.close(WSCloseCode.POLICY_VIOLATION, b"too many frames")
        elif message.type is WSMsgType.PING:
            with suppress(ConnectionError):  # it has just gone; its handler sees that by itself
                await self._ws.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            await self._answer(message.data)
        else:
            await self.close(WSCloseCode.UNSUPPORTED_DATA, b"expected JSON text")

    async def _answer(self, wire: str) -> None:
        own_id: str | None = None
        try:
            frame = parse.frame(wire)
            own_id = getattr(frame, "id", None)
            await _ANSWERS[type(frame)](self, frame)
        except Unavailable as error:
            await self._send(render.later(error.code, error.retry_after, own_id))
        except HubError as error:
            self._frames.take(self._now(), _COST_OF_A_REFUSAL)
            await self._send(render.refused(error, own_id))

    async def _hello(self, hello: parse.Hello) -> None:
        """Listens first and loads then, so that nothing falls between; the page drops what it gets twice."""
        self._spend(_COST_OF_HELLO)
        self._language = Language(hello.language)
        self._sit(parse.peer(hello.token) if hello.token else "")
        if not self.peer:
            await self._welcome((), None)
            return
        after = datetime.fromtimestamp(hello.after / 1000, UTC) - OVERLAP if hello.after is not None else None
        messages = await self._desk.history(self.peer, after=after, limit=100)
        seen = await self._desk.seen_by_us(self.peer)
        await self._welcome(messages, seen)

    async def _welcome(self, messages: Sequence[Message], seen: datetime | None) -> None:
        attended, now = await self._attended(), self._desk.clock.now()
        frame = render.welcome(messages, seen=seen, attended=attended, known=bool(self.peer), now=now)
        await self._send(frame)

    async def _begin(self, _: parse.Begin) -> None:
        self._spend(_COST_OF_HELLO)
        token = self._desk.clock.new_secret(160)
        self._sit(parse.peer(token))
        await self._send(render.token(token))

    async def _said_something(self, said: parse.Said) -> None:
        if not self.peer:
            raise Refused("no_token", "Say hello with a token, or begin to get one, before the first message.")
        if self._desk.busy():
            raise Unavailable("busy", "Too many messages wait to be filed.")
        if not self._said.take(self._now()):
            raise Unavailable("too_fast", "At most 20 messages at once and 60 a minute.", retry_after=5)
        received = await self._desk.receive(parse.inbound(said, self.peer, self._desk.record.id, self._language))
        now = self._desk.clock.now()
        await self._send(render.stored(said.id, received.message, now, attended=await self._attended()))

    async def _claimed(self, claimed: parse.Claimed) -> None:
        self._spend(_COST_OF_HELLO)
        if not self.peer:
            raise Refused("no_token", "Nobody has written here yet.")
        with suppress(NotFound):  # claims of somebody who has not written: nobody to keep them for
            await self._desk.claim(self.peer, claimed.name, parse.claims(claimed.email))
        await self._send(render.claimed())

    async def _typing(self, typing: parse.Typing) -> None:
        if self.peer:
            await self._desk.typing(self.peer, typing.on)

    async def _mark(self, mark: parse.Mark) -> None:
        """A repeat costs the store nothing."""
        marked = f"{mark.message} {mark.state}"
        if self.peer and marked != self._marked:
            await self._desk.mark(self.peer, mark.message, mark.state)
            self._marked = marked

    async def _ping(self, _: parse.Ping) -> None:
        await self._send(render.pong(await self._attended()))

    def _sit(self, peer: str) -> None:
        if peer == self.peer:
            return
        self.leave()
        self.peer = peer
        if peer:
            self._leave = self._desk.listen(peer, self._told)

    def _spend(self, cost: float) -> None:
        if not self._frames.take(self._now(), cost):
            raise Unavailable("too_fast", "Too many frames.", retry_after=5)

    def _now(self) -> float:
        return self._desk.clock.now().timestamp()

    # --- to the visitor ---------------------------------------------------------------------------------

    async def _told(self, note: Mapping[str, Any]) -> None:
        """Called by the desk's feed: never waits for this visitor's network."""
        match note:
            case {"kind": "message", "message": message} if render.visible(message):
                await self._send(render.message(message))
            case {"kind": "seen", "message": message}:
                await self._send(render.seen(message))
            case {"kind": "typing", "agent": agent, "on": on}:
                await self._send(render.typing(agent, on))
            case {"kind": "lost"}:
                await self._send(render.again())

    async def _send(self, frame: str) -> None:
        if self._ws.closed:
            return
        if self._transport.get_write_buffer_size() > BUFFER_MAX:
            self._transport.abort()
            return
        with suppress(ConnectionError):  # it has just gone; its handler sees that by itself
            await self._ws.send_str(frame)

    # --- the socket -------------------------------------------------------------------------------------

    async def check(self) -> None:
        """Once a sweep: asks for a sign of life, and ends a socket that gave none to two of them."""
        if self.quiet >= 2:
            self._transport.abort()
            return
        self.quiet += 1
        with suppress(ConnectionError):
            await self._ws.ping()

    async def close(self, code: int, why: bytes = b"") -> None:
        await self._ws.close(code=code, message=why)

    def leave(self) -> None:
        """Hears nothing more from the desk."""
        if self._leave:
            self._leave()
            self._leave = None


_COST_OF_A_REFUSAL = 4
_COST_OF_HELLO = 9

_ANSWERS: Mapping[type, Callable[[Seat, Any], Awaitable[None]]] = {
    parse.Hello: Seat._hello,
    parse.Begin: Seat._begin,
    parse.Said: Seat._said_something,
    parse.Claimed: Seat._claimed,
    parse.Typing: Seat._typing,
    parse.Mark: Seat._mark,
    parse.Ping: Seat._ping,
}

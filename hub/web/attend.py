"""GET /api/live: an agent's page opens its socket, and says what it looks at and that somebody types."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal

import structlog
from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from hub.errors import HubError, Refused
from hub.inbox.rights import load, person_of
from hub.web import session as sessions
from hub.web.api import USER
from hub.web.front import FRONT
from hub.web.live import Live
from hub.web.security import is_own_origin
from hub.web.sockets import Socket, frame
from hub.web.views import Id

log = structlog.get_logger("hub.live")

FRAME_MOST = 4096  # bytes
JUNK_MOST = 100  # frames that make no sense, before the socket is closed
FRAMES_A_SECOND = 50
PING_S = 20.0


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class LooksAt(_Said):
    type: Literal["looking"]
    conversation: Id | None


class Types(_Said):
    type: Literal["typing"]
    conversation: Id
    on: bool


class Pings(_Said):
    type: Literal["ping"]


_SAID: TypeAdapter[LooksAt | Types | Pings] = TypeAdapter(
    Annotated[LooksAt | Types | Pings, Field(discriminator="type")]
)


async def attend(request: web.Request) -> web.StreamResponse:
    front = request.app[FRONT]
    live = front.live
    if not sessions.by_token(request) and not is_own_origin(request):
        raise Refused("cross_site", "The live socket opens from the hub's own pages; a program sends a Bearer token.")
    found = await sessions.who(request, live.house)
    ws = web.WebSocketResponse(compress=False, heartbeat=PING_S, max_msg_size=FRAME_MOST)
    await ws.prepare(request)
    if found is None:  # said on the socket: a browser does not show its page the status of a refused upgrade
        return await _turn_away(ws)
    session, user = found
    request[USER] = user.id
    if request.transport is None:  # gone again already
        return ws
    socket = Socket(request.transport, session, await person_of(live.house, user))
    try:
        await live.join(socket, request.query.get("cursor"))
        with suppress(ConnectionError):  # it has just gone, while a ping of its was being answered
            await Ear(live, socket).listen(ws)
    finally:
        await live.leave(socket)
    return ws


async def _turn_away(ws: web.WebSocketResponse) -> web.WebSocketResponse:
    await ws.send_str('{"type":"bye","why":"signed_out"}')
    await ws.close()
    return ws


@dataclass(slots=True)
class Ear:
    """What one page says. Nonsense is passed over, then cut off; it never reaches anybody else."""

    live: Live
    socket: Socket
    junk: int = 0
    _second: int = 0
    _in_second: int = 0

    async def listen(self, ws: web.WebSocketResponse) -> None:
        async for message in ws:
            if message.type is not WSMsgType.TEXT or self._too_fast() or not await self._hear(message.data):
                self.junk += 1
            if self.junk > JUNK_MOST:
                self.socket.end(code=1008)
                return

    def _too_fast(self) -> bool:
        second = int(asyncio.get_running_loop().time())
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        return self._in_second > FRAMES_A_SECOND

    async def _hear(self, text: str) -> bool:
        try:
            said = _SAID.validate_json(text)
        except ValidationError:
            return False
        try:
            await self._heed(said)
        except HubError:  # not theirs, or the store is away: no reason to cut the line
            return False
        return True

    async def _heed(self, said: LooksAt | Types | Pings) -> None:
        house, person = self.live.house, self.socket.person
        if isinstance(said, LooksAt):
            found = await load(house, person, said.conversation) if said.conversation else None
            await self.live.look(self.socket, found.id if found else None)
        elif isinstance(said, Types):
            conversation = await load(house, person, said.conversation)
            who = {"kind": "agent", "id": person.id, "name": person.name}
            to = [way.to for way in conversation.reach]
            note = {"kind": "typing", "conversation": conversation.id, "who": who, "on": said.on, "to": to}
            await house.presence.tell(note)
        else:
            self.socket.send(frame({"type": "pong"}))

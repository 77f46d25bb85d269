"""`POST /hooks/{key}`: a foreign system hands over a customer's message, signed; nothing goes back this way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from hub.channels.webhook import parse, render, signature
from hub.errors import HubError, Invalid, Refused, Unavailable
from hub.model import ChannelRecord, Inbound, Quarantined, Received
from hub.ports import Capabilities, Desk, Desks

log = structlog.get_logger()

MIB = 1024 * 1024
LARGE, LARGE_AT_ONCE = MIB, 8


class Settings(BaseModel):
    """What an admin may set for one webhook."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    trusted: bool = Field(
        False, description="This source may vouch for `from.email` and `from.phone`: they find the customer."
    )
    max_bytes: int = Field(20 * MIB, ge=1024, le=64 * MIB, description="The largest body that is read.")


class WebhookChannel:
    """Only a door: everything happens while a request waits for its answer."""

    capabilities = Capabilities(pushes=False, answers=False)

    def __init__(self) -> None:
        self._desk: Desk | None = None

    async def start(self, desk: Desk) -> None:
        """Raises Invalid (`bad_secret`)."""
        signature.keys(desk.secrets)
        self._desk = desk

    async def stop(self) -> None:
        self._desk = None

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        """A body like any other, read by a hub that may have been mended since."""
        if self._desk is None:
            raise Unavailable("closing", "this webhook is being closed")
        body = parse.body(raw, region=self._desk.company.region)
        return await _filed(self._desk, _settings(self._desk), body, kept.external_id or kept.id)


def routes(desks: Desks) -> Sequence[web.AbstractRouteDef]:
    return [web.post("/hooks/{key}", _Doors(desks).take)]


class _Doors:
    """The one handler, and what it has made ready of each channel's record."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self._doors: dict[str, _Door] = {}
        self._large = 0  # bodies that are being read now

    async def take(self, request: web.Request) -> web.Response:
        """Raises NotFound, Unavailable, Refused (`bad_signature`, `too_large`), Invalid (`bad_body`)."""
        desk = self._desks.by_key("webhook", request.match_info["key"])
        if desk.busy():
            raise Unavailable("overloaded", "too many messages wait to be filed; send this one again later")
        door = self._door(desk)
        try:
            raw = await self._read(request, door.settings.max_bytes)
            webhook_id = signature.verify(request.headers, raw, door.keys, desk.clock.now())
            status, answer = await self._taken(desk, door.settings, raw, webhook_id)
        except (Refused, Invalid) as refused:
            await desk.refusal(refused.code)
            raise
        return web.Response(status=status, body=answer, content_type="application/json")

    async def _read(self, request: web.Request, limit: int) -> bytes:
        """Nobody is known before the whole body is there: so only a few large ones at once, whoever sends them."""
        large = request.content_length is None or request.content_length > LARGE
        if large and self._large >= LARGE_AT_ONCE:
            raise Unavailable("overloaded", "too many large messages are coming in; send this one again later")
        self._large += large
        try:
            return await _read(request, limit)
        finally:
            self._large -= large

    async def _taken(self, desk: Desk, settings: Settings, raw: bytes, webhook_id: str) -> tuple[int, bytes]:
        """What is well signed and stumbles over a fault of ours is kept with its bytes: people see it and try again.

        The sender could only repeat it for ever. When the store is away it does keep the responsibility.
        """
        try:
            body = parse.body(raw, region=desk.company.region)
            return render.accepted(await _filed(desk, settings, body, webhook_id))
        except HubError:
            raise
        except Exception as fault:
            log.exception("webhook not understood", channel=desk.record.id)
            return render.kept(await desk.quarantine(raw, type(fault).__name__, webhook_id))

    def _door(self, desk: Desk) -> "_Door":
        door = self._doors.get(desk.record.id)
        if door is None or door.record is not desk.record:
            door = _Door(desk.record, signature.keys(desk.secrets), _settings(desk))
            self._doors[desk.record.id] = door
        return door


@dataclass(frozen=True, slots=True)
class _Door:
    record: ChannelRecord
    keys: tuple[bytes, ...]
    settings: Settings


def _settings(desk: Desk) -> Settings:
    return Settings.model_validate(dict(desk.record.settings))


async def _read(request: web.Request, limit: int) -> bytes:
    """Raises Refused (`too_large`) as soon as it is known."""
    announced = request.content_length
    if announced is not None and announced > limit:
        raise _too_large(limit)
    if announced is not None and "Content-Encoding" not in request.headers:
        return await request.content.read()  # the server hands out no more than was announced
    whole = bytearray()
    async for piece in request.content.iter_any():
        whole += piece
        if len(whole) > limit:
            raise _too_large(limit)
    return bytes(whole)


def _too_large(limit: int) -> Refused:
    return Refused("too_large", f"the body may have {limit} bytes", limit=limit)


async def _filed(desk: Desk, settings: Settings, body: parse.Body, webhook_id: str) -> Received:
    """Returns when the message is committed. Files go first, but those of a repeat are not stored again."""
    inbound = parse.inbound(
        body,
        channel=desk.record.id,
        webhook_id=webhook_id,
        trusted=settings.trusted,
        attachments=[file.unstored() for file in body.attachments],
    )
    if not body.attachments:
        return await desk.receive(inbound)
    if standing := await _standing(desk, inbound):
        return standing
    files = [await desk.put_file(file.content, name=file.name, type=file.type) for file in body.attachments]
    return await desk.receive(replace(inbound, attachments=tuple(files)))


async def _standing(desk: Desk, inbound: Inbound) -> Received | None:
    """What became of this very message (same id, same content) when it came before.

    The id alone would not do: the same id with other content is filed too, and needs its files.
    """
    if inbound.message_id not in await desk.known([inbound.message_id]):
        return None
    for message in await desk.history(inbound.sender.identities[0]):
        if message.id == inbound.message_id and message.content_hash == inbound.content_hash:
            return Received(message.id, message.conversation, duplicate=True)
    return None

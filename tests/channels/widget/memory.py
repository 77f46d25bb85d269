"""A desk in memory: what a widget sees of a hub, with an agent's hands for tests. It is a `ports.Desk`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from hub.channels.widget.channel import WidgetChannel, routes
from hub.errors import HubError, Invalid, NotFound, Refused, Unavailable
from hub.model import (
    Actor,
    ActorKind,
    Attachment,
    ChannelRecord,
    Company,
    Delivery,
    Direction,
    IdentityKind,
    Inbound,
    Language,
    Message,
    Quarantined,
    Received,
)
from hub.ports import Channel, Desk

Hear = Callable[[Mapping[str, Any]], Awaitable[None]]
BEGIN = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
ANA = Actor(ActorKind.AGENT, "ana")
RULE = Actor(ActorKind.RULE, "r1")


class Ticks:
    """A clock that goes on by a millisecond each time it is read; ids are counted."""

    def __init__(self) -> None:
        self.at = BEGIN
        self.made = 0

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def new_id(self) -> str:
        self.made += 1
        return f"id{self.made:024}"

    def new_secret(self, bits: int = 256) -> str:
        self.made += 1
        return f"secret{self.made:026}"


class MemoryDesk:
    def __init__(self, record: ChannelRecord, company: Company) -> None:
        self.clock = Ticks()
        self.record = record
        self.company = company
        self.secrets: Sequence[str] = ()
        self.messages: dict[str, Message] = {}
        self.ears: dict[str, list[Hear]] = {}
        self.marks: list[tuple[str, str, str]] = []
        self.claims: list[tuple[str, str, Sequence[tuple[IdentityKind, str]]]] = []
        self.typed: list[tuple[str, bool]] = []
        self.seen: dict[str, datetime] = {}
        self.inbounds: list[Inbound] = []
        self.online = True
        self.is_busy = False
        self.trouble: HubError | None = None  # what the next message meets

    # --- what a channel sees

    async def receive(self, inbound: Inbound) -> Received:
        if self.trouble:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self.inbounds.append(inbound)
        if inbound.message_id in self.messages:
            return Received(inbound.message_id, "c1", duplicate=True)
        peer = inbound.sender.identities[0]
        self.messages[inbound.message_id] = self._message(
            inbound.message_id, peer, inbound.text, Direction.IN, Actor(ActorKind.CUSTOMER), inbound.external_id
        )
        return Received(inbound.message_id, "c1")

    async def history(self, peer: str, *, after: datetime | None = None, limit: int = 100) -> Sequence[Message]:
        if self.is_busy:
            raise Unavailable("unavailable", "The store is away.")
        mine = [each for each in self.messages.values() if each.peer == peer]
        return [each for each in mine if after is None or each.at > after][-limit:]

    async def mark(self, peer: str, message: str, state: str) -> None:
        self.marks.append((peer, message, state))
        for each in self.messages.values():
            if each.peer == peer and each.direction is Direction.OUT and each.seq <= self.messages[message].seq:
                self.messages[each.id] = replace(each, delivery=Delivery(state))

    async def claim(self, peer: str, name: str, claims: Sequence[tuple[IdentityKind, str]]) -> None:
        if not any(each.peer == peer for each in self.messages.values()):
            raise NotFound("not_found", "Nobody has written by this name.")
        self.claims.append((peer, name, claims))

    async def attended(self) -> bool:
        return self.online

    async def seen_by_us(self, peer: str) -> datetime | None:
        return self.seen.get(peer)

    async def typing(self, peer: str, on: bool) -> None:
        self.typed.append((peer, on))

    def listen(self, peer: str, told: Hear) -> Callable[[], None]:
        self.ears.setdefault(peer, []).append(told)
        return lambda: self.ears[peer].remove(told)

    async def agent_name(self, user: str) -> str:
        return user.title()

    def busy(self) -> bool:
        return self.is_busy

    async def quarantine(self, raw: bytes, why: str, external_id: str = "") -> str:
        raise Invalid("unused", "A widget keeps nothing it cannot read.")

    async def put_file(self, content: bytes, *, name: str, type: str) -> Attachment:
        raise Invalid("unused", "A widget carries no files yet.")

    async def known(self, ids: Iterable[str]) -> set[str]:
        return set(ids) & self.messages.keys()

    async def refusal(self, why: str) -> None:
        pass

    # --- an agent's hands

    async def answer(self, peer: str, text: str, name: str = "Ana Souza", author: Actor = ANA) -> Message:
        message = self._message(self.clock.new_id(), peer, text, Direction.OUT, author)
        message = self.messages[message.id] = replace(message, author_name=name, delivery=Delivery.SENT)
        await self.tell(peer, {"kind": "message", "message": message})
        return message

    async def read(self, peer: str) -> None:
        newest = [each for each in self.messages.values() if each.peer == peer and each.direction is Direction.IN][-1]
        self.seen[peer] = newest.at
        await self.tell(peer, {"kind": "seen", "message": newest.id})

    async def type(self, peer: str, on: bool, name: str = "Ana Souza") -> None:
        await self.tell(peer, {"kind": "typing", "agent": name, "on": on})

    async def tell(self, peer: str, note: Mapping[str, Any]) -> None:
        for told in tuple(self.ears.get(peer, ())):
            await told(note)

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.messages.values()]

    def _message(
        self, id: str, peer: str, text: str, direction: Direction, author: Actor, external_id: str = ""
    ) -> Message:
        return Message(
            id=id,
            conversation="c1",
            customer="k1",
            channel=self.record.id,
            seq=len(self.messages) + 1,
            direction=direction,
            author=author,
            at=self.clock.now(),
            peer=peer,
            text=text,
            external_id=external_id,
        )


class MemoryDesks:
    """The widgets of a test, by key."""

    def __init__(self) -> None:
        self.at_work: dict[str, tuple[MemoryDesk, WidgetChannel]] = {}

    async def open(self, key: str, *, language: Language = Language.PT_BR, **settings: Any) -> MemoryDesk:
        record = ChannelRecord(id=f"ch-{key}", kind="widget", name="Site", key=key, created_at=BEGIN, settings=settings)
        desk = MemoryDesk(record, Company("Loja Ipê", "America/Recife", language))
        channel = WidgetChannel()
        await channel.start(desk)
        self.at_work[key] = (desk, channel)
        return desk

    async def close(self, key: str) -> None:
        _, channel = self.at_work.pop(key)
        await channel.stop()

    def by_key(self, kind: str, key: str) -> Desk:
        return self._at(key)[0]

    def channel(self, kind: str, key: str) -> Channel:
        return self._at(key)[1]

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        raise Refused("unused", "A widget keeps nothing it cannot read.")

    def _at(self, key: str) -> tuple[MemoryDesk, WidgetChannel]:
        if key not in self.at_work:
            raise NotFound("not_found", "There is no such channel here.")
        return self.at_work[key]


def site(desks: MemoryDesks) -> web.Application:
    """The widget's routes and files, without the rest of the hub."""
    app = web.Application(middlewares=[_problems])
    app.add_routes(routes(desks))
    app.add_routes([web.static("/static", "hub/web/static")])
    return app


@web.middleware
async def _problems(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except NotFound as error:
        raise web.HTTPNotFound(text=error.code) from error
    except Refused as error:
        raise web.HTTPForbidden(text=error.code) from error
    return answer

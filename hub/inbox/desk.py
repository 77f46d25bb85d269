"""The desk: all that a channel sees of the hub; and the ring of desks, one for each channel that is switched on."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from hub.errors import NotFound
from hub.events import Kind
from hub.inbox.claim import claim, thread_of
from hub.inbox.house import House
from hub.inbox.mark import mark
from hub.inbox.quarantine import keep
from hub.inbox.receive import receive
from hub.model import (
    Attachment,
    Availability,
    ChannelRecord,
    Company,
    Delivery,
    Direction,
    IdentityKind,
    Inbound,
    Message,
    Quarantined,
    Received,
)
from hub.ports import Channel, Clock, Desk, Told
from hub.routing.hours import open_at

log = structlog.get_logger()

Note = Mapping[str, Any]
Hear = Callable[[Note], Awaitable[None]]


class HouseDesk:
    """Implements `ports.Desk` for one channel."""

    def __init__(self, house: House, record: ChannelRecord, hearing: "Hearing") -> None:
        self.clock: Clock = house.clock
        self.record = record
        self.secrets: Sequence[str] = [house.box.open(sealed) for sealed in record.secrets]
        self._house = house
        self._hearing = hearing

    @property
    def company(self) -> Company:
        return self._house.directory.company

    def busy(self) -> bool:
        return self._house.filing.busy()

    async def receive(self, inbound: Inbound) -> Received:
        return await receive(self._house, inbound)

    async def quarantine(self, raw: bytes, why: str, external_id: str = "") -> str:
        return await keep(self._house, self.record.id, raw, why, external_id)

    async def put_file(self, content: bytes, *, name: str, type: str) -> Attachment:
        return await self._house.files.put(content, name=name, type=type)

    async def known(self, ids: Iterable[str]) -> set[str]:
        return await self._house.reader.known(ids)

    async def refusal(self, why: str) -> None:
        await self._house.presence.note_refusal(self.record.id, why)

    async def history(self, peer: str, *, after: datetime | None = None, limit: int = 100) -> Sequence[Message]:
        return await self._house.reader.history(peer, after=after, limit=limit)

    async def mark(self, peer: str, message: str, state: str) -> None:
        await mark(self._house, peer, message, Delivery(state))

    async def claim(self, peer: str, name: str, claims: Sequence[tuple[IdentityKind, str]]) -> None:
        await claim(self._house, self.record.id, peer, name, claims)

    async def attended(self) -> bool:
        book = self._house.directory.book
        return open_at(book.hours.get(book.routing.hours or ""), self.clock.now()) and any(
            agent.availability is Availability.AVAILABLE and self._house.directory.works_here(agent.id)
            for agent in self._house.directory.agents.values()
        )

    async def seen_by_us(self, peer: str) -> datetime | None:
        thread = await self._house.reader.thread(thread_of(self.record.id, peer))
        conversation = await self._house.reader.conversation(thread.conversation) if thread else None
        upto = max(conversation.seen.values(), default=0) if conversation else 0
        if not conversation or not upto:
            return None
        messages = await self._house.reader.messages(conversation.id, before=upto + 1, limit=20)
        return next((each.at for each in reversed(messages) if each.direction is Direction.IN), None)

    async def typing(self, peer: str, on: bool) -> None:
        thread = await self._house.reader.thread(thread_of(self.record.id, peer))
        conversation = await self._house.reader.conversation(thread.conversation) if thread else None
        if conversation:
            who = {"kind": "customer", "id": conversation.customer, "name": conversation.customer_name}
            await self._house.presence.tell({"kind": "typing", "conversation": conversation.id, "who": who, "on": on})

    def listen(self, peer: str, told: Hear) -> Callable[[], None]:
        return self._hearing.add(peer, told)

    async def agent_name(self, user: str) -> str:
        return self._house.directory.name_of(user)


@dataclass(slots=True)
class Hearing:
    """Who listens for which visitor, in this process."""

    _by_peer: dict[str, list[Hear]] = field(default_factory=dict)

    def add(self, peer: str, told: Hear) -> Callable[[], None]:
        self._by_peer.setdefault(peer, []).append(told)

        def end() -> None:
            ears = self._by_peer.get(peer, [])
            if told in ears:
                ears.remove(told)
            if not ears:
                self._by_peer.pop(peer, None)

        return end

    def __bool__(self) -> bool:
        return bool(self._by_peer)

    async def tell(self, peer: str, note: Note) -> None:
        for told in tuple(self._by_peer.get(peer, ())):
            try:
                await told(note)
            except Exception:  # one visitor's socket must not keep the news from the others
                log.exception("visitor not told", kind=note["kind"])

    async def tell_all(self, note: Note) -> None:
        for peer in tuple(self._by_peer):
            await self.tell(peer, note)


@dataclass(slots=True)
class HouseDesks:
    """Implements `ports.Desks`. Follows the channels' changes by the feed, and tells visitors what concerns them."""

    _desks: dict[tuple[str, str], tuple[HouseDesk, Channel]] = field(default_factory=dict)
    _hearing: Hearing = field(default_factory=Hearing)
    _house: House | None = None

    async def start(self, house: House) -> None:
        self._house = house
        house.feed.listen(self._told, self._lost)
        house.presence.listen(self._noted)
        await self._open()

    async def stop(self) -> None:
        for _, channel in self._desks.values():
            await channel.stop()
        self._desks.clear()

    def by_key(self, kind: str, key: str) -> Desk:
        return self._at(kind, key)[0]

    def channel(self, kind: str, key: str) -> Channel:
        return self._at(kind, key)[1]

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        for desk, channel in self._desks.values():
            if desk.record.id == kept.channel:
                return await channel.read_again(kept, raw)
        raise NotFound("not_found", "Its channel is switched off. Switch it on, then try again.")

    def _at(self, kind: str, key: str) -> tuple[HouseDesk, Channel]:
        found = self._desks.get((kind, key))
        if found is None:
            raise NotFound("not_found", "There is no such channel here, or it is switched off.")
        return found

    async def _open(self) -> None:
        """Brings what runs in line with the records: a changed channel is closed and opened anew."""
        assert self._house
        wanted = {
            (record.kind, record.key): record
            for record in await self._house.reader.channels()
            if record.enabled and record.kind in self._house.kinds
        }
        for at, (desk, channel) in tuple(self._desks.items()):
            if wanted.get(at) != desk.record:
                del self._desks[at]
                await channel.stop()
        for at, record in wanted.items():
            if at not in self._desks:
                await self._open_one(at, record)

    async def _open_one(self, at: tuple[str, str], record: ChannelRecord) -> None:
        assert self._house
        try:
            desk, channel = HouseDesk(self._house, record, self._hearing), self._house.kinds[record.kind].make()
            await channel.start(desk)
        except Exception:  # one channel that cannot start must not keep the others closed
            log.exception("channel does not start", channel=record.id)
            return
        self._desks[at] = desk, channel

    # --- what concerns visitors

    async def _told(self, told: Sequence[Told]) -> None:
        if any(each.event.kind is Kind.CHANNEL_CHANGED for each in told):
            await self._open()
        if self._hearing:
            await self._tell_visitors(told)

    async def _tell_visitors(self, told: Sequence[Told]) -> None:
        """Sent replies, and what an agent has seen. Events name messages; their peers are asked for at once."""
        assert self._house
        news = [(kind, each.event.data["message"]) for each in told if (kind := _news(each))]
        if not news:
            return
        messages = await self._house.reader.messages_by_id(id for _, id in news)
        for kind, id in news:
            message = messages.get(id)
            if message and kind == "message":
                await self._hearing.tell(message.peer, {"kind": "message", "message": message})
            elif message:
                await self._hearing.tell(message.peer, {"kind": "seen", "message": message.id})

    async def _lost(self) -> None:
        await self._open()
        await self._hearing.tell_all({"kind": "lost"})

    async def _noted(self, note: Note) -> None:
        if note.get("kind") == "typing" and note.get("who", {}).get("kind") == "agent":
            for peer in note.get("to", ()):
                await self._hearing.tell(peer, {"kind": "typing", "agent": note["who"]["name"], "on": note["on"]})


def _news(told: Told) -> str | None:
    event = told.event
    if event.kind is Kind.MESSAGE_STATE and event.data["state"] == Delivery.SENT:
        return "message"
    if event.kind is Kind.CONVERSATION_SEEN and "message" in event.data:
        return "seen"
    return None

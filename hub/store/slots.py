"""Whether agents' slots equal the live conversations by assignee, and their offers those that are open; and how to
make them so again. Every change keeps it so: this is for `hub doctor`, and for what older versions have left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern

from hub.model import Agent, Conversation, Routing, Slot, Status, Turn
from hub.routing.capacity import slot_of, weight_of
from hub.store.database import DURABLE, Database
from hub.store.records import from_document, to_document

_LIVE = {"$in": [Status.OPEN.value, Status.SNOOZED.value]}
_SNAPSHOT = ReadConcern("snapshot")


@dataclass(frozen=True, slots=True)
class Held:
    """What the conversations say of one agent: theirs by id, and what is offered to them."""

    agent: Agent
    theirs: Mapping[str, Conversation] = field(default_factory=dict)
    offered: Mapping[str, Conversation] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        return _same(self.agent.slots, self.theirs, _fits) and _same(self.agent.offers, self.offered, _fits_offer)


async def wrong_slots(database: Database) -> Sequence[Agent]:
    """The agents whose slots or offers are other than their conversations, all seen at one moment."""
    async with database.reading(), database.client.start_session() as session:
        await session.start_transaction(read_concern=_SNAPSHOT)
        agents = [from_document(Agent, each) async for each in database.of(Agent).find({}, session=session)]
        held = await _held(database, agents, {"status": _LIVE}, session)
        await session.abort_transaction()
    return [each.agent for each in held if not each.fits]


async def mend_slots(database: Database) -> Sequence[Agent]:
    """Makes the slots anew where they are wrong; gives whose they were. May run beside hubs at work."""
    async with database.reading():
        now = (await database.raw.command("hello"))["localTime"].replace(tzinfo=UTC)
        agents = [from_document(Agent, each) async for each in database.of(Agent).find({})]
        mended = [await _mend(database, agent.id, now) for agent in agents]
    return [agent for agent in mended if agent]


async def _mend(database: Database, agent: str, now: datetime) -> Agent | None:
    """Whoever gives them something at the same moment writes the same agent: one of the two tries again."""

    async def mend(session: AsyncClientSession) -> Agent | None:
        document = await database.of(Agent).find_one({"_id": agent}, session=session)
        found = [from_document(Agent, document)] if document else []
        settings = await database.of(Routing).find_one({"_id": "routing"}, session=session)
        mine = {"status": _LIVE, "$or": [{"assignee": agent}, {"assignee": None, "offer.agent": agent}]}
        for held in await _held(database, found, mine, session):
            if not held.fits:
                right = mended(held, from_document(Routing, settings) if settings else Routing(), now)
                parts = to_document(right)
                slots = {"slots": parts.get("slots", []), "offers": parts.get("offers", [])}
                await database.of(Agent).update_one({"_id": agent}, {"$set": slots}, session=session)
                return right
        return None

    async with database.client.start_session() as session:
        return await session.with_transaction(mend, read_concern=_SNAPSHOT, write_concern=DURABLE)


def mended(held: Held, settings: Routing, now: datetime) -> Agent:
    """The agent with the slots that their conversations make; what is right stays as it is."""
    before = {slot.conversation: slot for slot in held.agent.slots}
    slots = (
        slot if (slot := before.get(each.id)) and _fits(slot, each) else slot_of(each, settings, now)
        for each in held.theirs.values()
    )
    offers = (_offer_of(each, settings) for each in held.offered.values())
    return replace(held.agent, slots=tuple(slots), offers=tuple(offers))


def _offer_of(conversation: Conversation, settings: Routing) -> Slot:
    assert conversation.offer
    weight = weight_of(conversation, settings)
    return Slot(conversation.id, weight, conversation.channel, conversation.channel_kind, conversation.offer.until)


async def _held(
    database: Database, agents: Iterable[Agent], query: Mapping[str, Any], session: AsyncClientSession
) -> Sequence[Held]:
    theirs: dict[str, dict[str, Conversation]] = {}
    offered: dict[str, dict[str, Conversation]] = {}
    async for document in database.of(Conversation).find(query, session=session):
        each = from_document(Conversation, document)
        if each.assignee:
            theirs.setdefault(each.assignee, {})[each.id] = each
        if each.offer:
            offered.setdefault(each.offer.agent, {})[each.id] = each
    return [Held(agent, theirs.get(agent.id, {}), offered.get(agent.id, {})) for agent in agents]


def _same(slots: Sequence[Slot], conversations: Mapping[str, Conversation], fits: Any) -> bool:
    return (
        len(slots) == len(conversations)
        and {slot.conversation for slot in slots} == set(conversations)
        and all(fits(slot, conversations[slot.conversation]) for slot in slots)
    )


def _fits(slot: Slot, conversation: Conversation) -> bool:
    """By whose turn it is. A weight that no rule gave was the company's at that time, which may say another now."""
    ours = conversation.turn is Turn.US and conversation.status is Status.OPEN
    weighs = conversation.needs is None or slot.weight == conversation.needs.weight
    at = (slot.channel, slot.kind) == (conversation.channel, conversation.channel_kind)
    return weighs and at and (slot.until is None) == ours


def _fits_offer(slot: Slot, conversation: Conversation) -> bool:
    return conversation.offer is not None and slot.until == conversation.offer.until

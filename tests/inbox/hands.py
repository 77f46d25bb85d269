"""What the tests of conversations that change hands have in common."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hub.clock import SystemClock
from hub.events import Kind
from hub.inbox.give import Plan
from hub.inbox.receive import Receive
from hub.inbox.reply import Reply
from hub.model import Agent, Availability, Conversation, Message, Needs, Person
from hub.ports import Ref, Sheet
from hub.routing.decision import Decision, Outcome, Why
from hub.store.database import Database
from hub.store.records import from_document
from hub.store.slots import wrong_slots
from tests.cast import ANA, Shelf, inbound


@dataclass(frozen=True)
class Change:
    """Of what is stored, behind everybody's back: `kind` and `id`, and the fields that are to be other."""

    kind: type
    id: str
    fields: dict[str, Any]

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(self.kind, self.id)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(replace(sheet.get(self.kind, self.id) or self.kind(id=self.id), **self.fields))


@dataclass
class Ahead(SystemClock):
    """The real clock, so much later."""

    by: timedelta

    def now(self) -> datetime:
        return super().now() + self.by


def go_on(store: Shelf, seconds: float) -> None:
    """So much time passes, for whatever is filed from here on."""
    store.filing.clock = Ahead(store.filing.clock.now() - SystemClock().now() + timedelta(seconds=seconds))


async def message(store: Shelf, text: str = "Oi!", **given: Any) -> str:
    """A customer writes; gives the conversation's id."""
    return (await store.filing.submit(Receive(inbound(text, **given)))).conversation


async def set_agent(store: Shelf, person: Person, **fields: Any) -> None:
    await store.filing.submit(Change(Agent, person.id, fields))


async def away(store: Shelf, person: Person) -> None:
    await set_agent(store, person, availability=Availability.AWAY, since=store.filing.clock.now())


async def conversation_of(store: Shelf, id: str) -> Conversation:
    found = await store.reader.conversation(id)
    assert found
    return found


async def agent_of(store: Shelf, person: Person) -> Agent:
    (found,) = await store.reader.agents([person.id])
    return found


async def answer(store: Shelf, id: str, by: Person = ANA, *, resolve: bool = False, name: str = "r1") -> Message:
    now = await conversation_of(store, id)
    return await store.filing.submit(Reply(by, id, name, "Bom dia!", now.last_out_seq, timedelta(seconds=5), resolve))


async def events(store: Shelf, kind: Kind) -> list[dict[str, Any]]:
    """What was told of this kind, oldest first."""
    found = await store.database["events"].find({"kind": kind.value}).sort([("at", 1), ("_id", 1)]).to_list()
    return [each.get("data", {}) for each in found]


async def plan(store: Shelf, id: str, to: Person | None = ANA, why: Why | None = None, **given: Any) -> Plan:
    """What an engine that has just looked would do."""
    now = await conversation_of(store, id)
    decision = Decision(
        Outcome.ASSIGNED if to else Outcome.NOBODY,
        why or (Why.MOST_ROOM if to else Why.NOBODY_HERE),
        to.id if to else None,
        needs=given.pop("needs", Needs(weight=2)),
        lacks=given.pop("lacks", ()),
    )
    looked_at = store.filing.clock.now() + timedelta(minutes=1)  # however busy this machine is, it is not stale
    return Plan(id, now.version, now.seq, given.pop("revision", 0), decision, looked_at, **given)


async def slots_are_right(database: Database) -> None:
    """Invariant I8."""
    assert await wrong_slots(database) == []


async def stored(store: Shelf, kind: type, id: str) -> Any:
    document = await store.database.of(kind).find_one({"_id": id})
    return document and from_document(kind, document)

"""The checker of histories, checked: a day at the desk is clean, and every bug that is planted is named.

That ties are not broken by chance only the pure core can show (`test_machine.py`); that a team is read after the rules
have said which, a scenario (`test_scenarios.py`).
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from hub.events import Kind
from hub.inbox.assign import UNSET, Assign
from hub.inbox.give import Expire, Give, LetWait, MakeOffer, Plan, Rescue
from hub.inbox.hand_over import holders, wanted, with_slot
from hub.inbox.offer import Accept, Decline
from hub.inbox.reply import Withdraw
from hub.inbox.resolve import Resolve
from hub.inbox.users import ChangeUser
from hub.model import Agent, Availability, Conversation, Needs, Person, Slot
from hub.ports import Ref, Sheet
from hub.store.records import COLLECTIONS
from hub.store.sheet import GroupSheet
from tests.cast import ADMIN, ANA, BRUNO, CARLA, Hire, Shelf, shelf
from tests.inbox.hands import answer, conversation_of, go_on, message, plan, set_agent
from tests.routing.company import opened
from tests.routing.history.checker import Checker
from tests.routing.history.moment import Moment
from tests.routing.history.storm import Watching, left_waiting, watched

CHAT = Needs(weight=2)


@dataclass(frozen=True, slots=True)
class Watched:
    """A shelf of which every commit is checked."""

    store: Shelf
    checker: Checker
    watching: Watching

    async def faults(self) -> list[str]:
        """Of all that was committed until now: by which rule."""
        await self.watching.all_seen()
        return [fault.partition(":")[0] for fault in self.checker.faults]

    async def waits(self, visitor: str, **needs: Any) -> str:
        """Somebody writes, and nobody can have it now."""
        id = await message(self.store, visitor=visitor)
        await self.file(LetWait(await plan(self.store, id, None, needs=replace(CHAT, **needs))))
        return id

    async def plan(self, id: str, to: Person = ANA, cause: str | None = None, **needs: Any) -> Plan:
        return await plan(self.store, id, to, needs=replace(CHAT, **needs), cause=cause)

    async def file(self, change: Any) -> Any:
        return await self.store.filing.submit(change)

    async def given(self, visitor: str, to: Person = ANA, **needs: Any) -> str:
        """Somebody writes, and routing gives it to this agent."""
        id = await message(self.store, visitor=visitor)
        await self.file(Give(await self.plan(id, to, **needs)))
        return id


@pytest.fixture(scope="module")
async def shelf_all_day(mongo: AsyncMongoClient, mongo_url: str) -> AsyncIterator[Shelf]:
    name = f"test_{os.getpid()}_history"
    async with shelf(mongo_url, name) as made:
        yield made
    await mongo.drop_database(name)


@pytest.fixture
async def day(mongo: AsyncMongoClient, shelf_all_day: Shelf) -> AsyncIterator[Watched]:
    store = await emptied(shelf_all_day)
    checker = Checker()
    async with watched(mongo, store.database.name, checker) as watching:
        await store.filing.submit(Hire())
        yield Watched(store, checker, watching)


async def emptied(store: Shelf) -> Shelf:
    store.filing.clock = store.clock
    for name in set(COLLECTIONS.values()):
        await store.database[name].delete_many({})
    return store


# --- what is right is left alone


async def test_a_day_at_the_desk_is_clean(day: Watched) -> None:
    mine = await day.given("a")
    await answer(day.store, mine)
    await message(day.store, "E mais uma coisa", visitor="a")
    await day.file(Assign(CARLA, mine, "bruno", "ana"))
    await day.file(Resolve(BRUNO, mine))
    await message(day.store, "Voltei", visitor="a")
    await day.file(Assign(CARLA, mine, None, UNSET))
    await day.file(Give(await day.plan(mine, ANA, "another cause")))
    taken = await message(day.store, visitor="b")
    await answer(day.store, taken, name="hasty")
    await day.file(Withdraw(ANA, taken, "hasty"))
    await day.file(Assign(ADMIN, taken, "carla", None))
    assert await day.faults() == []
    assert (day.checker.assigned, day.checker.by_hand) == (2, 3)


async def test_offers_and_absences_are_clean(day: Watched) -> None:
    id = await day.waits("a")
    await day.file(MakeOffer(await day.plan(id, ANA), 30))
    await day.file(Decline(ANA, id))
    await day.file(MakeOffer(await day.plan(id, BRUNO), 30))
    go_on(day.store, 60)
    assert await day.file(Expire(id))
    await day.file(MakeOffer(await day.plan(id, CARLA), 30))
    await day.file(Accept(CARLA, id))
    left = await day.given("b", BRUNO)
    await set_agent(day.store, BRUNO, availability=Availability.AWAY, since=day.store.filing.clock.now())
    go_on(day.store, 600)
    assert await day.file(Rescue(left, "bruno", 300))
    await day.file(Give(await day.plan(left)))
    await day.file(ChangeUser("ana", {"disabled": True}, frozenset({"admin"})))
    assert await day.faults() == []
    assert (day.checker.offered, day.checker.assigned) == (3, 3)
    assert (await conversation_of(day.store, left)).assignee is None


async def test_several_in_one_transaction_are_clean_and_are_seen_as_they_are_stored(day: Watched) -> None:
    ids = await asyncio.gather(*(message(day.store, visitor=visitor) for visitor in "abc"))
    plans = [await day.plan(ids[0]), await day.plan(ids[1], BRUNO)]
    await asyncio.gather(*(day.file(Give(each)) for each in plans), day.file(Assign(CARLA, ids[2], "ana", None)))
    await asyncio.gather(day.file(Resolve(ANA, ids[0])), answer(day.store, ids[1], BRUNO), message(day.store))
    assert await day.faults() == []
    assert day.checker.conversations == {
        each: await conversation_of(day.store, each) for each in day.checker.conversations
    }
    assert day.checker.agents == {agent.id: agent for agent in await day.store.reader.agents()}
    assert len(day.checker.conversations) == 4


async def test_what_is_committed_together_is_one_moment(mongo: AsyncMongoClient, shelf_all_day: Shelf) -> None:
    store, kept = await emptied(shelf_all_day), Kept()
    async with watched(mongo, store.database.name, kept) as watching:  # type: ignore[arg-type]
        await store.filing.submit(Hire())
        await asyncio.gather(*(message(store, visitor=visitor) for visitor in "abc"))
        await watching.all_seen()
    hired, written = kept.moments
    assert len(hired.written) == 4
    assert [collection for collection, _ in written.written] == ["conversations"] * 3
    assert len([event for event in written.events if event.kind is Kind.MESSAGE_RECEIVED]) == 3


class Kept:
    """Instead of a checker."""

    def __init__(self) -> None:
        self.moments: list[Moment] = []

    def take(self, moment: Moment) -> None:
        self.moments.append(moment)


# --- I1 and I8: the records and what is told of them agree


async def test_an_assignment_that_is_not_told_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    tell = GroupSheet.tell
    monkeypatch.setattr(
        GroupSheet,
        "tell",
        lambda sheet, kind, **said: "" if kind is Kind.CONVERSATION_ASSIGNED else tell(sheet, kind, **said),
    )
    await day.given("a")
    assert await day.faults() == ["I1"]


async def test_an_assignment_that_is_told_and_not_done_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    put = GroupSheet.put
    monkeypatch.setattr(
        GroupSheet,
        "put",
        lambda sheet, record: None if isinstance(record, Conversation) and record.assignee else put(sheet, record),
    )
    await day.given("a")
    assert "I1" in await day.faults()


@pytest.mark.parametrize("module", ["hub.inbox.resolve", "hub.inbox.hand_over"])
async def test_a_slot_that_is_not_released_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    id = await day.given("a")
    monkeypatch.setattr(f"{module}.let_go", lambda sheet, conversation: None)
    await day.file(Assign(CARLA, id, "bruno", "ana") if module.endswith("hand_over") else Resolve(ANA, id))
    assert set(await day.faults()) == {"I8"}


async def test_a_slot_that_is_not_weighed_anew_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await day.given("a")
    monkeypatch.setattr("hub.inbox.reply.weigh", lambda sheet, conversation: None)
    await answer(day.store, id)
    assert await day.faults() == ["I8"]


async def test_an_offer_that_is_over_and_keeps_its_room_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await message(day.store)
    await day.file(MakeOffer(await day.plan(id), 30))
    monkeypatch.setattr("hub.inbox.give.let_go", lambda sheet, conversation: None)
    await day.file(Decline(ANA, id))
    assert await day.faults() == ["I8"]


async def test_an_offer_for_which_no_room_is_kept_is_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.inbox.give.with_slot", lambda slots, slot: slots)
    await day.file(MakeOffer(await day.plan(await message(day.store)), 30))
    assert await day.faults() == ["I8"]


@dataclass(frozen=True, slots=True)
class SlotAlone:
    """The first half of a claim in two writes."""

    conversation: str
    agent: str

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Agent, self.agent)]

    def decide(self, sheet: Sheet) -> None:
        agent = sheet.get(Agent, self.agent)
        assert agent
        slot = Slot(self.conversation, 2, "chat", "widget")
        sheet.put(replace(agent, slots=with_slot(agent.slots, slot)))


async def test_a_claim_in_two_writes_is_named_though_it_ends_well(
    day: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await message(day.store)
    await day.file(SlotAlone(id, "ana"))
    await day.file(Give(await day.plan(id)))
    assert await day.faults() == ["I8"]
    monkeypatch.setattr("hub.inbox.hand_over.hold", lambda sheet, conversation, routed: None)
    other = await day.given("b", BRUNO)
    await day.file(SlotAlone(other, "bruno"))
    assert await day.faults() == ["I8", "I8"]


# --- I2, I3, I4, I7: what routing may not do


def look_at_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard does not look whether the agent still can."""
    monkeypatch.setattr(
        "hub.inbox.give._who_still_can", lambda sheet, decision, conversation: sheet.get(Agent, decision.agent)
    )


def take_what_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard does not look whether the conversation is as it was, and whoever has it loses it."""

    def wants(change: Give | MakeOffer, sheet: Sheet) -> Iterator[Ref]:
        yield Ref(Conversation, change.plan.conversation)
        yield from wanted(change.plan.decision.agent)
        yield from holders(sheet.get(Conversation, change.plan.conversation))

    monkeypatch.setattr("hub.inbox.give._as_decided", lambda sheet, plan: sheet.get(Conversation, plan.conversation))
    for change in (Give, MakeOffer):
        monkeypatch.setattr(change, "wants", wants)


@pytest.mark.parametrize("together", [False, True], ids=["one after the other", "in one transaction"])
@pytest.mark.parametrize("make", [Give, lambda made: MakeOffer(made, 30)], ids=["given", "offered"])
@pytest.mark.parametrize("limit", [{"capacity": 3}, {"caps": {"widget": 3}}], ids=["capacity", "cap"])
async def test_two_claims_on_the_last_room_are_named(
    day: Watched,
    monkeypatch: pytest.MonkeyPatch,
    limit: dict[str, Any],
    make: Callable[[Plan], Any],
    together: bool,
) -> None:
    look_at_nothing(monkeypatch)
    await set_agent(day.store, ANA, **limit)
    first, second = [make(await day.plan(await message(day.store, visitor=visitor))) for visitor in "ab"]
    if together:
        await asyncio.gather(day.file(first), day.file(second))
    else:
        await day.file(first)
        await day.file(second)
    assert await day.faults() == ["I2"]


@pytest.mark.parametrize(
    "change", [{"skills": {"billing": 1}}, {"availability": Availability.BUSY}, {"teams": ("billing",)}], ids=str
)
async def test_who_cannot_have_it_any_more_is_named(
    day: Watched, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    look_at_nothing(monkeypatch)
    await set_agent(day.store, ANA, skills={"billing": 2}, teams=("sales",))
    decided = await day.plan(await message(day.store), require={"billing": 2}, teams=("sales",))
    await set_agent(day.store, ANA, **change)
    await day.file(Give(decided))
    assert await day.faults() == ["I3"]


@pytest.mark.parametrize("needs", [{}, {"agent": "ana"}], ids=["any agent", "the customer's agent"])
@pytest.mark.parametrize("make", [Give, lambda made: MakeOffer(made, 30)], ids=["given", "offered"])
async def test_what_goes_over_the_head_of_a_person_is_named(
    day: Watched, monkeypatch: pytest.MonkeyPatch, make: Callable[[Plan], Any], needs: dict[str, Any]
) -> None:
    take_what_is_old(monkeypatch)
    id = await message(day.store)
    decided = await day.plan(id, **needs)
    await day.file(Assign(BRUNO, id, "bruno", None))
    await day.file(make(decided))
    assert "I4" in await day.faults()


async def test_two_engines_that_do_the_same_are_named(day: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    take_what_is_old(monkeypatch)
    id = await message(day.store)
    ours, theirs = await day.plan(id, ANA, "e1"), await day.plan(id, BRUNO, "e1")
    await asyncio.gather(day.file(Give(ours)), day.file(Give(theirs)))
    assert await day.faults() == ["I4", "I7"]


async def test_what_is_given_again_for_the_same_cause_is_named(day: Watched) -> None:
    id = await message(day.store)
    await day.file(Give(await day.plan(id, ANA, "e1")))
    await day.file(Assign(CARLA, id, None, "ana"))
    await day.file(Give(await day.plan(id, BRUNO, "e1")))
    assert await day.faults() == ["I7"]


# --- I6: no inversion among equals


async def test_who_is_passed_over_by_an_equal_who_came_later_is_named(day: Watched) -> None:
    await day.waits("a")
    later = await day.waits("b")
    go_on(day.store, 60)
    await day.file(Give(await day.plan(later)))
    assert await day.faults() == ["I6"]


async def test_who_is_passed_over_by_an_equal_of_less_priority_is_named(day: Watched) -> None:
    first = await day.waits("a")
    await day.waits("b", priority=8)
    go_on(day.store, 60)
    await day.file(Give(await day.plan(first)))
    assert await day.faults() == ["I6"]


@pytest.mark.parametrize(
    "needs", [{"require": {"billing": 2}}, {"teams": ("billing",)}, {"weight": 4}, {"agent": "bruno"}], ids=str
)
async def test_who_asks_for_something_else_may_be_passed_over(day: Watched, needs: dict[str, Any]) -> None:
    await day.waits("a", **needs)
    later = await day.waits("b")
    go_on(day.store, 60)
    await day.file(Give(await day.plan(later)))
    assert await day.faults() == []


async def test_who_has_just_come_or_has_declined_may_be_passed_over(day: Watched) -> None:
    declined = await day.given("a")
    await day.file(Assign(CARLA, declined, None, "ana"))
    await day.file(LetWait(await plan(day.store, declined, None, needs=CHAT)))
    later = await day.waits("b")
    go_on(day.store, 60)
    await day.waits("c", priority=8)
    await day.file(Give(await day.plan(later)))
    assert await day.faults() == []


# --- I5: asked when all is quiet


async def test_who_is_left_waiting_though_somebody_could_have_them_is_named(
    mongo_url: str, redis_url: str, database_name: str
) -> None:
    async with opened(mongo_url, redis_url, database_name) as company:
        await company.writes()
        assert await left_waiting(company.house) == []
        await company.here("ana")
        (left,) = await left_waiting(company.house)
        assert "could go to ana" in left
        await company.change(Agent, "ana", capacity=1)
        assert await left_waiting(company.house) == []

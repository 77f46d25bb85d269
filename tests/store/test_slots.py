"""Slots that are not equal to the conversations are found, and made anew; an older database is brought to routing."""

import asyncio
from datetime import timedelta

import pytest

from hub.inbox.assign import UNSET, Assign
from hub.inbox.give import MakeOffer
from hub.model import Agent, Availability, Role
from hub.store.checkup import wrong_slots as wrong_names
from hub.store.migrations import make_routable
from hub.store.slots import mend_slots, wrong_slots
from tests.cast import ANA, BRUNO, CARLA, Shelf, shelf
from tests.inbox.hands import agent_of, answer, conversation_of, message, plan, set_agent

OUR_TURN = {"weight": 2, "channel": "chat", "kind": "widget"}


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


@pytest.fixture
async def busy(store: Shelf) -> list[str]:
    """Three conversations of Ana: on our turn, answered, offered."""
    ids = [await message(store, visitor=f"v{n}") for n in range(3)]
    await store.filing.submit(Assign(ANA, ids[0], "ana", UNSET))
    await answer(store, ids[1])
    await store.filing.submit(MakeOffer(await plan(store, ids[2]), 300))
    return ids


async def spoil(store: Shelf, **fields) -> None:
    await store.database.of(Agent).update_one({"_id": "ana"}, {"$set": fields})


async def test_what_the_changes_have_written_is_right(store: Shelf, busy: list[str]) -> None:
    assert await wrong_slots(store.database) == []
    assert await mend_slots(store.database) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"slots": []},
        {"offers": []},
        {"slots.0.weight": 0, "slots.1.weight": 0},
        {"slots.0.until": timedelta(0), "slots.1.until": timedelta(0)},
        {"slots.0.kind": "email"},
        {"slots.2": {"conversation": "gone", **OUR_TURN}},
        {"offers.0.until": timedelta(days=1)},
    ],
    ids=str,
)
async def test_whatever_is_wrong_is_found_and_mended(store: Shelf, busy: list[str], fields) -> None:
    await store.database["conversations"].update_one({"_id": busy[0]}, {"$set": {"needs": {"weight": 2}}})
    await store.database["conversations"].update_one({"_id": busy[1]}, {"$set": {"needs": {"weight": 2}}})
    right = await agent_of(store, ANA)
    now = store.clock.now()
    await spoil(store, **{name: now + v if isinstance(v, timedelta) else v for name, v in fields.items()})
    assert [agent.id for agent in await wrong_slots(store.database)] == ["ana"]
    assert [agent.id for agent in await mend_slots(store.database)] == ["ana"]
    assert await wrong_slots(store.database) == []
    mended = await agent_of(store, ANA)
    assert [slot.until is None for slot in sorted(mended.slots, key=lambda slot: busy.index(slot.conversation))] == [
        True,
        False,
    ]
    assert mended.offers == right.offers


async def test_they_are_mended_while_conversations_change_hands(store: Shelf, busy: list[str]) -> None:
    await spoil(store, slots=[])
    changes = [Assign(CARLA, id, person, UNSET) for person in ("ana", "bruno", "ana") for id in busy]
    await asyncio.gather(mend_slots(store.database), *map(store.filing.submit, changes), mend_slots(store.database))
    await mend_slots(store.database)
    assert await wrong_slots(store.database) == []


async def test_the_doctor_gets_the_names(store: Shelf, busy: list[str], mongo_url: str, database_name: str) -> None:
    await spoil(store, slots=[])
    assert await wrong_names(mongo_url, database_name, mend=False) == ["Ana Souza"]
    assert await wrong_names(mongo_url, database_name, mend=True) == ["Ana Souza"]
    assert await wrong_names(mongo_url, database_name, mend=False) == []


async def test_an_older_database_is_brought_to_routing_once_or_twice(store: Shelf, busy: list[str]) -> None:
    """As version 0.1 left it: slots without a kind, everybody with the same capacity, no time in the queue."""
    agents, conversations = store.database["agents"], store.database["conversations"]
    await agents.update_many({}, {"$unset": {"since": ""}})
    await conversations.update_one({"_id": busy[2]}, {"$unset": {"offer": ""}})
    await spoil(store, slots=[{"conversation": id, "weight": 1, "channel": "chat"} for id in busy[:2]], offers=[])
    await conversations.update_many({}, {"$unset": {"queued_at": ""}})
    await asyncio.gather(make_routable(store.database), make_routable(store.database))
    await make_routable(store.database)
    ana = await agent_of(store, ANA)
    assert {(slot.conversation, slot.kind, slot.until is None) for slot in ana.slots} == {
        (busy[0], "widget", True),
        (busy[1], "widget", False),
    }
    waiting = await conversation_of(store, busy[2])
    assert waiting.queued_at == waiting.first_queued_at
    assert {agent.id: agent.capacity for agent in await store.reader.agents()} == {
        "ana": 10,
        "bruno": 10,
        "carla": 0,
        "admin": 0,
    }
    assert CARLA.role is Role.SUPERVISOR


async def test_an_older_database_calls_nobody_available_who_has_not_been_seen(store: Shelf) -> None:
    """Version 0.1 called everybody available, those who may sign in no more too."""
    await store.database["agents"].update_many({}, {"$set": {"availability": "available"}, "$unset": {"since": ""}})
    await store.database["users"].update_one({"_id": "bruno"}, {"$set": {"disabled_at": store.clock.now()}})
    await make_routable(store.database)
    ana, bruno = await agent_of(store, ANA), await agent_of(store, BRUNO)
    assert (ana.availability, ana.returns_to) == (Availability.OFFLINE, Availability.AVAILABLE)
    assert (bruno.availability, bruno.returns_to) == (Availability.OFFLINE, None)
    await set_agent(store, ANA, availability=Availability.AVAILABLE)
    await make_routable(store.database)
    assert (await agent_of(store, ANA)).availability is Availability.AVAILABLE


async def test_an_older_wait_is_as_old_as_what_is_not_answered(store: Shelf) -> None:
    """Version 0.1 kept when a conversation first came in, whatever had been answered since."""
    ids = [await message(store, visitor=f"v{n}") for n in range(2)]
    now, week = store.clock.now(), timedelta(days=7)
    conversations = store.database["conversations"]
    await conversations.update_many({}, {"$set": {"first_queued_at": now - week}, "$unset": {"queued_at": ""}})
    await conversations.update_one({"_id": ids[0]}, {"$set": {"waiting_since": now}})
    await conversations.update_one({"_id": ids[1]}, {"$set": {"turn": "customer"}, "$unset": {"waiting_since": ""}})
    await make_routable(store.database)
    first, second = [await conversation_of(store, id) for id in ids]
    assert (first.first_queued_at, first.queued_at) == (now, now)
    assert second.first_queued_at == now - week


async def test_who_has_been_given_a_capacity_keeps_it(store: Shelf) -> None:
    await store.database["agents"].update_one({"_id": "carla"}, {"$set": {"capacity": 4}})
    await make_routable(store.database)
    assert (await agent_of(store, CARLA)).capacity == 4

"""An offer is accepted or declined by the one who has it, while it stands."""

import asyncio

import pytest

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.assign import UNSET, Assign
from hub.inbox.give import Expire, Give, MakeOffer
from hub.inbox.offer import Accept, Decline
from hub.inbox.users import ChangeUser
from hub.model import Availability
from tests.cast import ANA, BRUNO, Shelf
from tests.inbox.hands import agent_of, conversation_of, events, go_on, message, plan, set_agent


@pytest.fixture
async def offered(store: Shelf) -> str:
    id = await message(store)
    await store.filing.submit(MakeOffer(await plan(store, id), 300))
    return id


async def gone(store: Shelf, change) -> None:
    with pytest.raises(Refused) as refused:
        await store.filing.submit(change)
    assert refused.value.code == "offer_gone"


async def test_who_accepts_has_it_with_the_decision_it_was_offered_by(store: Shelf, offered: str) -> None:
    taken = await store.filing.submit(Accept(ANA, offered))
    agent = await agent_of(store, ANA)
    assert (taken.assignee, taken.offer) == ("ana", None)
    assert ([slot.conversation for slot in agent.slots], agent.offers) == ([offered], ())
    (told,) = await events(store, Kind.CONVERSATION_ASSIGNED)
    assert told["decision"]["why"] == "most_room"
    found = await store.database["events"].find_one({"kind": "conversation.assigned"})
    assert (found["actor"], found["cause"]) == (
        {"kind": "agent", "_id": "ana"},
        (await store.database["events"].find_one({"kind": "conversation.offered"}))["_id"],
    )


async def test_accepting_twice_is_accepting_once(store: Shelf, offered: str) -> None:
    for _ in range(2):
        await store.filing.submit(Accept(ANA, offered))
    assert len(await events(store, Kind.CONVERSATION_ASSIGNED)) == 1


async def test_accepting_counts_once_for_the_flood_guard(store: Shelf, offered: str) -> None:
    await store.filing.submit(Accept(ANA, offered))
    assert len((await agent_of(store, ANA)).recent) == 1


async def test_who_declines_is_not_asked_again_and_the_next_one_gets_it_at_its_age(store: Shelf, offered: str) -> None:
    before = await conversation_of(store, offered)
    declined = await store.filing.submit(Decline(ANA, offered))
    assert (declined.declined, declined.offer, declined.first_queued_at) == (("ana",), None, before.first_queued_at)
    assert (await agent_of(store, ANA)).offers == ()
    assert await events(store, Kind.CONVERSATION_DECLINED) == [{"agent": "ana", "expired": False}]
    with pytest.raises(Refused):
        await store.filing.submit(Give(await plan(store, offered)))
    await store.filing.submit(Give(await plan(store, offered, BRUNO)))


@pytest.mark.parametrize("verb", [Accept, Decline])
async def test_what_is_offered_to_somebody_else_is_not_ones_own_to_answer(store: Shelf, offered: str, verb) -> None:
    await gone(store, verb(BRUNO, offered))


@pytest.mark.parametrize("verb", [Accept, Decline])
async def test_an_offer_that_has_run_out_is_over(store: Shelf, offered: str, verb) -> None:
    go_on(store, 301)
    await gone(store, verb(ANA, offered))
    await store.filing.submit(Expire(offered))
    await gone(store, verb(ANA, offered))


@pytest.mark.parametrize("verb", [Accept, Decline])
async def test_what_a_colleague_took_by_hand_is_over(store: Shelf, offered: str, verb) -> None:
    await store.filing.submit(Assign(BRUNO, offered, "bruno", UNSET))
    await gone(store, verb(ANA, offered))


async def test_it_stands_whatever_else_has_changed(store: Shelf, offered: str) -> None:
    await message(store, "Alô?")
    await set_agent(store, ANA, availability=Availability.BUSY, capacity=1, teams=())
    assert (await store.filing.submit(Accept(ANA, offered))).assignee == "ana"


async def test_who_may_sign_in_no_more_cannot_accept(store: Shelf, offered: str) -> None:
    await store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset()))
    await gone(store, Accept(ANA, offered))


async def test_accepting_as_it_runs_out_is_one_or_the_other(store: Shelf, offered: str) -> None:
    other = await message(store, visitor="v2")
    await store.filing.submit(MakeOffer(await plan(store, other), 300))
    answers = await asyncio.gather(
        *(store.filing.submit(each) for each in (Accept(ANA, offered), Decline(ANA, offered), Accept(ANA, other))),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Refused) for each in answers) == 1
    assert {slot.conversation for slot in (await agent_of(store, ANA)).slots} == {offered, other}

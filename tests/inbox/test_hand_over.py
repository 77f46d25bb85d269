"""However a conversation changes hands: its age, its slot's weight, and who goes first afterwards."""

import asyncio
from datetime import timedelta

import pytest

from hub.events import Kind
from hub.inbox.assign import UNSET, Assign
from hub.inbox.give import Expire, MakeOffer
from hub.inbox.receive import Receive
from hub.inbox.reply import Withdraw
from hub.inbox.resolve import Reopen, Resolve
from hub.inbox.users import AddUser, ChangeUser
from hub.model import Availability, Role, Slot, Turn, User
from tests.cast import ANA, BRUNO, CARLA, Shelf, inbound
from tests.inbox.hands import agent_of, answer, away, conversation_of, events, go_on, message, plan, set_agent


@pytest.fixture
async def waiting(store: Shelf) -> str:
    return await message(store)


async def slot_of(store: Shelf, person=ANA) -> Slot:
    (slot,) = (await agent_of(store, person)).slots
    return slot


async def test_on_our_turn_it_weighs_until_it_is_answered_a_chat_until_it_falls_idle(
    store: Shelf, waiting: str
) -> None:
    await store.filing.submit(Assign(ANA, waiting, "ana", UNSET))
    assert (await slot_of(store)).until is None
    reply = await answer(store, waiting)
    assert (await slot_of(store)).until == reply.at + timedelta(seconds=600)
    await message(store)
    assert (await slot_of(store)).until is None


async def test_a_mail_that_is_answered_weighs_nothing(store: Shelf) -> None:
    mail = await message(store, kind="email", channel="mail")
    reply = await answer(store, mail)
    slot = await slot_of(store)
    assert (slot.weight, slot.kind, slot.until) == (1, "email", reply.at)


async def test_a_second_answer_does_not_begin_the_idle_time_again(store: Shelf, waiting: str) -> None:
    first = await answer(store, waiting)
    go_on(store, 60)
    await answer(store, waiting, name="r2")
    assert (await slot_of(store)).until == first.at + timedelta(seconds=600)


@pytest.mark.parametrize("availability", [Availability.AVAILABLE, Availability.BUSY])
async def test_a_customer_comes_back_to_the_agent_who_is_here_even_beyond_their_room(
    store: Shelf, waiting: str, availability
) -> None:
    await answer(store, waiting)
    await set_agent(store, ANA, availability=availability, capacity=1)
    answered = await conversation_of(store, waiting)
    await message(store)
    now = await conversation_of(store, waiting)
    assert (now.assignee, now.turn) == ("ana", Turn.US)
    assert now.first_queued_at > answered.first_queued_at
    assert len(await events(store, Kind.CONVERSATION_ASSIGNED)) == 1


@pytest.mark.parametrize("availability", [Availability.AWAY, Availability.OFFLINE])
async def test_a_customer_comes_back_to_the_queue_when_their_agent_is_not_here(
    store: Shelf, waiting: str, availability
) -> None:
    await answer(store, waiting)
    await set_agent(store, ANA, availability=availability)
    go_on(store, 60)
    await message(store)
    now = await conversation_of(store, waiting)
    assert now.waiting
    assert (now.last_agent, now.assignee) == ("ana", None)
    assert now.first_queued_at == now.queued_at == now.last.at
    assert await events(store, Kind.CONVERSATION_RELEASED) == [{"from": "ana", "why": "away"}]


async def test_the_age_of_a_wait_survives_every_hand(store: Shelf, waiting: str) -> None:
    age = (await conversation_of(store, waiting)).first_queued_at
    for assignee in ("ana", None, "bruno", None):
        go_on(store, 5)
        await store.filing.submit(Assign(CARLA, waiting, assignee, UNSET))
    now = await conversation_of(store, waiting)
    assert now.first_queued_at == age < now.queued_at


async def test_who_puts_it_back_by_hand_does_not_get_it_again_until_somebody_has_had_it(
    store: Shelf, waiting: str
) -> None:
    await store.filing.submit(Assign(ANA, waiting, "ana", UNSET))
    put_back = await store.filing.submit(Assign(ANA, waiting, None, UNSET))
    assert put_back.declined == ("ana",)
    taken = await store.filing.submit(Assign(BRUNO, waiting, "bruno", UNSET))
    assert taken.declined == ()


async def test_taking_it_ends_an_offer_to_somebody_else(store: Shelf, waiting: str) -> None:
    await store.filing.submit(MakeOffer(await plan(store, waiting), 300))
    taken = await store.filing.submit(Assign(BRUNO, waiting, "bruno", UNSET))
    assert (taken.offer, (await agent_of(store, ANA)).offers) == (None, ())


@pytest.mark.parametrize("resolve", [False, True])
async def test_an_answer_by_somebody_else_ends_an_offer(store: Shelf, waiting: str, resolve: bool) -> None:
    await store.filing.submit(MakeOffer(await plan(store, waiting), 300))
    await answer(store, waiting, BRUNO, resolve=resolve)
    assert (await conversation_of(store, waiting)).offer is None
    assert (await agent_of(store, ANA)).offers == ()


async def test_resolving_ends_an_offer_and_forgets_who_declined(store: Shelf, waiting: str) -> None:
    await store.filing.submit(Assign(BRUNO, waiting, "bruno", UNSET))
    await store.filing.submit(Assign(BRUNO, waiting, None, UNSET))
    await store.filing.submit(MakeOffer(await plan(store, waiting), 300))
    done = await store.filing.submit(Resolve(BRUNO, waiting))
    assert (done.offer, done.declined, done.last_agent) == (None, (), "bruno")
    assert (await agent_of(store, ANA)).offers == ()


async def test_a_withdrawn_answer_leaves_no_trace_in_the_queue(store: Shelf, waiting: str) -> None:
    await store.filing.submit(Assign(BRUNO, waiting, "bruno", UNSET))
    await store.filing.submit(Assign(BRUNO, waiting, None, UNSET))
    await store.filing.submit(MakeOffer(await plan(store, waiting, CARLA), 2))
    go_on(store, 3)
    await store.filing.submit(Expire(waiting))
    before = await conversation_of(store, waiting)
    await answer(store, waiting)
    await store.filing.submit(Withdraw(ANA, waiting, "r1"))
    now = await conversation_of(store, waiting)
    for field in ("assignee", "turn", "first_queued_at", "queued_at", "declined", "missed", "last_agent"):
        assert getattr(now, field) == getattr(before, field), field
    assert now.waiting_since == before.waiting_since
    assert now.missed


async def test_a_withdrawn_answer_that_the_customer_has_answered_gives_the_wait_its_age_back(
    store: Shelf, waiting: str
) -> None:
    before = await store.filing.submit(Assign(ANA, waiting, "ana", UNSET))
    await answer(store, waiting)
    go_on(store, 3)
    await message(store)
    assert (await conversation_of(store, waiting)).first_queued_at > before.first_queued_at
    await store.filing.submit(Withdraw(ANA, waiting, "r1"))
    now = await conversation_of(store, waiting)
    assert (now.assignee, now.first_queued_at) == ("ana", before.first_queued_at)
    assert (await slot_of(store)).until is None


async def test_a_resolved_one_goes_on_with_its_agent_if_they_are_here(store: Shelf, waiting: str) -> None:
    await answer(store, waiting, resolve=True)
    await message(store)
    now = await conversation_of(store, waiting)
    assert (now.assignee, now.turn) == ("ana", Turn.US)
    assert (await slot_of(store)).until is None


async def test_a_resolved_one_whose_agent_is_away_goes_on_in_the_queue(store: Shelf, waiting: str) -> None:
    await answer(store, waiting, resolve=True)
    assigned_at = (await agent_of(store, ANA)).last_assigned_at
    await away(store, ANA)
    go_on(store, 60)
    await message(store)
    now, agent = await conversation_of(store, waiting), await agent_of(store, ANA)
    assert now.waiting
    assert (now.last_agent, agent.slots, agent.last_assigned_at) == ("ana", (), assigned_at)
    assert now.first_queued_at == now.queued_at == now.last.at


async def test_by_hand_it_is_opened_again_with_whoever_had_it(store: Shelf, waiting: str) -> None:
    await answer(store, waiting, resolve=True)
    await away(store, ANA)
    opened = await store.filing.submit(Reopen(CARLA, waiting))
    assert (opened.assignee, opened.waiting) == ("ana", False)


async def test_who_leaves_is_offline_and_what_they_hold_or_are_offered_goes_back(store: Shelf, waiting: str) -> None:
    other = await message(store, visitor="v2")
    await store.filing.submit(Assign(ANA, waiting, "ana", UNSET))
    await store.filing.submit(MakeOffer(await plan(store, other), 300))
    await store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset()))
    agent = await agent_of(store, ANA)
    assert (agent.availability, agent.slots, agent.offers) == (Availability.OFFLINE, (), ())
    assert (await conversation_of(store, other)).offer is None
    assert await events(store, Kind.CONVERSATION_RELEASED) == [{"from": "ana", "why": "left"}]
    assert await events(store, Kind.AGENT_CHANGED) == [
        {"agent": "ana", "fields": ["availability"], "availability": "offline"}
    ]


async def test_who_comes_back_to_work_waits_for_their_first_window(store: Shelf) -> None:
    for disabled in (True, False):
        await store.filing.submit(ChangeUser("ana", {"disabled": disabled}, frozenset()))
    agent = await agent_of(store, ANA)
    assert (agent.availability, agent.returns_to) == (Availability.OFFLINE, Availability.AVAILABLE)


@pytest.mark.parametrize(("role", "capacity"), [(Role.AGENT, 10), (Role.SUPERVISOR, 0), (Role.ADMIN, 0)])
async def test_who_is_new_waits_for_their_first_window_and_who_supervises_has_no_room(
    store: Shelf, role, capacity
) -> None:
    await store.filing.submit(AddUser(User("new", "new@ipe.example", "Nova", role, "!", store.clock.now())))
    (agent,) = await store.reader.agents(["new"])
    assert (agent.availability, agent.returns_to) == (Availability.OFFLINE, Availability.AVAILABLE)
    assert agent.capacity == capacity


async def test_a_new_role_leaves_the_capacity(store: Shelf) -> None:
    await store.filing.submit(ChangeUser("ana", {"role": "supervisor"}, frozenset()))
    assert (await agent_of(store, ANA)).capacity == 10


async def test_everybody_at_once_keeps_the_slots_right(store: Shelf) -> None:
    ids = [await message(store, visitor=f"v{n}") for n in range(6)]
    plans = [await plan(store, id) for id in ids]
    changes = [
        each
        for n, id in enumerate(ids)
        for each in (
            MakeOffer(plans[n], 300),
            Assign(BRUNO, id, ("ana", "bruno", None)[n % 3], UNSET),
            Resolve(CARLA, id) if n % 2 else Assign(CARLA, id, "carla", UNSET),
            Receive(inbound("E aí?", visitor=f"v{n}")),
        )
    ]
    leaves = ChangeUser("ana", {"disabled": True}, frozenset())
    done = await asyncio.gather(*map(store.filing.submit, [*changes, leaves]), return_exceptions=True)
    assert not any(isinstance(each, LookupError) for each in done)
    assert (await agent_of(store, ANA)).slots == ()


async def test_a_wait_that_is_nobodys_turns_into_the_queue_when_the_customer_writes(store: Shelf, waiting: str) -> None:
    await answer(store, waiting)
    await store.filing.submit(Assign(CARLA, waiting, None, UNSET))
    go_on(store, 60)
    await message(store)
    now = await conversation_of(store, waiting)
    assert now.waiting
    assert now.queued_at == now.first_queued_at == now.last.at


async def test_who_answers_without_being_an_agent_leaves_no_offer_behind(store: Shelf, waiting: str) -> None:
    await store.filing.submit(MakeOffer(await plan(store, waiting), 300))
    await store.database["agents"].delete_one({"_id": "carla"})
    await answer(store, waiting, CARLA)
    assert (await conversation_of(store, waiting)).offer is None
    assert (await agent_of(store, ANA)).offers == ()

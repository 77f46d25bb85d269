"""Routing gives, offers, lets wait and rescues; what was decided on another picture changes nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.assign import UNSET, Assign
from hub.inbox.give import STALE_S, Expire, Give, LetWait, MakeOffer, Plan, Rescue
from hub.inbox.receive import Receive
from hub.inbox.users import ChangeUser
from hub.model import Availability, Needs, Relax, Routing, Turn
from hub.routing.decision import Why
from hub.routing.needs import Answer
from hub.store.filing import GroupFiling
from tests.cast import ANA, BRUNO, CARLA, Shelf, inbound
from tests.inbox.hands import (
    Change,
    agent_of,
    answer,
    away,
    conversation_of,
    events,
    go_on,
    message,
    plan,
    set_agent,
)


@pytest.fixture
async def waiting(store: Shelf) -> str:
    return await message(store)


async def refused(store: Shelf, change) -> None:
    with pytest.raises(Refused) as refusal:
        await store.filing.submit(change)
    assert refusal.value.code == "stale"


async def test_it_gives_with_the_decision_what_the_rules_made_of_it_and_the_slot(store: Shelf, waiting: str) -> None:
    needs = Needs({"billing": 2}, teams=("sales", "vip"), weight=3, priority=7, rules=("r",))
    await set_agent(store, ANA, skills={"billing": 3})
    await store.filing.submit(
        Give(await plan(store, waiting, needs=needs, language="pt", cause="e1", tags=("invoice",)))
    )
    now, agent = await conversation_of(store, waiting), await agent_of(store, ANA)
    assert (now.assignee, now.team, now.language, now.tags, now.priority) == ("ana", "sales", "pt", ("invoice",), 7)
    assert now.needs == needs
    assert [(slot.conversation, slot.weight, slot.kind, slot.until) for slot in agent.slots] == [
        (waiting, 3, "widget", None)
    ]
    assert len(agent.recent) == 1
    (told,) = await events(store, Kind.CONVERSATION_ASSIGNED)
    assert (told["assignee"], told["decision"]["why"]) == ("ana", "most_room")
    assert (await store.database["events"].find_one({"kind": "conversation.assigned"}))["cause"] == "e1"


@pytest.mark.parametrize("one", [Give, LetWait, lambda made: MakeOffer(made, 300)], ids=["give", "wait", "offer"])
@pytest.mark.parametrize(
    "other",
    [
        lambda made: replace(made, version=made.version - 1),
        lambda made: replace(made, seq=made.seq - 1),
        lambda made: replace(made, revision=made.revision + 1),
        lambda made: replace(made, decided_at=made.decided_at - timedelta(seconds=60 + STALE_S + 0.1)),
        lambda made: replace(made, conversation="nobody's"),
    ],
    ids=["version", "seq", "revision", "age", "conversation"],
)
async def test_what_was_decided_on_another_picture_changes_nothing(store: Shelf, waiting: str, one, other) -> None:
    await refused(store, one(other(await plan(store, waiting))))
    assert (await conversation_of(store, waiting)).assignee is None


@pytest.mark.parametrize(
    "fields",
    [
        {"availability": Availability.AWAY},
        {"availability": Availability.BUSY},
        {"availability": Availability.OFFLINE},
        {"capacity": 1},
        {"caps": {"widget": 1}},
        {"teams": ()},
        {"skills": {"billing": 1}},
    ],
    ids=str,
)
async def test_an_agent_who_could_when_it_was_decided_and_cannot_now_gets_nothing(
    store: Shelf, waiting: str, fields
) -> None:
    await set_agent(store, ANA, skills={"billing": 2})
    made = await plan(store, waiting, needs=Needs({"billing": 2}, teams=("sales",), weight=2))
    await set_agent(store, ANA, **fields)
    await refused(store, Give(made))
    await refused(store, MakeOffer(made, 300))


async def test_who_declined_or_has_just_been_given_several_gets_nothing(store: Shelf, waiting: str) -> None:
    await store.filing.submit(Change(Routing, "routing", {"flood": 1}))
    now = store.clock.now()
    await set_agent(store, ANA, recent=(now,))
    await refused(store, Give(await plan(store, waiting)))
    await set_agent(store, ANA, recent=(now - timedelta(seconds=61),))
    await store.filing.submit(Assign(CARLA, waiting, "ana", UNSET))
    await store.filing.submit(Assign(CARLA, waiting, None, UNSET))
    await refused(store, Give(await plan(store, waiting)))


async def test_who_may_sign_in_no_more_gets_nothing(store: Shelf, waiting: str) -> None:
    made = await plan(store, waiting)
    await asyncio.gather(
        store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset())),
        refused(store, Give(made)),
    )
    await refused(store, Give(await plan(store, waiting)))


async def test_of_many_for_one_place_as_many_are_given_as_there_is_room(store: Shelf) -> None:
    conversations = [await message(store, visitor=f"v{n}") for n in range(8)]
    await store.filing.submit(Change(Routing, "routing", {"flood": 0}))
    plans = [await plan(store, each) for each in conversations]
    given = await asyncio.gather(*(store.filing.submit(Give(each)) for each in plans), return_exceptions=True)
    assert sum(isinstance(each, Refused) for each in given) == 3
    assert sum(slot.weight for slot in (await agent_of(store, ANA)).slots) == 10


async def test_two_engines_give_one_conversation_once(store: Shelf, waiting: str) -> None:
    other = GroupFiling(store.database, store.clock)
    await other.start()
    plans = [await plan(store, waiting, to) for to in (ANA, BRUNO)]
    filings = (store.filing, other)
    given = await asyncio.gather(
        *(filing.submit(Give(each)) for filing, each in zip(filings, plans, strict=True)), return_exceptions=True
    )
    await other.stop()
    assert sum(isinstance(each, Refused) for each in given) == 1
    assert len(await events(store, Kind.CONVERSATION_ASSIGNED)) == 1


async def test_a_person_who_takes_it_at_the_same_moment_wins_or_keeps_it(store: Shelf, waiting: str) -> None:
    give, take = Give(await plan(store, waiting)), Assign(BRUNO, waiting, "bruno", UNSET)
    await asyncio.gather(store.filing.submit(take), store.filing.submit(give), return_exceptions=True)
    assert (await conversation_of(store, waiting)).assignee == "bruno"


async def test_why_it_waits_is_told_once_and_again_when_it_changes(store: Shelf, waiting: str) -> None:
    needs = Needs({"billing": 2})
    for _ in range(3):
        await store.filing.submit(
            LetWait(await plan(store, waiting, None, Why.LACKS_SKILL, needs=needs, lacks=("billing:2",)))
        )
    now = await conversation_of(store, waiting)
    (told,) = await events(store, Kind.CONVERSATION_WAITS)
    assert now.waits
    assert (now.waits.why, now.waits.lacks, now.needs) == ("lacks_skill", ("billing:2",), needs)
    assert told["decision"]["lacks"] == ["billing:2"]
    await store.filing.submit(LetWait(await plan(store, waiting, None, Why.FULL, needs=needs)))
    relaxed = replace(needs, require={}, relax=(Relax(60, drop="billing"),))
    await store.filing.submit(LetWait(await plan(store, waiting, None, Why.FULL, needs=relaxed)))
    await store.filing.submit(LetWait(await plan(store, waiting, None, Why.FULL, needs=relaxed)))
    assert len(await events(store, Kind.CONVERSATION_WAITS)) == 3
    assert (await conversation_of(store, waiting)).version == now.version


async def test_waiting_writes_nothing_when_nothing_is_new(store: Shelf, waiting: str) -> None:
    await store.filing.submit(LetWait(await plan(store, waiting, None, language="pt")))
    before = await store.database["conversations"].find_one({"_id": waiting})
    await store.filing.submit(LetWait(await plan(store, waiting, None)))
    assert await store.database["conversations"].find_one({"_id": waiting}) == before


async def test_a_team_that_is_found_raises_the_version(store: Shelf, waiting: str) -> None:
    before = await conversation_of(store, waiting)
    now = await store.filing.submit(LetWait(await plan(store, waiting, None, needs=Needs(teams=("vip",)))))
    assert (now.team, now.version) == ("vip", before.version + 1)


async def test_an_offer_takes_room_and_runs_out_to_the_next_one(store: Shelf, waiting: str) -> None:
    made = await plan(store, waiting)
    age = (await conversation_of(store, waiting)).first_queued_at
    offered = await store.filing.submit(MakeOffer(made, 300))
    agent = await agent_of(store, ANA)
    assert offered.waiting
    assert [(slot.conversation, slot.weight, slot.until) for slot in agent.offers] == [
        (waiting, 2, offered.offer.until)
    ]
    assert len(agent.recent) == 1
    await refused(store, Give(await plan(store, waiting, BRUNO)))
    assert not await store.filing.submit(Expire(waiting))
    go_on(store, 301)
    assert await store.filing.submit(Expire(waiting))
    assert not await store.filing.submit(Expire(waiting))
    now = await conversation_of(store, waiting)
    assert (now.offer, now.missed.agents, now.declined, now.first_queued_at) == (None, ("ana",), (), age)
    assert (await agent_of(store, ANA)).offers == ()
    assert await events(store, Kind.CONVERSATION_DECLINED) == [{"agent": "ana", "expired": True}]
    await refused(store, Give(await plan(store, waiting)))
    await store.filing.submit(Give(await plan(store, waiting, BRUNO)))
    assert (await conversation_of(store, waiting)).missed is None


async def test_who_let_it_run_out_may_have_it_again_after_a_while(store: Shelf, waiting: str) -> None:
    for agent in (ANA, BRUNO):
        await store.filing.submit(MakeOffer(await plan(store, waiting, agent), 30))
        go_on(store, 30)
        await store.filing.submit(Expire(waiting))
    go_on(store, 90)
    await refused(store, MakeOffer(await plan(store, waiting), 30))
    go_on(store, 30)
    asked_again = await store.filing.submit(MakeOffer(await plan(store, waiting), 30))
    assert (asked_again.offer.agent, asked_again.missed) == ("ana", None)


async def test_offers_fill_an_agent_up(store: Shelf, waiting: str) -> None:
    await set_agent(store, ANA, capacity=3)
    other = await message(store, visitor="v2")
    await store.filing.submit(MakeOffer(await plan(store, waiting), 300))
    await refused(store, Give(await plan(store, other)))


async def test_what_waits_for_somebody_who_went_away_comes_back_with_its_age(store: Shelf, waiting: str) -> None:
    await store.filing.submit(Give(await plan(store, waiting)))
    given = await conversation_of(store, waiting)
    await away(store, ANA)
    assert not await store.filing.submit(Rescue(waiting, "ana", 300))
    go_on(store, 301)
    assert await store.filing.submit(Rescue(waiting, "ana", 300))
    assert not await store.filing.submit(Rescue(waiting, "ana", 300))
    now = await conversation_of(store, waiting)
    assert (now.assignee, now.last_agent, now.first_queued_at) == (None, "ana", given.first_queued_at)
    assert now.queued_at > given.queued_at
    assert await events(store, Kind.CONVERSATION_RELEASED) == [{"from": "ana", "why": "away"}]


async def test_what_was_given_to_somebody_who_is_away_or_waits_for_its_customer_stays(
    store: Shelf, waiting: str
) -> None:
    other = await message(store, visitor="v2")
    await answer(store, other)
    await away(store, ANA)
    go_on(store, 1)
    await store.filing.submit(Assign(CARLA, waiting, "ana", UNSET))
    go_on(store, 600)
    assert not await store.filing.submit(Rescue(waiting, "ana", 300))
    assert not await store.filing.submit(Rescue(other, "ana", 300))
    assert (await conversation_of(store, other)).turn is Turn.CUSTOMER


async def test_many_are_given_in_few_groups(store: Shelf) -> None:
    await store.filing.submit(Change(Routing, "routing", {"flood": 0}))
    for person in (ANA, BRUNO):
        await set_agent(store, person, capacity=1_000)
    received = await asyncio.gather(*(store.filing.submit(Receive(inbound("Oi", visitor=f"v{n}"))) for n in range(300)))
    conversations = await store.reader.conversations([each.conversation for each in received])
    made = await plan(store, received[0].conversation)
    plans = [
        Plan(each.id, each.version, each.seq, 0, made.decision, made.decided_at) for each in conversations.values()
    ]
    await asyncio.gather(*(store.filing.submit(Give(each)) for each in plans))
    assert len((await agent_of(store, ANA)).slots) == 300


@pytest.mark.parametrize("change", [Give, lambda plan: MakeOffer(plan, 30), LetWait], ids=["give", "offer", "wait"])
async def test_what_rules_answer_goes_with_what_is_decided_or_not_at_all(store: Shelf, waiting: str, change) -> None:
    hello, to = Answer("hello", {"": "Oi!"}), None if change is LetWait else ANA
    planned = await plan(store, waiting, to, answers=(hello,))
    await refused(store, change(replace(planned, version=7)))
    done = await store.filing.submit(change(planned))
    assert done == await conversation_of(store, waiting)
    assert (done.seq, done.answered) == (2, ("hello",))
    assert await store.database["messages"].count_documents({"automatic": True}) == 1

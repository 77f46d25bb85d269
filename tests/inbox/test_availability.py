"""Who is here: as they say themselves, and as their windows come and go."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from hub.errors import HubError, NotFound
from hub.events import Kind
from hub.inbox.availability import Arrive, Depart, Return, set_availability
from hub.inbox.users import ChangeUser
from hub.model import Availability
from tests.cast import ANA, BRUNO, CARLA, Shelf
from tests.inbox.hands import agent_of, events, go_on, set_agent

AVAILABLE, BUSY, AWAY, OFFLINE = Availability


def told(availability: Availability, field: str = "availability") -> dict:
    return {"agent": "ana", "fields": [field], "availability": availability.value}


async def ana(store: Shelf) -> tuple:
    agent = await agent_of(store, ANA)
    return agent.availability, agent.connected, agent.returns_to


async def say(store: Shelf, person, agent: str, availability: Availability, **given):
    house = SimpleNamespace(filing=store.filing, clock=store.filing.clock)
    return await set_availability(house, person, agent, availability, **given)


async def test_one_says_it_of_oneself_with_a_reason_and_an_end(store: Shelf) -> None:
    until = store.clock.now() + timedelta(hours=1)
    agent = await say(store, ANA, "ana", AWAY, reason=" Almoço\n na rua ", until=until)
    assert (agent.availability, agent.reason, agent.until) == (AWAY, "Almoço na rua", until)
    back = await say(store, ANA, "ana", AVAILABLE)
    assert (back.availability, back.reason, back.until) == (AVAILABLE, None, None)
    assert back.since > agent.since
    assert await events(store, Kind.AGENT_CHANGED) == [told(AWAY), told(AVAILABLE)]


async def test_saying_the_same_again_tells_nothing_and_keeps_since_when(store: Shelf) -> None:
    first = await say(store, ANA, "ana", BUSY)
    go_on(store, 5)
    assert await say(store, ANA, "ana", BUSY) == first
    other = await say(store, ANA, "ana", AWAY)
    assert (await say(store, ANA, "ana", AWAY, reason="Médico")).since == other.since
    assert len(await events(store, Kind.AGENT_CHANGED)) == 3


async def test_supervisors_say_it_of_others_and_agents_do_not(store: Shelf) -> None:
    assert (await say(store, CARLA, "ana", OFFLINE)).availability is OFFLINE
    with pytest.raises(HubError) as refused:
        await say(store, BRUNO, "ana", AVAILABLE)
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    ("code", "availability", "given"),
    [
        ("only_away", BUSY, {"reason": "Reunião"}),
        ("only_away", AVAILABLE, {"until": timedelta(hours=1)}),
        ("bad_reason", AWAY, {"reason": "x" * 81}),
        ("bad_until", AWAY, {"until": timedelta(seconds=-1)}),
        ("bad_until", AWAY, {"until": timedelta(days=31)}),
    ],
)
async def test_what_cannot_be_said_is_refused(store: Shelf, code, availability, given) -> None:
    if "until" in given:
        given = given | {"until": store.clock.now() + given["until"]}
    with pytest.raises(HubError) as refused:
        await say(store, ANA, "ana", availability, **given)
    assert refused.value.code == code


async def test_who_may_sign_in_no_more_is_not_found(store: Shelf) -> None:
    await store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset()))
    with pytest.raises(NotFound):
        await say(store, CARLA, "ana", AVAILABLE)
    await store.filing.submit(Arrive("ana"))
    assert (await agent_of(store, ANA)).availability is OFFLINE
    with pytest.raises(NotFound):
        await say(store, CARLA, "nobody", AVAILABLE)


@pytest.mark.parametrize("was", [AVAILABLE, BUSY, AWAY])
async def test_the_next_window_brings_back_what_they_were_when_the_last_one_went(store: Shelf, was) -> None:
    await set_agent(store, ANA, availability=was)
    await store.filing.submit(Arrive("ana"))
    assert await ana(store) == (was, True, None)
    departed = await store.filing.submit(Depart("ana"))
    assert await ana(store) == (OFFLINE, False, was)
    assert departed.since > store.clock.now() - timedelta(minutes=5)
    await store.filing.submit(Arrive("ana"))
    assert await ana(store) == (was, True, None)
    assert await events(store, Kind.AGENT_CHANGED) == [told(was, "connected"), told(OFFLINE), told(was)]


async def test_offline_by_hand_stays_so_whatever_windows_open(store: Shelf) -> None:
    await store.filing.submit(Arrive("ana"))
    await say(store, ANA, "ana", OFFLINE)
    await store.filing.submit(Depart("ana"))
    await store.filing.submit(Arrive("ana"))
    assert await ana(store) == (OFFLINE, True, None)


async def test_what_is_said_by_hand_stands_when_the_next_window_opens(store: Shelf) -> None:
    await store.filing.submit(Arrive("ana"))
    await store.filing.submit(Depart("ana"))
    await say(store, CARLA, "ana", BUSY)
    await store.filing.submit(Arrive("ana"))
    assert await ana(store) == (BUSY, True, None)


async def test_who_has_never_had_a_window_keeps_what_was_said(store: Shelf) -> None:
    await store.filing.submit(Depart("ana"))
    assert await ana(store) == (AVAILABLE, False, None)
    assert await events(store, Kind.AGENT_CHANGED) == []


async def test_windows_that_come_and_go_twice_tell_once(store: Shelf) -> None:
    for change in (Arrive, Arrive, Depart, Depart):
        await store.filing.submit(change("ana"))
    assert len(await events(store, Kind.AGENT_CHANGED)) == 2


@pytest.mark.parametrize(("connected", "then"), [(True, (AVAILABLE, True, None)), (False, (OFFLINE, False, AVAILABLE))])
async def test_an_absence_that_ends_ends(store: Shelf, connected: bool, then) -> None:
    await set_agent(store, ANA, connected=connected)
    await say(store, ANA, "ana", AWAY, reason="Almoço", until=store.clock.now() + timedelta(hours=1))
    await store.filing.submit(Return("ana"))
    assert (await agent_of(store, ANA)).availability is AWAY
    go_on(store, 3601)
    await store.filing.submit(Return("ana"))
    agent = await agent_of(store, ANA)
    assert (agent.availability, agent.connected, agent.returns_to) == then
    assert (agent.reason, agent.until) == (None, None)


async def test_an_absence_that_ended_while_no_window_was_open_is_over(store: Shelf) -> None:
    await store.filing.submit(Arrive("ana"))
    await say(store, ANA, "ana", AWAY, reason="Almoço", until=store.clock.now() + timedelta(hours=1))
    gone = await store.filing.submit(Depart("ana"))
    assert (gone.returns_to, gone.reason) == (AWAY, "Almoço")
    go_on(store, 3601)
    back = await store.filing.submit(Arrive("ana"))
    assert (back.availability, back.reason, back.until) == (AVAILABLE, None, None)


async def test_windows_that_come_and_go_make_no_absence_shorter(store: Shelf) -> None:
    await store.filing.submit(Arrive("ana"))
    went = (await say(store, ANA, "ana", AWAY)).since
    for change in (Depart, Arrive, Depart):
        go_on(store, 60)
        assert (await store.filing.submit(change("ana"))).since == went
    assert (await say(store, ANA, "ana", AVAILABLE)).since > went


async def test_the_window_of_one_who_may_sign_in_no_more_is_none(store: Shelf) -> None:
    await store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset({"admin"})))
    await store.filing.submit(Arrive("ana"))
    assert await ana(store) == (OFFLINE, False, None)


async def test_a_person_of_the_past_changes_nothing(store: Shelf) -> None:
    for change in (Arrive, Depart, Return):
        assert await store.filing.submit(change("nobody")) is None

"""The pure core against `oracle.py`, at single moments and through the days of `desk.py`.

Then the same with bugs planted, each of which has to be seen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from hub.model import Agent, Conversation, Needs, Routing
from hub.routing import choose, seats, survey, urgency
from hub.routing.choose import Context
from hub.routing.decision import Barrier
from hub.routing.seats import Seat
from tests.routing import oracle
from tests.routing.desk import START, Desk, some_context, some_crowd, some_needs

PACE = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
SEEN_SOON = settings(PACE, max_examples=400, phases=[Phase.generate], report_multiple_bugs=False)

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def compare(moments: int) -> None:
    """The choice, a round's and the oracle's, in crowds of any kind, some of more than the ten who are told."""
    for seed in range(moments):
        chance = Random(seed)
        crowd = some_crowd(chance, START, most=chance.choice([5, 20]))
        sitting = [seats.seat_of(agent, START) for agent in crowd]
        sweep = choose.Round(sitting)
        for needs, context in _much_alike(chance):
            decision = sweep.choose(needs, context)
            assert decision == choose.choose(needs, sitting[::-1], context), seed
            assert oracle.in_short(decision) == oracle.oracle(needs, crowd, context), seed
            oracle.check_again_at(decision, needs, crowd, context)


def _much_alike(chance: Random) -> Iterator[tuple[Needs, Context]]:
    needs = replace(some_needs(chance, START), agent=chance.choice([None, "a00", "a01"]))
    context = some_context(chance, START)
    yield needs, context
    yield replace(needs, weight=chance.choice([1, 2, 4])), context
    yield needs, replace(context, declined=frozenset({"a00"}))
    yield needs, replace(context, missed=frozenset({"a00"}))
    yield needs, replace(some_context(chance, START), strategy=context.strategy)


def queue_up(times: int) -> None:
    """Most urgent first: by a sum that is not the one the hub works with."""
    for seed in range(times):
        chance = Random(seed)
        queue = [_waiting(f"c{n}", chance) for n in range(6)]
        in_order = sorted(queue, key=lambda each: urgency.place(each, Routing(minutes_per_step=2)))
        assert in_order == sorted(queue, key=lambda each: (-_minutes(each), each.first_queued_at, each.id)), seed


def _waiting(id: str, chance: Random) -> Conversation:
    since = START - timedelta(minutes=chance.randint(0, 6))
    needs = replace(some_needs(chance, START), hold=False)
    return Conversation(id, 1, "rita", "Rita", "chat", "widget", since, needs=needs, first_queued_at=since)


def _minutes(each: Conversation) -> float:
    assert each.needs
    assert each.first_queued_at
    return each.needs.priority * 2 + (START - each.first_queued_at).total_seconds() / 60


def test_the_queue_is_in_the_order_of_urgency() -> None:
    queue_up(times=200)


def test_a_choice_is_what_the_oracle_says() -> None:
    compare(moments=1_000)


def test_the_core_keeps_its_promises_whatever_happens() -> None:
    run_state_machine_as_test(Desk, settings=PACE)


# --- bugs -------------------------------------------------------------------------------------------------


def asks(
    needs: Callable[[Needs], Needs] = lambda needs: needs,
    context: Callable[[Context], Context] = lambda context: context,
    seat: Callable[[Seat], Seat] = lambda seat: seat,
) -> Plant:
    """The barriers are asked of something else than what is there."""

    def plant(patch: Patch) -> None:
        real = survey.asks

        def wrong(asked: Needs, at: Context) -> Callable[[Seat], Barrier | None]:
            ask = real(needs(asked), context(at))
            return lambda sat: ask(seat(sat))

        patch.setattr(survey, "asks", wrong)

    return plant


def ranks(key: Callable[..., survey.Key]) -> Plant:
    """Candidates are put in another order."""

    def plant(patch: Patch) -> None:
        real = survey.ranks

        def wrong(*given: Any) -> Callable[[Seat], survey.Key]:
            rank = real(*given)
            return lambda seat: key(*rank(seat))

        patch.setattr(survey, "ranks", wrong)

    return plant


def instead(where: Any, name: str, make: Callable[[Any], Any]) -> Plant:
    """What `make` makes of the right function stands in its place."""
    return lambda patch: patch.setattr(where, name, make(getattr(where, name)))


def nothing(real: Callable[..., Any]) -> Callable[..., None]:
    return lambda *given: None


def never(real: Callable[..., Any]) -> Callable[..., bool]:
    return lambda *given: False


def weighs_always(agent: Agent, now: datetime, kind: str | None = None) -> int:
    return sum(slot.weight for slot in agent.slots if kind in (None, slot.kind))


def patient(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, picture, asked, context: real(self, picture, replace(asked, wait_s=9_999), context)


_CHANCE = count()

BUGS: dict[str, Plant] = {
    "no capacity guard": asks(seat=lambda seat: replace(seat, load=0)),
    "one unit too many": asks(seat=lambda seat: replace(seat, load=seat.load - 1)),
    "weight not counted": asks(needs=lambda needs: replace(needs, weight=1)),
    "no capacity is some": asks(seat=lambda seat: replace(seat, capacity=seat.capacity or 4)),
    "cap ignored": asks(seat=lambda seat: replace(seat, caps={})),
    "cap of any kind": asks(seat=lambda seat: replace(seat, held=dict.fromkeys(seat.caps, seat.load))),
    "declined ignored": asks(context=lambda at: replace(at, declined=frozenset())),
    "missed ignored": asks(context=lambda at: replace(at, missed=frozenset())),
    "never asked again": asks(context=lambda at: replace(at, ask_again_at=None)),
    "asked again too early": asks(context=lambda at: replace(at, ask_again_at=at.ask_again_at and START)),
    "flood ignored": asks(context=lambda at: replace(at, flood=0)),
    "flood one too many": asks(context=lambda at: replace(at, flood=at.flood + 1)),
    "level ignored": asks(needs=lambda needs: replace(needs, require=dict.fromkeys(needs.require, 1))),
    "skill ignored": asks(needs=lambda needs: replace(needs, require={})),
    "team ignored": asks(needs=lambda needs: replace(needs, teams=())),
    "only the first team": asks(needs=lambda needs: replace(needs, teams=needs.teams[:1])),
    "whoever is away too": asks(seat=lambda seat: replace(seat, here=True)),
    "least room first": ranks(lambda score, *rest: (-score, *rest)),
    "no strategy": ranks(lambda score, *rest: (0.0, *rest)),
    "preferred skills ignored": ranks(lambda score, liked, *rest: (score, 0, *rest)),
    "last assigned first": ranks(lambda score, liked, last, *rest: (score, liked, -last, *rest)),
    "ties by chance": ranks(lambda score, liked, last, id, seat: (score, liked, last, str(next(_CHANCE)), seat)),
    "ties by the last id": ranks(
        lambda score, liked, last, id, seat: (score, liked, last, "".join(chr(999 - ord(c)) for c in id), seat)
    ),
    "nobody goes first": instead(survey.Survey, "_with_preference", lambda real: lambda self, picture, *rest: picture),
    "waits without end": instead(survey.Survey, "_with_preference", patient),
    "waits for room that never comes": instead(survey, "might_fit", lambda real: lambda *given: True),
    "never waits": instead(survey, "might_fit", never),
    "never relaxes": instead(survey, "relaxed", lambda real: lambda needs, waited_s: (needs, 0, None)),
    "relaxes too early": instead(survey, "relaxed", lambda real: lambda needs, waited_s: real(needs, waited_s + 30)),
    "next step untold": instead(survey, "relaxed", lambda real: lambda *given: (*real(*given)[:2], None)),
    "end of flood or slot untold": instead(survey, "passes_at", nothing),
    "seat's end untold": instead(seats, "lighter_at", nothing),
    "silence weighs": instead(seats, "load", lambda real: weighs_always),
    "never held": instead(survey, "held", never),
    "changes go unseen": instead(survey.Survey, "update", nothing),
    "changes are added": instead(survey.Survey, "update", lambda real: lambda self, seat: self._sit((seat,))),
    "a stale picture": instead(survey.Survey, "update", lambda real: lambda self, seat: self._able.pop(seat.id, None)),
    "the round forgets": instead(choose.Round, "update", nothing),
    "all seem alike": instead(choose, "alike", nothing),
    "alike whoever declined": instead(
        choose, "alike", lambda real: lambda asked, at: real(asked, replace(at, declined=frozenset()))
    ),
    "alike whoever missed": instead(
        choose, "alike", lambda real: lambda asked, at: real(asked, replace(at, missed=frozenset()))
    ),
    "alike whatever it weighs": instead(
        choose, "alike", lambda real: lambda asked, at: real(replace(asked, weight=1), at)
    ),
    "priority ignored": instead(urgency, "place", lambda real: lambda each, *rest: (each.first_queued_at, each.id)),
    "age ignored": instead(urgency, "place", lambda real: lambda each, *rest: (-each.needs.priority, each.id)),
}


def look() -> None:
    queue_up(times=50)
    compare(moments=150)
    run_state_machine_as_test(Desk, settings=SEEN_SOON)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_seen(name: str, monkeypatch: Patch) -> None:
    BUGS[name](monkeypatch)
    with pytest.raises((AssertionError, KeyError)):
        look()

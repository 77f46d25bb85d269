"""Whom a conversation goes to, in one table a rule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from hub.model import Needs, Relax, Strategy
from hub.routing.choose import Context, Round, barrier, choose
from hub.routing.decision import BEST, Barrier, Candidate, Decision, Outcome, Tie, Why, as_data
from hub.routing.seats import Seat
from hub.routing.survey import Survey

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def soon(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def context(waited_s: float = 0, **changes: Any) -> Context:
    return replace(Context(NOW, ago(waited_s), "widget"), **changes)


HERE = context()


def seat(id: str, **changes: Any) -> Seat:
    return replace(Seat(id, here=True), **changes)


def decide(needs: Needs, *seats: Seat, at: Context = HERE) -> Decision:
    """What `choose` says, in whatever order the seats come."""
    told = choose(needs, seats, at)
    assert choose(needs, seats[::-1], at) == told
    return told


def why(told: Decision) -> tuple[Why, str | None, Tie | None]:
    return told.why, told.agent, told.tie


# --- barriers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "changes", "at", "expected"),
    [
        ({}, {}, HERE, None),
        ({"teams": ("sales", "desk")}, {"teams": frozenset({"desk"})}, HERE, None),
        ({"teams": ("sales",)}, {"teams": frozenset({"desk"})}, HERE, Barrier.TEAM),
        ({"require": {"billing": 2}}, {"skills": {"billing": 2}}, HERE, None),
        ({"require": {"billing": 2}}, {"skills": {"billing": 1}}, HERE, Barrier.SKILL),
        ({"require": {"billing": 1}}, {}, HERE, Barrier.SKILL),
        ({"prefer": {"billing": 1}}, {}, HERE, None),
        ({}, {"here": False}, HERE, Barrier.AWAY),
        ({}, {}, context(declined={"ana"}), Barrier.DECLINED),
        ({}, {}, context(declined={"bruno"}), None),
        ({"weight": 2}, {"load": 8}, HERE, None),
        ({"weight": 2}, {"load": 9}, HERE, Barrier.FULL),
        ({"weight": 0}, {"load": 0, "capacity": 0}, HERE, Barrier.MANUAL),
        ({"weight": 2}, {"caps": {"widget": 4}, "held": {"widget": 2}}, HERE, None),
        ({"weight": 2}, {"caps": {"widget": 4}, "held": {"widget": 3}}, HERE, Barrier.CAP),
        ({"weight": 2}, {"caps": {"email": 0}}, HERE, None),
        ({}, {"recent": (ago(50), ago(5))}, context(flood=3), None),
        ({}, {"recent": (ago(50), ago(5), ago(1))}, context(flood=3), Barrier.FLOOD),
        ({}, {"recent": (ago(60), ago(5), ago(1))}, context(flood=3), None),
        ({}, {"recent": (ago(50), ago(5), ago(1))}, context(flood=0), None),
    ],
)
def test_a_barrier(asked: Mapping[str, Any], changes: Mapping[str, Any], at: Context, expected: Barrier | None) -> None:
    ana = seat("ana", **changes)
    assert barrier(Needs(**asked), ana, at) is expected
    assert decide(Needs(**asked), ana, at=at).agent == (None if expected else "ana")


def test_the_first_barrier_is_told() -> None:
    """Each change takes the first one away."""
    ana = Seat("ana", False, frozenset({"desk"}), {}, capacity=0, load=10, caps={"widget": 0}, recent=(ago(1),))
    needs, at = Needs(teams=("sales",), require={"billing": 2}), context(declined={"ana"}, flood=1)
    told = [barrier(needs, ana, at)]
    for change in ({"capacity": 10}, {"teams": {"sales"}}, {"skills": {"billing": 2}}, {"here": True}):
        ana = replace(ana, **change)
        told.append(barrier(needs, ana, at))
    at = replace(at, declined=frozenset())
    told.append(barrier(needs, ana, at))
    for change in ({"load": 0}, {"caps": {}}, {"recent": ()}):
        ana = replace(ana, **change)
        told.append(barrier(needs, ana, at))
    assert told == [*Barrier, None]


# --- whom -------------------------------------------------------------------------------------------------


def test_who_alone_can_take_it_gets_it() -> None:
    assert why(decide(Needs(), seat("ana"), seat("bruno", here=False))) == (Why.ONLY_ONE, "ana", None)


def test_most_room_is_the_largest_free_share_not_the_most_units() -> None:
    told = decide(Needs(), seat("ana", capacity=20, load=10), seat("bruno", capacity=4, load=1))
    assert why(told) == (Why.MOST_ROOM, "bruno", None)


def test_equal_shares_of_unequal_capacities_are_equal() -> None:
    told = decide(Needs(), seat("bruno", capacity=6, load=2), seat("ana", capacity=9, load=3))
    assert why(told) == (Why.MOST_ROOM, "ana", Tie.ID)


def test_longest_idle_is_longest_since_the_last_assignment() -> None:
    at = context(strategy=Strategy.LONGEST_IDLE)
    ana, bruno, carla = seat("ana", last_assigned=30.0), seat("bruno", last_assigned=20.0, load=9), seat("carla")
    assert why(decide(Needs(), ana, bruno, at=at)) == (Why.LONGEST_IDLE, "bruno", None)
    assert decide(Needs(), ana, bruno, carla, at=at).agent == "carla"  # never


def test_best_skill_is_the_highest_sum_over_required_and_preferred() -> None:
    at, needs = context(strategy=Strategy.BEST_SKILL), Needs(require={"billing": 2}, prefer={"refunds": 2})
    ana = seat("ana", skills={"billing": 5, "cooking": 5})
    bruno = seat("bruno", skills={"billing": 3, "refunds": 3}, load=9)
    assert why(decide(needs, ana, bruno, at=at)) == (Why.BEST_SKILL, "bruno", None)


def test_a_preferred_skill_counts_from_its_level_on() -> None:
    needs = Needs(prefer={"refunds": 3})
    ana, bruno = seat("ana", skills={"refunds": 2}), seat("bruno", skills={"refunds": 3})
    assert why(decide(needs, ana, bruno)) == (Why.MOST_ROOM, "bruno", Tie.PREFER)
    assert [candidate.levels for candidate in decide(needs, ana, bruno).candidates] == [3, 0]


def test_a_skill_both_required_and_preferred_counts_once() -> None:
    needs = Needs(require={"billing": 2}, prefer={"billing": 4})
    assert decide(needs, seat("ana", skills={"billing": 4})).candidates[0].levels == 4


def test_the_chain_that_tells_equals_apart() -> None:
    needs = Needs(prefer={"refunds": 1})
    ana = seat("ana", skills={"refunds": 1}, last_assigned=9.0)
    bruno = seat("bruno", skills={"refunds": 1}, last_assigned=9.0)
    carla = seat("carla", skills={"refunds": 1}, last_assigned=8.0)
    davi = seat("davi", skills={"refunds": 2}, last_assigned=10.0)
    assert why(decide(needs, ana, bruno)) == (Why.MOST_ROOM, "ana", Tie.ID)
    assert why(decide(needs, ana, bruno, carla)) == (Why.MOST_ROOM, "carla", Tie.IDLE)
    assert why(decide(needs, ana, bruno, carla, davi)) == (Why.MOST_ROOM, "davi", Tie.PREFER)


def test_every_order_of_the_seats_gives_the_same() -> None:
    seats = [seat(id, load=n % 2, last_assigned=float(n // 2)) for n, id in enumerate("abcd")]
    assert len({str(as_data(choose(Needs(), order, HERE))) for order in permutations(seats)}) == 1


# --- who goes first ---------------------------------------------------------------------------------------


def test_the_customers_agent_goes_first_if_able() -> None:
    told = decide(Needs(agent="bruno"), seat("ana"), seat("bruno", load=9))
    assert why(told) == (Why.PREFERRED, "bruno", None)
    assert [candidate.agent for candidate in told.candidates] == ["bruno", "ana"]


@pytest.mark.parametrize(
    "lack", [{"skills": {}}, {"teams": frozenset({"desk"})}, {"here": False}, {"capacity": 0}, {"load": 10}]
)
def test_going_first_passes_no_barrier(lack: Mapping[str, Any]) -> None:
    able: Mapping[str, Any] = {"skills": {"billing": 1}, "teams": frozenset({"sales"})}
    needs = Needs(require={"billing": 1}, teams=("sales",), agent="bruno")
    told = decide(needs, seat("ana", **able), seat("bruno", **(able | lack)))
    assert why(told) == (Why.ONLY_ONE, "ana", None)


@pytest.mark.parametrize(
    ("busy", "at", "again_at"),
    [
        ({"load": 10}, context(10), soon(80)),
        ({"load": 10, "until": soon(20)}, context(10), soon(20)),
        ({"load": 10, "until": soon(200)}, context(10), soon(80)),
        ({"caps": {"widget": 1}, "held": {"widget": 1}}, context(89), soon(1)),
        ({"recent": (ago(50), ago(40))}, context(10, flood=2), soon(10)),
    ],
)
def test_who_is_here_without_room_is_waited_for(busy: Mapping[str, Any], at: Context, again_at: datetime) -> None:
    told = decide(Needs(agent="bruno", wait_s=90), seat("ana"), seat("bruno", **busy), at=at)
    assert (told.outcome, told.why, told.agent, told.again_at) == (Outcome.NOBODY, Why.WAITS_FOR_AGENT, None, again_at)
    assert [candidate.agent for candidate in told.candidates] == ["bruno", "ana"]


def test_the_wait_has_an_end() -> None:
    told = decide(Needs(agent="bruno", wait_s=90), seat("ana"), seat("bruno", load=10), at=context(90))
    assert why(told) == (Why.ONLY_ONE, "ana", None)


@pytest.mark.parametrize("gone", [{"here": False}, {"capacity": 0}, {"capacity": 1}, {"caps": {"widget": 1}}])
def test_who_is_away_or_would_never_have_room_is_not_waited_for(gone: Mapping[str, Any]) -> None:
    told = decide(Needs(agent="bruno", wait_s=90, weight=2), seat("ana"), seat("bruno", **gone))
    assert told.agent == "ana"


def test_who_declined_is_not_waited_for_nor_somebody_unknown() -> None:
    at = context(declined={"bruno"})
    assert decide(Needs(agent="bruno", wait_s=90), seat("ana"), seat("bruno", load=10), at=at).agent == "ana"
    assert decide(Needs(agent="nobody", wait_s=90), seat("ana")).agent == "ana"


# --- nobody -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([], Why.NOBODY_HERE),
        ([{"here": False}], Why.NOBODY_HERE),
        ([{"teams": frozenset({"desk"})}], Why.NOBODY_HERE),
        ([{"capacity": 0}], Why.NOBODY_HERE),
        ([{"skills": {}, "capacity": 0}], Why.NOBODY_HERE),
        ([{"skills": {}, "here": False}], Why.NOBODY_HERE),
        ([{"skills": {}}], Why.LACKS_SKILL),
        ([{"skills": {}}, {"here": False}], Why.LACKS_SKILL),
        ([{"load": 10}], Why.FULL),
        ([{"load": 10}, {"skills": {}}], Why.FULL),
        ([{"caps": {"widget": 0}}], Why.FULL),
        ([{"recent": (ago(1),)}, {"load": 10}], Why.FLOOD),
        ([{"id": "davi"}], Why.DECLINED),
        ([{"id": "davi"}, {"load": 10}], Why.FULL),
    ],
)
def test_why_nobody(seats: list[Mapping[str, Any]], expected: Why) -> None:
    common: Mapping[str, Any] = {"skills": {"billing": 1}, "teams": frozenset({"sales"})}
    crowd = [seat(**({"id": f"a{n}"} | common | changes)) for n, changes in enumerate(seats)]
    at = context(flood=1, declined={"davi"})
    told = decide(Needs(require={"billing": 1}, teams=("sales",)), *crowd, at=at)
    assert (told.outcome, told.why, told.agent) == (Outcome.NOBODY, expected, None)


def test_the_skills_that_nobody_here_has_are_named() -> None:
    needs = Needs(require={"billing": 2, "spanish": 2, "refunds": 1})
    ana, bruno = seat("ana", skills={"billing": 2}), seat("bruno", skills={"billing": 1, "spanish": 1})
    away = seat("carla", here=False, skills={"billing": 5, "spanish": 5, "refunds": 5})
    told = decide(needs, ana, bruno, away)
    assert told.lacks == ("spanish:2", "refunds:1")
    assert told.lacking == {"billing:2": 1, "spanish:2": 1}


def test_where_each_skill_is_there_but_nobody_has_them_all_all_are_named() -> None:
    told = decide(
        Needs(require={"billing": 2, "spanish": 2}), seat("a", skills={"billing": 2}), seat("b", skills={"spanish": 2})
    )
    assert told.lacks == ("billing:2", "spanish:2")


def test_nothing_is_lacking_where_somebody_gets_it() -> None:
    told = decide(Needs(require={"billing": 2}), seat("ana", skills={"billing": 2}), seat("bruno"))
    assert (told.agent, told.lacks, told.lacking, told.others) == ("ana", (), {"billing:2": 1}, {"skill": 1})


# --- when time alone may change it ------------------------------------------------------------------------


def test_a_full_agent_may_have_room_when_a_slot_weighs_nothing_any_more() -> None:
    told = decide(Needs(), seat("ana", load=10, until=soon(40)), seat("bruno", load=10, until=soon(30)))
    assert told.again_at == soon(30)


def test_room_that_would_never_do_is_not_waited_for() -> None:
    assert decide(Needs(weight=5), seat("ana", capacity=4, until=soon(40))).again_at is None


def test_the_minute_of_the_flood_guard_has_an_end() -> None:
    ana = seat("ana", recent=(ago(50), ago(30), ago(10)))
    assert decide(Needs(), ana, at=context(flood=3)).again_at == soon(10)
    assert decide(Needs(), ana, at=context(flood=2)).again_at == soon(30)


def test_the_next_step_of_relaxation_may_help() -> None:
    needs = Needs(require={"billing": 2}, relax=(Relax(60, drop="billing"), Relax(120, anybody=True)))
    assert decide(needs, seat("ana"), at=context(20)).again_at == soon(40)
    relaxed = decide(needs, seat("ana"), at=context(60))
    assert (relaxed.agent, relaxed.relaxed, relaxed.needs.require, relaxed.again_at) == ("ana", 1, {}, None)


def test_nothing_but_people_changes_an_empty_room() -> None:
    assert decide(Needs(), seat("ana", here=False)).again_at is None


def test_what_is_held_goes_to_nobody_until_opening() -> None:
    needs = Needs(hold=True, open_at=soon(3600), agent="ana")
    told = decide(needs, seat("ana"))
    assert (told.outcome, told.why, told.again_at, told.candidates) == (
        Outcome.NOBODY,
        Why.UNTIL_OPEN,
        soon(3600),
        (),
    )
    assert decide(replace(needs, open_at=NOW), seat("ana")).agent == "ana"


# --- what is told -----------------------------------------------------------------------------------------


def test_the_best_ten_are_told_and_the_others_counted() -> None:
    able = [seat(f"a{n:02}", load=n // 2) for n in range(15)]
    told = decide(Needs(), *able, seat("bruno", here=False))
    assert [candidate.agent for candidate in told.candidates] == [f"a{n:02}" for n in range(BEST)]
    assert told.others == {"away": 1}


def test_who_could_not_is_told_nearest_first_where_few_could() -> None:
    told = decide(
        Needs(require={"billing": 1}, weight=2),
        seat("ana", skills={"billing": 1}),
        seat("away", skills={"billing": 5}, here=False),
        seat("full", skills={"billing": 1}, load=9),
        seat("fuller", skills={"billing": 1}, load=10),
        seat("zero", skills={"billing": 1}, capacity=0),
        seat("unskilled"),
    )
    assert told.candidates == (
        Candidate("ana", 10, 10, 1),
        Candidate("full", 1, 10, 1, Barrier.FULL),
        Candidate("fuller", 0, 10, 1, Barrier.FULL),
        Candidate("away", 10, 10, 5, Barrier.AWAY),
    )
    assert told.others == {"skill": 1, "manual": 1}
    assert told.named == {"skill": ("unskilled",), "manual": ("zero",)}


def test_who_goes_first_is_told_first_even_as_the_eleventh() -> None:
    crowd = [seat(f"a{n:02}", load=n // 2) for n in range(12)]
    told = decide(Needs(agent="a11"), *crowd)
    assert [candidate.agent for candidate in told.candidates[:2]] == ["a11", "a00"]
    assert (len(told.candidates), told.others) == (BEST, {})


def test_who_is_waited_for_is_told_first_and_not_among_the_others() -> None:
    crowd = [seat(f"a{n:02}") for n in range(12)]
    told = decide(Needs(agent="bruno", wait_s=9), *crowd, seat("bruno", load=10), seat("carla", load=10))
    assert told.candidates[0] == Candidate("bruno", 0, 10, 0, Barrier.FULL)
    assert (len(told.candidates), told.others) == (BEST, {"full": 1})


def test_the_version_of_the_rules_is_kept() -> None:
    assert decide(Needs(), seat("ana"), at=context(version=7)).version == 7


# --- many at once -----------------------------------------------------------------------------------------


def test_a_survey_asks_again_who_has_changed() -> None:
    survey = Survey(Needs(), [seat("ana"), seat("bruno", load=1)], HERE)
    assert survey.decide().agent == "ana"
    survey.update(seat("ana", load=2))
    assert survey.decide().agent == "bruno"
    survey.update(seat("bruno", here=False))
    survey.update(seat("carla"))
    assert survey.decide() == choose(Needs(), [seat("ana", load=2), seat("bruno", here=False), seat("carla")], HERE)


def test_a_round_decides_as_each_choice_would() -> None:
    given = Round([seat("ana"), seat("bruno", load=1)])
    billing = Needs(require={"billing": 1})
    assert given.choose(Needs(), HERE).agent == "ana"
    assert given.choose(billing, HERE).why is Why.LACKS_SKILL
    given.update(seat("ana", load=2, skills={"billing": 3}))
    assert given.choose(Needs(), HERE).agent == "bruno"
    assert given.choose(billing, HERE).agent == "ana"


def test_alike_conversations_keep_what_is_their_own() -> None:
    """Rules, wait, agent and version differ; what all agents are asked is the same."""
    given = Round([seat("ana"), seat("bruno", load=10)])
    steps = (Relax(60, anybody=True),)
    for needs, at in (
        (Needs(rules=("r1",)), context(version=1)),
        (Needs(agent="bruno", wait_s=90), context(30, version=2)),
        (Needs(agent="bruno", wait_s=90, relax=steps), context(70)),
        (Needs(agent="bruno", wait_s=90, relax=steps), context(95)),
        (Needs(hold=True, open_at=soon(5)), HERE),
    ):
        assert given.choose(needs, at) == choose(needs, [seat("ana"), seat("bruno", load=10)], at)

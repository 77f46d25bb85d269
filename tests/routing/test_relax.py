"""What waiting does to needs: one step after another, never stricter, and the next one is told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Needs, Relax
from hub.routing.relax import relaxed

INVOICES = Needs(
    require={"billing": 2, "spanish": 3},
    prefer={"refunds": 3},
    teams=("sales",),
    relax=(
        Relax(120, drop="refunds"),
        Relax(60, lower="billing", level=1),
        Relax(180, team="nights"),
        Relax(300, drop="spanish"),
        Relax(600, anybody=True),
    ),
)


@pytest.mark.parametrize(
    ("waited_s", "steps", "next_in_s"),
    [(0, 0, 60), (59.9, 0, pytest.approx(0.1)), (60, 1, 60), (125.5, 2, 54.5), (599, 4, 1), (600, 5, None)],
)
def test_steps_come_in_the_order_of_their_time(waited_s: float, steps: int, next_in_s: float | None) -> None:
    _, taken, after = relaxed(INVOICES, waited_s)
    assert (taken, after) == (steps, next_in_s)


def test_a_level_is_lowered_and_never_raised() -> None:
    assert relaxed(INVOICES, 60)[0].require == {"billing": 1, "spanish": 3}
    raises = Needs(require={"billing": 1}, relax=(Relax(0, lower="billing", level=4),))
    assert relaxed(raises, 0)[0].require == {"billing": 1}


def test_a_preferred_skill_is_dropped_too() -> None:
    assert relaxed(INVOICES, 120)[0].prefer == {}


def test_a_team_is_added_and_everybody_is_everybody() -> None:
    assert relaxed(INVOICES, 180)[0].teams == ("sales", "nights")
    assert relaxed(INVOICES, 600)[0].teams == ()


def test_a_team_narrows_nothing_where_everybody_may() -> None:
    assert relaxed(Needs(relax=(Relax(0, team="nights"),)), 0)[0].teams == ()


def test_a_required_skill_stays_until_a_step_drops_it() -> None:
    assert "spanish" in relaxed(INVOICES, 299)[0].require
    assert "spanish" not in relaxed(INVOICES, 300)[0].require


def test_steps_of_one_moment_keep_their_order() -> None:
    both = (Relax(10, drop="billing"), Relax(10, lower="billing", level=1))
    assert relaxed(Needs(require={"billing": 3}, relax=both), 10)[0].require == {}


def test_a_step_for_a_skill_that_nobody_asks_for_changes_nothing() -> None:
    needs = Needs(require={"billing": 2}, relax=(Relax(5, lower="spanish", level=1), Relax(5, drop="refunds")))
    assert relaxed(needs, 5)[0].require == {"billing": 2}


def test_needs_without_steps_are_left_as_they_are() -> None:
    needs = Needs(require={"billing": 2})
    assert relaxed(needs, 9_999) == (needs, 0, None)


@settings(deadline=None, derandomize=True)
@given(waited_s=st.integers(0, 700), more_s=st.integers(0, 700))
def test_relaxing_again_what_was_stored_relaxed_is_relaxing_once(waited_s: int, more_s: int) -> None:
    stored, _, _ = relaxed(INVOICES, waited_s)
    assert relaxed(stored, waited_s + more_s) == relaxed(INVOICES, waited_s + more_s)


def test_very_many_steps_are_taken_in_one_go() -> None:
    skills = {f"s{n}": 2 for n in range(10_000)}
    needs = Needs(require=skills, relax=tuple(Relax(1, drop=skill) for skill in skills))
    assert relaxed(needs, 1) == (replace(needs, require={}), 10_000, None)

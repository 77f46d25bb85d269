"""An agent at one moment: what they hold then, and until when that is right."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.model import Agent, Availability, Slot
from hub.routing.seats import seat_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def slot(conversation: str, weight: int = 2, kind: str = "widget", seconds: float | None = None) -> Slot:
    return Slot(conversation, weight, kind, kind, NOW + timedelta(seconds=seconds) if seconds is not None else None)


@pytest.mark.parametrize("availability", Availability)
def test_only_who_is_available_is_here(availability: Availability) -> None:
    assert seat_of(Agent("ana", "Ana", availability), NOW).here is (availability is Availability.AVAILABLE)


def test_what_is_held_and_offered_weighs_until_its_end() -> None:
    ana = Agent("ana", "Ana", slots=(slot("c1"), slot("c2", seconds=60), slot("c3", seconds=0)), offers=(slot("c4"),))
    assert seat_of(ana, NOW).load == 6
    assert seat_of(ana, NOW + timedelta(seconds=59)).load == 6
    assert seat_of(ana, NOW + timedelta(seconds=60)).load == 4


def test_a_seat_is_right_until_the_first_slot_weighs_nothing() -> None:
    ana = Agent("ana", "Ana", slots=(slot("c1"), slot("c2", seconds=60)), offers=(slot("c3", seconds=30),))
    assert seat_of(ana, NOW).until == NOW + timedelta(seconds=30)
    assert seat_of(ana, NOW + timedelta(seconds=30)).until == NOW + timedelta(seconds=60)
    assert seat_of(ana, NOW + timedelta(seconds=60)).until is None


def test_kinds_with_a_cap_are_counted_by_themselves() -> None:
    ana = Agent("ana", "Ana", caps={"widget": 4, "email": 1}, slots=(slot("c1"), slot("c2", 1, "webhook")))
    assert seat_of(ana, NOW).held == {"widget": 2, "email": 0}


def test_what_was_given_more_than_a_minute_ago_is_not_recent() -> None:
    times = [NOW - timedelta(seconds=seconds) for seconds in (10, 59, 60, 61)]
    ana = Agent("ana", "Ana", recent=tuple(times))
    assert seat_of(ana, NOW).recent == (times[1], times[0])


def test_who_was_never_given_anything_has_waited_longest() -> None:
    assert seat_of(Agent("ana", "Ana"), NOW).last_assigned == 0
    assert seat_of(Agent("ana", "Ana", last_assigned_at=NOW), NOW).last_assigned == NOW.timestamp()

"""Who is served first: priority and age in one number, and no two places alike."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from hub.model import Conversation, Needs, Routing
from hub.routing.urgency import held, place

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = Routing(minutes_per_step=10)


def waiting(id: str, minutes: float = 0, *, priority: int = 5, **changes: object) -> Conversation:
    since = NOW - timedelta(minutes=minutes)
    asked = {"needs": Needs(priority=priority), "first_queued_at": since, "queued_at": NOW} | changes
    return Conversation(id, 1, "c1", "Rita", "chat", "widget", since, **asked)  # type: ignore[arg-type]


def ids(*conversations: Conversation) -> list[str]:
    return [each.id for each in sorted(conversations, key=lambda each: place(each, SETTINGS))]


def test_a_step_of_priority_outweighs_ten_minutes_and_no_more() -> None:
    assert ids(waiting("old", 11), waiting("urgent", 0, priority=6)) == ["old", "urgent"]
    assert ids(waiting("old", 9), waiting("urgent", 0, priority=6)) == ["urgent", "old"]


def test_equal_urgency_goes_by_age_then_by_id() -> None:
    equals = [waiting("b", 10), waiting("a", 10), waiting("c", 0, priority=6)]
    for order in permutations(equals):
        assert ids(*order) == ["a", "b", "c"]


@pytest.mark.parametrize(("priority", "minutes", "urgency"), [(5, 0, 50), (0, 90, 90), (9, 1.5, 91.5)])
def test_the_place_is_the_urgency_before_now(priority: int, minutes: float, urgency: float) -> None:
    assert place(waiting("a", minutes, priority=priority), SETTINGS)[0] == NOW - timedelta(minutes=urgency)


def test_the_age_is_that_of_the_first_queueing() -> None:
    back = waiting("back", 30, queued_at=NOW)
    assert ids(waiting("new", 29), back) == ["back", "new"]


def test_before_rules_have_spoken_the_conversations_own_priority_counts() -> None:
    plain = waiting("plain", 0, needs=None)
    assert place(plain, SETTINGS)[0] == NOW - timedelta(minutes=50)
    assert place(plain, SETTINGS, Needs(priority=9)) < place(waiting("other", 30), SETTINGS)


def test_what_is_held_until_opening_has_no_place_until_then() -> None:
    hold = Needs(hold=True, open_at=NOW + timedelta(minutes=1))
    assert held(hold, NOW)
    assert not held(hold, NOW + timedelta(minutes=1))
    assert not held(Needs(hold=True), NOW)
    assert not held(None, NOW)

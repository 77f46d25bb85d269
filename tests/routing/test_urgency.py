"""Who is served first: priority and age in one number, and no two places alike."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from hub.model import Conversation, Needs, Routing, Status, Turn
from hub.routing.urgency import held, in_order, place, urgency

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = Routing(minutes_per_step=10)


def waiting(id: str, minutes: float = 0, *, priority: int = 5, **changes: object) -> Conversation:
    since = NOW - timedelta(minutes=minutes)
    asked = {"needs": Needs(priority=priority), "first_queued_at": since, "queued_at": NOW} | changes
    return Conversation(id, 1, "c1", "Rita", "chat", "widget", since, **asked)  # type: ignore[arg-type]


def ids(*conversations: Conversation) -> list[str]:
    return [each.id for each in in_order(conversations, SETTINGS, NOW)]


@pytest.mark.parametrize(("priority", "minutes", "expected"), [(5, 0, 50), (0, 90, 90), (9, 1.5, 91.5)])
def test_urgency_is_priority_and_minutes(priority: int, minutes: float, expected: float) -> None:
    assert urgency(priority, NOW - timedelta(minutes=minutes), SETTINGS, NOW) == expected


def test_a_step_of_priority_outweighs_ten_minutes_and_no_more() -> None:
    assert ids(waiting("old", 11), waiting("urgent", 0, priority=6)) == ["old", "urgent"]
    assert ids(waiting("old", 9), waiting("urgent", 0, priority=6)) == ["urgent", "old"]


def test_equal_urgency_goes_by_age_then_by_id() -> None:
    equals = [waiting("b", 10), waiting("a", 10), waiting("c", 0, priority=6)]
    for order in permutations(equals):
        assert ids(*order) == ["a", "b", "c"]


def test_the_order_is_that_of_the_urgency_at_any_time() -> None:
    queue = [waiting(str(n), (n * 37) % 50, priority=n % 10) for n in range(30)]
    for later in (timedelta(0), timedelta(hours=30)):
        told = [
            urgency(each.needs.priority, each.first_queued_at, SETTINGS, NOW + later)  # type: ignore[union-attr, arg-type]
            for each in in_order(queue, SETTINGS, NOW)
        ]
        assert told == sorted(told, reverse=True)


def test_the_age_is_that_of_the_first_queueing() -> None:
    back = waiting("back", 30, queued_at=NOW)
    assert ids(waiting("new", 29), back) == ["back", "new"]


def test_before_rules_have_spoken_the_conversations_own_priority_counts() -> None:
    plain = waiting("plain", 0, needs=None)
    assert place(plain, SETTINGS)[0] == NOW - timedelta(minutes=50)
    assert place(plain, SETTINGS, Needs(priority=9)) < place(waiting("other", 30), SETTINGS)


def test_what_is_held_until_opening_has_no_place_until_then() -> None:
    hold = Needs(hold=True, open_at=NOW + timedelta(minutes=1))
    assert ids(waiting("held", 90, needs=hold), waiting("free")) == ["free"]
    assert held(hold, NOW)
    assert not held(hold, NOW + timedelta(minutes=1))
    assert not held(Needs(hold=True), NOW)


def test_only_what_waits_for_us_is_in_the_queue() -> None:
    assert (
        ids(
            waiting("ours", assignee="ana"),
            waiting("theirs", turn=Turn.CUSTOMER),
            waiting("done", status=Status.RESOLVED),
        )
        == []
    )

"""What differs between two sets of rules, as the history tells it."""

from hypothesis import given
from hypothesis import strategies as st

from hub.routing.changes import changes


def rules(*ids: str) -> list[dict]:
    return [{"id": id, "name": id.upper()} for id in ids]


def told(before: list[dict], after: list[dict]) -> list[tuple[str, str]]:
    return [(each.what.value, each.id) for each in changes(before, after)]


def test_what_was_added_changed_and_removed_is_told_by_the_rules_id():
    after = [*rules("a"), {"id": "b", "name": "Other"}, *rules("d")]
    assert told(rules("a", "b", "c"), after) == [("changed", "b"), ("added", "d"), ("removed", "c")]


def test_only_what_was_taken_out_and_put_elsewhere_has_moved():
    assert told(rules("a", "b", "c", "d"), rules("d", "a", "b", "c")) == [("moved", "d")]
    assert told(rules("a", "b", "c"), rules("a", "c")) == [("removed", "b")]


def test_what_was_changed_and_moved_counts_as_changed():
    assert told(rules("a", "b"), [{"id": "b", "name": "Other"}, *rules("a")]) == [("changed", "b")]


def test_the_order_of_a_rules_fields_is_no_change():
    assert told([{"id": "a", "name": "A"}], [{"name": "A", "id": "a"}]) == []


IDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(IDS, IDS)
def test_without_what_moved_both_have_the_same_order(before: list[str], after: list[str]):
    moved = {id for what, id in told(rules(*before), rules(*after)) if what == "moved"}
    still = [id for id in before if id in after and id not in moved]
    assert still == [id for id in after if id in before and id not in moved]

"""The queue as the engine has it in mind: whom a walk meets, and in which order."""

from datetime import UTC, datetime, timedelta

from hub.model import Conversation
from hub.routing.engine.line import Line

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def line_of(*ids: str) -> Line:
    """Who came first is the most urgent; nobody is due."""
    line = Line()
    for place, id in enumerate(ids):
        line.keep(id, Conversation(id, place, "c1", "Rita", "chat", "widget", NOW + timedelta(minutes=place)))
    line.due.clear()
    return line


def met(line: Line) -> list[str]:
    return [entry.conversation.id for entry in line.to_walk()]


def test_whose_picture_was_stale_again_and_again_is_not_passed_by_a_newer_one() -> None:
    line = line_of("old", "calm", "new")
    line.missed["old"] = line.due["new"] = None
    assert met(line) == ["old", "new"]


def test_nobody_is_met_twice() -> None:
    line = line_of("old")
    line.missed["old"] = line.due["old"] = None
    assert met(line) == ["old"]


def test_who_was_looked_at_or_has_gone_or_is_set_aside_is_met_no_more() -> None:
    line = line_of("seen", "gone", "aside")
    for id in ("seen", "gone", "aside"):
        line.missed[id] = line.due[id] = None
    line.was_looked_at("seen")
    line.keep("gone", None)
    line.set_aside(line.entries["aside"], NOW)
    assert met(line) == []

"""What the engine makes of the feed's events."""

from datetime import UTC, datetime

from hub.events import Event, Kind
from hub.model import Conversation
from hub.ports import Filed, Told
from hub.routing.engine.news import News

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*events: str, kind: Kind = Kind.MESSAGE_RECEIVED) -> list[Told]:
    return [Told(id, Event(id, kind, NOW, "v1")) for id in events]


def left_at(seq: int) -> Filed:
    return Filed(Conversation("v1", 1, "c1", "Rita", "chat", "widget", NOW, seq=seq), None)


def test_what_this_process_filed_is_known_as_its_last_event_left_it() -> None:
    news, filed = News(), {"e1": left_at(1), "e2": left_at(2)}
    news.note(told("e1", "e2"), filed.get)
    assert news.known["v1"].seq == 2


def test_what_another_process_filed_since_has_to_be_read() -> None:
    news, filed = News(), {"e1": left_at(1)}
    news.note(told("e1", "e2"), filed.get)
    assert (news.conversations, news.known) == ({"v1": "e2"}, {})


def test_what_was_stale_has_to_be_read_and_keeps_its_cause() -> None:
    news, filed = News(), {"e1": left_at(1)}
    news.note(told("e1"), filed.get)
    news.ask_for("v1")
    assert (news.conversations, news.known) == ({"v1": "e1"}, {})

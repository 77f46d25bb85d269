"""One walk along the queue: who is given something, and whom nobody passes."""

from datetime import UTC, datetime, timedelta
from typing import cast

from hub.inbox.give import Give
from hub.inbox.house import House
from hub.model import Conversation, Needs, Routing
from hub.routing.book import Book
from hub.routing.engine.picture import Picture
from hub.routing.engine.walk import Ahead, Walk
from hub.routing.needs import Applied
from hub.routing.rules import Rules
from hub.routing.seats import Seat
from hub.turns import Turns

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def picture_of(*ids: str, room: int) -> Picture:
    """Who came first is the most urgent; all are due, and ask for nothing in particular."""
    picture = Picture(cast("House", None), Turns(), Book(Routing(flood=0), Rules(), {}, {}, {}))
    picture.crew.seats["ana"] = Seat("ana", True, frozenset(), {}, capacity=room, load=0)
    for place, id in enumerate(ids):
        came = NOW + timedelta(seconds=place)
        picture.line.keep(id, Conversation(id, place, "c1", "Rita", "chat", "widget", came))
        picture.line.entries[id].applied = Applied(Needs())
    return picture


async def walked(picture: Picture, ahead: Ahead | None = None, most: int = 100) -> Walk:
    walk = Walk(picture, NOW + timedelta(minutes=1), most, ahead or Ahead())
    await walk.along(picture.line.in_order())
    return walk


def given(walk: Walk) -> list[tuple[str, str | None]]:
    """Whom, and behind whom."""
    gives = [step.change for step in walk.gives if isinstance(step.change, Give)]
    return [(each.plan.conversation, each.behind) for each in gives]


async def test_each_goes_behind_the_one_before_who_asks_for_the_same() -> None:
    picture = picture_of("a", "b", "c", room=3)
    picture.line.entries["b"].applied = Applied(Needs(prefer={"billing": 1}))
    assert given(await walked(picture)) == [("a", None), ("b", None), ("c", "a")]


async def test_the_next_walk_along_the_same_queue_goes_behind_the_last_one() -> None:
    picture, ahead = picture_of("a", "b", room=2), Ahead()
    assert given(await walked(picture, ahead, most=1)) == [("a", None)]
    picture.line.drop("a")
    assert given(await walked(picture, ahead)) == [("b", "a")]


async def test_nobody_passes_one_of_whom_it_is_not_known_yet_what_they_ask_for() -> None:
    picture = picture_of("new", "known", room=2)
    picture.line.ask_anew(picture.line.entries["new"])
    walk = await walked(picture)
    assert (given(walk), walk.blocked, list(picture.line.due)) == ([], True, ["new", "known"])


async def test_while_there_is_no_room_everybody_behind_is_told_why_they_wait() -> None:
    picture = picture_of("new", "known", room=0)
    picture.line.ask_anew(picture.line.entries["new"])
    walk = await walked(picture)
    assert ([step.entry.conversation.id for step in walk.others], walk.blocked) == (["known"], False)


async def test_who_was_set_aside_keeps_nobody_waiting() -> None:
    picture = picture_of("odd", "next", room=2)
    picture.line.ask_anew(picture.line.entries["odd"])
    picture.line.set_aside(picture.line.entries["odd"], NOW + timedelta(minutes=1))
    assert given(await walked(picture)) == [("next", None)]

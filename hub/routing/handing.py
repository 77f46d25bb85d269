"""One conversation out of the queue, for whoever hands out: the engine, the dry run, the queue check, the panels."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict

from hub.model import Conversation, Mode, Needs, Routing, Strategy, Team
from hub.routing.barriers import Context
from hub.routing.book import Book
from hub.routing.seats import RECENT, Seat


def context_of(conversation: Conversation, needs: Needs, book: Book, now: datetime) -> Context:
    """What choosing for it depends on besides its needs and the agents."""
    return Context(
        now=now,
        queued_at=relaxes_from(conversation, now),
        kind=conversation.channel_kind,
        strategy=strategy_of(needs, book),
        version=book.routing.version,
        **who_is_asked(conversation, book.routing),
    )


def relaxes_from(conversation: Conversation, now: datetime) -> datetime:
    """Since when it waits for an agent: since it came into the queue, or since the opening until which it was held."""
    queued_at, needs = conversation.queued_at or conversation.created_at, conversation.needs
    opened_at = needs.open_at if needs and needs.hold else None
    return opened_at if opened_at and queued_at < opened_at <= now else queued_at


class Asked(TypedDict):
    """Part of a `Context`."""

    declined: frozenset[str]
    missed: frozenset[str]
    ask_again_at: datetime | None
    flood: int


def who_is_asked(conversation: Conversation, settings: Routing) -> Asked:
    """Nobody who declined it or put it back, nor, for a while, who let an offer of it run out."""
    missed, pause_s = conversation.missed, settings.ask_again_s
    return {
        "declined": frozenset(conversation.declined),
        "missed": frozenset(missed.agents if missed else ()),
        "ask_again_at": missed.at + timedelta(seconds=pause_s) if missed and pause_s else None,
        "flood": settings.flood,
    }


def strategy_of(needs: Needs, book: Book) -> Strategy:
    """The team's; without one, most room."""
    team = team_of(needs, book)
    return team.strategy if team else Strategy.MOST_ROOM


def mode_of(needs: Needs, book: Book) -> Mode:
    """The team's; without one it is given at once."""
    team = team_of(needs, book)
    return team.mode if team else Mode.ASSIGN


def team_of(needs: Needs, book: Book) -> Team | None:
    """The one whose ways hold: the first of those asked for that there is."""
    return next((book.teams[team] for team in needs.teams if team in book.teams), None)


def with_one_more(seat: Seat, needs: Needs, kind: str, now: datetime) -> Seat:
    """The agent's seat once they were given this, as `seat_of` will see them."""
    return replace(
        seat,
        load=seat.load + needs.weight,
        held={each: units + needs.weight if each == kind else units for each, units in seat.held.items()},
        last_assigned=now.timestamp(),
        recent=(*(at for at in seat.recent if now - at < RECENT), now),
    )

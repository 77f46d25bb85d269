"""Whom a conversation goes to: one pure function, the same for the engine, the dry run and the queue check."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from hub.model import Needs
from hub.routing.barriers import Context, barrier
from hub.routing.decision import Decision
from hub.routing.relax import relaxed
from hub.routing.seats import Seat
from hub.routing.survey import Survey, alike
from hub.routing.urgency import held

__all__ = ["Context", "Round", "barrier", "choose"]


def choose(needs: Needs, seats: Sequence[Seat], context: Context) -> Decision:
    """Filter, score, tie-break, as `docs/routing.md` says; `outcome` is ASSIGNED or NOBODY (offers are the engine's).

    The same input gives the same decision, in whatever order the seats come. Who goes first (`needs.agent`) is waited
    for only while they are here and have no room; a conversation that is held until opening has no candidates.
    """
    return Survey(needs, () if held(needs, context.now) else seats, context).decide()


class Round:
    """Many choices at one moment over the same agents: each is what `choose` gives over the seats as updated so far.

    Conversations that ask for the same share one survey, so that handing out 10,000 of them costs little more than
    asking those agents again who were given one.
    """

    def __init__(self, seats: Sequence[Seat]) -> None:
        self._seats = {seat.id: seat for seat in seats}
        self._changed: list[Seat] = []
        self._surveys: dict[Hashable, _Seen] = {}

    def update(self, seat: Seat) -> None:
        """This agent has changed, or is new."""
        self._seats[seat.id] = seat
        self._changed.append(seat)

    def choose(self, needs: Needs, context: Context) -> Decision:
        """All contexts of a round have the same `now`."""
        if held(needs, context.now):
            return choose(needs, (), context)
        asked, _, _ = relaxed(needs, context.waited_s)
        seen = self._seen(alike(asked, context), needs, context)
        for seat in self._changed[seen.changes :]:
            seen.survey.update(seat)
        seen.changes = len(self._changed)
        return seen.survey.decide(needs, context)

    def _seen(self, key: Hashable, needs: Needs, context: Context) -> "_Seen":
        if key not in self._surveys:
            survey = Survey(needs, self._seats.values(), context)
            self._surveys[key] = _Seen(survey, len(self._changed))
        return self._surveys[key]


@dataclass(slots=True)
class _Seen:
    """A survey, and how many of the round's changes it knows."""

    survey: Survey
    changes: int = field(default=0)

"""Whom a conversation goes to: one pure function, the same for the engine, the dry run and the queue check."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from hub.model import Needs, Strategy
from hub.routing.decision import Decision
from hub.routing.seats import Seat


@dataclass(frozen=True, slots=True)
class Context:
    """What a choice depends on besides the needs and the agents.

    `queued_at`: relaxation and waits count from here (from the opening, where it was held); `kind`: of the channel;
    `flood`: new ones a minute for one agent, 0 for no limit.
    """

    now: datetime
    queued_at: datetime
    kind: str
    strategy: Strategy = Strategy.MOST_ROOM
    declined: Set[str] = field(default_factory=frozenset)
    flood: int = 0
    version: int = 0  # of the rules


def choose(needs: Needs, seats: Sequence[Seat], context: Context) -> Decision:
    """Filter, score, tie-break, as `docs/routing.md` says; `outcome` is ASSIGNED or NOBODY (offers are the engine's).

    The same input gives the same decision, in whatever order the seats come.
    """
    raise NotImplementedError

"""Why an agent cannot take a conversation now: asked of everybody by `choose`, and of one by the claim's guard."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime

from hub.model import Needs, Strategy
from hub.routing.decision import Barrier
from hub.routing.seats import RECENT, Seat


@dataclass(frozen=True, slots=True)
class Context:
    """What a choice depends on besides the needs and the agents.

    `queued_at`: relaxation and waits count from here (from the opening, where it was held); `kind`: of the channel;
    `declined`: who is not asked; `missed`: who is not asked until `ask_again_at` (None: never again); `flood`: new ones
    a minute for one agent, 0 for no limit.
    """

    now: datetime
    queued_at: datetime
    kind: str
    strategy: Strategy = Strategy.MOST_ROOM
    declined: Set[str] = field(default_factory=frozenset)
    missed: Set[str] = field(default_factory=frozenset)
    ask_again_at: datetime | None = None
    flood: int = 0
    version: int = 0  # of the rules

    @property
    def waited_s(self) -> float:
        return (self.now - self.queued_at).total_seconds()

    @property
    def not_asked(self) -> Set[str]:
        rest = self.ask_again_at is None or self.now < self.ask_again_at
        return self.declined | self.missed if rest and self.missed else self.declined


def barrier(needs: Needs, seat: Seat, context: Context) -> Barrier | None:
    """The first barrier that holds, in the order of `Barrier`; None: this agent may have it. `needs` as relaxed."""
    return asks(needs, context)(seat)


def asks(needs: Needs, context: Context) -> Callable[[Seat], Barrier | None]:
    """`barrier` for many seats: what is the same for all of them is looked up once."""
    teams, require, weight = frozenset(needs.teams), tuple(needs.require.items()), needs.weight
    kind, not_asked, flood, now = context.kind, context.not_asked, context.flood, context.now

    def ask(seat: Seat) -> Barrier | None:
        if not seat.capacity:
            return Barrier.MANUAL
        if teams and teams.isdisjoint(seat.teams):
            return Barrier.TEAM
        skills = seat.skills
        for skill, level in require:
            if skills.get(skill, 0) < level:
                return Barrier.SKILL
        if not seat.here:
            return Barrier.AWAY
        if seat.id in not_asked:
            return Barrier.DECLINED
        if seat.load + weight > seat.capacity:
            return Barrier.FULL
        if seat.caps and kind in seat.caps and seat.held.get(kind, 0) + weight > seat.caps[kind]:
            return Barrier.CAP
        if flood and seat.recent and len(seat.recent) >= flood and now - seat.recent[-flood] < RECENT:
            return Barrier.FLOOD
        return None

    return ask


def passes_at(held_by: Barrier | None, seat: Seat, needs: Needs, context: Context) -> datetime | None:
    """When time alone may let this agent have it: a slot weighs nothing any more, the minute of the flood guard is
    over, or whoever let it run out is asked again. None: not by time alone."""
    if held_by is Barrier.DECLINED:
        return None if seat.id in context.declined else context.ask_again_at
    if held_by is Barrier.FLOOD:
        return seat.recent[-context.flood] + RECENT
    if held_by in (Barrier.FULL, Barrier.CAP) and might_fit(seat, needs, context):
        return seat.until
    return None


def might_fit(seat: Seat, needs: Needs, context: Context) -> bool:
    """Whether it would fit if this agent had nothing else."""
    return 0 < seat.capacity >= needs.weight <= seat.caps.get(context.kind, needs.weight)

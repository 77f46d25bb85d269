"""An agent as routing sees them at one moment: what `choose` compares, worked out once an agent and change."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hub.model import Agent, Availability
from hub.routing.capacity import lighter_at, load

RECENT = timedelta(minutes=1)  # what the flood guard looks back on


@dataclass(frozen=True, slots=True)
class Seat:
    """`load`: units held and offered, at the moment of the seat; `held`: the same by kind of channel, where there is a
    cap; `recent`: when routing gave this agent something in the last minute, oldest first; `until`: from then on the
    seat is other than this without anybody doing anything (a slot weighs nothing any more)."""

    id: str
    here: bool  # available
    teams: Set[str] = frozenset()
    skills: Mapping[str, int] = field(default_factory=dict)
    capacity: int = 10
    load: int = 0
    caps: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    last_assigned: float = 0.0  # seconds since the epoch; 0: never
    recent: tuple[datetime, ...] = ()
    until: datetime | None = None


def seat_of(agent: Agent, now: datetime) -> Seat:
    """Right from `now` until the seat's `until`, as long as nobody writes to the agent."""
    return Seat(
        id=agent.id,
        here=agent.availability is Availability.AVAILABLE,
        teams=frozenset(agent.teams),
        skills=agent.skills,
        capacity=agent.capacity,
        load=load(agent, now),
        caps=agent.caps,
        held={kind: load(agent, now, kind) for kind in agent.caps},
        last_assigned=agent.last_assigned_at.timestamp() if agent.last_assigned_at else 0.0,
        recent=tuple(sorted(at for at in agent.recent if now - at < RECENT)),
        until=lighter_at(agent, now),
    )

"""An agent as routing sees them at one moment: what `choose` compares, worked out once an agent and change."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from hub.model import Agent


@dataclass(frozen=True, slots=True)
class Seat:
    """`load`: units held and offered, at the moment of the seat; `held`: the same by kind of channel, where there is a
    cap; `recent`: when routing gave this agent something in the last minute; `until`: from then on the seat is other
    than this without anybody doing anything (a slot weighs nothing any more)."""

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
    raise NotImplementedError

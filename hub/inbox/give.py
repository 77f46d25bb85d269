"""What routing does to a conversation, as changes: each holds only if what it was decided on still holds."""

from dataclasses import dataclass
from datetime import datetime

from hub.routing.decision import Decision

STALE_S = 2.0  # a decision older than this gives nothing: a frozen engine wakes with an old picture


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for one conversation, and on what. `version`, `seq`: the conversation's; `revision`: of the
    company's routing; `cause`: the id of the event that woke the engine."""

    conversation: str
    version: int
    seq: int
    revision: int
    decision: Decision
    decided_at: datetime
    team: str | None = None
    language: str | None = None
    cause: str | None = None

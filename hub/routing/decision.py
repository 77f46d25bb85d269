"""What was decided and why, as a value: stored with the event, told to screens, put into words in the browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.model import Needs, Relax

BEST = 10  # candidates that a decision names
NAMED = 5  # of those besides, where they are few
EASED = 10  # steps of relaxation that it tells


class Outcome(StrEnum):
    ASSIGNED = "assigned"
    OFFERED = "offered"
    NOBODY = "nobody"


class Why(StrEnum):
    """Why this agent, or why nobody."""

    # this agent
    PREFERRED = "preferred"  # the customer's agent, or the one a rule names
    ONLY_ONE = "only_one"  # nobody else could
    MOST_ROOM = "most_room"
    LONGEST_IDLE = "longest_idle"
    BEST_SKILL = "best_skill"
    # nobody
    NOBODY_HERE = "nobody_here"  # nobody of the team (or at all) is available
    LACKS_SKILL = "lacks_skill"  # nobody who is here has what is required
    FULL = "full"  # who could has no room (or none on this kind of channel)
    FLOOD = "flood"  # who could has just been given several
    DECLINED = "declined"  # all who could have declined it or let it time out
    WAITS_FOR_AGENT = "waits_for_agent"  # the customer's agent, for a while
    UNTIL_OPEN = "until_open"  # a rule keeps it until opening


class Barrier(StrEnum):
    """Why an agent is no candidate: the first that holds, in this order."""

    MANUAL = "manual"  # no capacity: routing gives them nothing, people may
    TEAM = "team"
    SKILL = "skill"
    AWAY = "away"  # not available: away, busy or offline
    DECLINED = "declined"
    FULL = "full"
    CAP = "cap"  # full on this kind of channel
    FLOOD = "flood"


class Tie(StrEnum):
    """What told equals apart; none when the strategy's score did."""

    PREFER = "prefer"
    IDLE = "idle"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who could take it, or the best of those who could not (`barrier`). `room`: units free of `capacity`
    before this conversation; `levels`: over the required and preferred skills."""

    agent: str
    room: int
    capacity: int
    levels: int = 0
    barrier: Barrier | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`needs` as relaxed by the `relaxed` first steps; `candidates`: the best ten, the chosen first; `others`: how many
    more by barrier; `lacking`: of the team, here or not, how many by the first skill they lack (`billing:2` → 1,940);
    `lacks`: the required skills that nobody here has (each `skill:level`), or all, where somebody has each but nobody
    has them all; `again_at`: when time alone may change the outcome."""

    outcome: Outcome
    why: Why
    agent: str | None = None
    tie: Tie | None = None
    needs: Needs = field(default_factory=Needs)
    relaxed: int = 0
    version: int = 0  # of the rules
    candidates: tuple[Candidate, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)  # by barrier
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # who these are, by barrier, where they are few
    lacking: Mapping[str, int] = field(default_factory=dict)  # agents by the first skill they lack, `billing:2`
    lacks: tuple[str, ...] = ()
    again_at: datetime | None = None

    @property
    def line(self) -> tuple[Any, ...]:
        """What has to change for a decision to be told anew."""
        return (self.outcome, self.why, self.agent, self.needs.rules, self.relaxed, self.lacks)


def as_data(decision: Decision) -> dict[str, Any]:
    """As the event keeps it: plain values, short, what is empty left out. Never texts, names or addresses."""
    needs = decision.needs
    told: dict[str, Any] = {
        "outcome": decision.outcome.value,
        "why": decision.why.value,
        "agent": decision.agent,
        "tie": decision.tie.value if decision.tie else None,
        "version": decision.version,
        "relaxed": decision.relaxed,
        "eased": [step_data(each) for each in _taken(decision)[:EASED]],
        "needs": {
            "require": dict(needs.require),
            "prefer": dict(needs.prefer),
            "teams": list(needs.teams),
            "agent": needs.agent,
            "weight": needs.weight,
            "priority": needs.priority,
            "rules": list(needs.rules),
            "open_at": needs.open_at,
        },
        "candidates": [_candidate(each) for each in decision.candidates],
        "others": dict(decision.others),
        "named": {barrier: list(agents) for barrier, agents in decision.named.items()},
        "lacking": dict(decision.lacking),
        "lacks": list(decision.lacks),
        "again_at": decision.again_at,
    }
    told["needs"] = _full(told["needs"])
    return _full(told)


def step_data(step: Relax) -> dict[str, Any]:
    """As a rule writes it: `{"after_s": 300, "lower": "billing:1"}`."""
    told: dict[str, Any] = {
        "drop": step.drop,
        "lower": f"{step.lower}:{step.level}" if step.lower else "",
        "team": step.team,
        "anybody": step.anybody or None,
    }
    return {"after_s": step.after_s} | _full(told)


def _taken(decision: Decision) -> Sequence[Relax]:
    return sorted(decision.needs.relax, key=lambda step: step.after_s)[: decision.relaxed]


def _candidate(candidate: Candidate) -> dict[str, Any]:
    told = {
        "agent": candidate.agent,
        "room": candidate.room,
        "capacity": candidate.capacity,
        "levels": candidate.levels,
    }
    return told | ({"barrier": candidate.barrier.value} if candidate.barrier else {})


def _full(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, [], {}, "")}

"""A colleague as screens show them: whether they are here, what they can, how much they hold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from hub.model import Agent, Availability, Role, User
from hub.routing.capacity import load
from hub.web.named import Time, maybe_time


class AgentView(TypedDict):
    """`availability` since `since`; `reason` and `until` are what they say of an absence. `load` of `capacity` units
    are held or offered now, `held` by kind of channel; `over`: more than the capacity. `caps`: units at most, by kind
    of channel. `connected`: routing knows of an open window; `online`: one has been heard of just now."""

    id: str
    name: str
    role: Literal["agent", "supervisor", "admin"]
    online: bool
    connected: bool
    availability: Literal["available", "busy", "away", "offline"]
    since: Time | None
    reason: str | None
    until: Time | None
    load: int
    capacity: int
    over: bool
    held: dict[str, int]
    caps: dict[str, int]
    teams: list[str]
    skills: dict[str, int]


def agent_view(user: User, agent: Agent, now: datetime, *, online: bool) -> AgentView:
    held = load(agent, now)
    return {
        "id": user.id,
        "name": user.name,
        "role": ROLES[user.role],
        "online": online,
        "connected": agent.connected,
        "availability": AVAILABILITIES[agent.availability],
        "since": maybe_time(agent.since),
        "reason": agent.reason,
        "until": maybe_time(agent.until),
        "load": held,
        "capacity": agent.capacity,
        "over": held > agent.capacity,
        "held": _by_kind(agent, now),
        "caps": dict(agent.caps),
        "teams": list(agent.teams),
        "skills": dict(agent.skills),
    }


def _by_kind(agent: Agent, now: datetime) -> dict[str, int]:
    kinds = {slot.kind for slots in (agent.slots, agent.offers) for slot in slots}
    held = {kind: load(agent, now, kind) for kind in sorted(kinds)}
    return {kind: units for kind, units in held.items() if units}


AVAILABILITIES: Mapping[Availability, Literal["available", "busy", "away", "offline"]] = {
    Availability.AVAILABLE: "available",
    Availability.BUSY: "busy",
    Availability.AWAY: "away",
    Availability.OFFLINE: "offline",
}
ROLES: Mapping[Role, Literal["agent", "supervisor", "admin"]] = {
    Role.AGENT: "agent",
    Role.SUPERVISOR: "supervisor",
    Role.ADMIN: "admin",
}

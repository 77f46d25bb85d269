"""What is going on now: how many wait and with what, who is here, and how much they hold."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from hub.inbox.house import House
from hub.model import Agent, Availability, Conversation
from hub.ports import Crowd
from hub.routing.capacity import load

QUEUE = 50  # of the waiting, the most urgent
HERE = frozenset({Availability.AVAILABLE, Availability.BUSY})


@dataclass(frozen=True, slots=True)
class AtDesk:
    """`today`: assigned to them since midnight, by the company's clock."""

    agent: Agent
    online: bool
    today: int


@dataclass(frozen=True, slots=True)
class Board:
    """`used` of `available` capacity units, of those who are here and are given something by routing, and how many
    `over` their capacity they hold; `desks` by name; `queue`: the most urgent first."""

    at: datetime
    waiting: int
    in_conversation: int
    longest: Conversation | None
    used: int
    available: int
    over: int
    groups: Sequence[Crowd]
    desks: Sequence[AtDesk]
    queue: Sequence[Conversation]


async def board_of(house: House, team: str | None = None, channel: str | None = None) -> Board:
    """Of all, of one team (`none`: of what has no team) or of one channel."""
    reader, now, settings = house.reader, house.clock.now(), house.directory.book.routing
    everywhere, queue, agents, today, online = await asyncio.gather(
        reader.crowds(),
        reader.most_urgent(minutes_per_step=settings.minutes_per_step, team=team, channel=channel, limit=QUEUE),
        reader.agents(),
        reader.assigned_since(_midnight(house, now)),
        house.presence.online(),
    )
    crowds = [each for each in everywhere if _asked(each, team, channel)]
    working = [agent for agent in agents if _works(house, agent, team)]
    held = [(load(agent, now), agent.capacity) for agent in working if agent.availability in HERE and agent.capacity]
    return Board(
        now,
        sum(crowd.waiting for crowd in crowds),
        sum(crowd.in_conversation for crowd in crowds),
        await _longest(house, crowds),
        sum(min(units, capacity) for units, capacity in held),
        sum(capacity for _, capacity in held),
        sum(max(0, units - capacity) for units, capacity in held),
        [crowd for crowd in crowds if crowd.waiting or crowd.in_conversation],
        [AtDesk(agent, agent.id in online, today.get(agent.id, 0)) for agent in _by_name(working)],
        queue,
    )


async def _longest(house: House, crowds: Sequence[Crowd]) -> Conversation | None:
    waiting = [(crowd.longest_since, crowd) for crowd in crowds if crowd.longest_since]
    first = min(waiting, key=lambda each: each[0], default=None)
    return await house.reader.longest_in(first[1]) if first else None


def _asked(crowd: Crowd, team: str | None, channel: str | None) -> bool:
    return team in (None, crowd.team or "none") and channel in (None, crowd.channel)


def _works(house: House, agent: Agent, team: str | None) -> bool:
    return house.directory.works_here(agent.id) and (team in (None, "none") or team in agent.teams)


def _by_name(agents: Iterable[Agent]) -> Sequence[Agent]:
    return sorted(agents, key=lambda agent: agent.name.casefold())


def _midnight(house: House, now: datetime) -> datetime:
    zone = ZoneInfo(house.directory.company.time_zone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(now.tzinfo)

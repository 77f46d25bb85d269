"""Who comes and goes: by their windows, by what they said of an absence, and what they left behind."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from hub.errors import HubError
from hub.inbox.availability import GONE, Arrive, Depart, Return
from hub.inbox.give import Rescue
from hub.inbox.house import House
from hub.model import Agent, Availability
from hub.ports import Change
from hub.routing.engine.crew import Crew

log = structlog.get_logger("hub.routing")

ASK_AGAIN_S = 60.0  # whether to rescue what somebody gave to one who is away


@dataclass(slots=True)
class Watch:
    """Looks at the crew of the engine. Several at once are harmless: the changes look for themselves.

    Nobody is sent away by what is not known: while Redis is away or has just been emptied, and for one grace after
    this process has begun to look, everybody stays.
    """

    house: House
    crew: Crew
    grace_s: float
    _gone_since: dict[str, float] = field(default_factory=dict)
    _left: dict[tuple[str, str], float] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def noted(self, note: Mapping[str, Any]) -> None:
        if note.get("kind") == "online":
            self._wake.set()

    async def rest(self, seconds: float) -> None:
        """Until somebody may have come, at most so long. Who does not lead rests too: the wake is used up here."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def look(self) -> None:
        self._wake.clear()
        await self._windows()
        now = self.house.clock.now()
        agents = tuple(self.crew.agents.values())
        over = (each for each in agents if each.availability is Availability.AWAY and each.until and each.until <= now)
        await self._do(Return(agent.id) for agent in over)
        await self._rescue(agents)

    async def _windows(self) -> None:
        online, present = await self.house.presence.online(), await self.house.presence.present()
        agents = tuple(self.crew.agents.values())
        await self._do(Arrive(agent.id) for agent in agents if agent.id in online and not agent.connected)
        if present is None:
            self._gone_since.clear()
            return
        now = asyncio.get_running_loop().time()
        gone = [agent.id for agent in agents if agent.connected and agent.id not in present]
        self._gone_since = {id: self._gone_since.get(id, now) for id in gone}
        await self._do(Depart(id) for id, since in self._gone_since.items() if now - since >= self.grace_s)

    async def _rescue(self, agents: Iterable[Agent]) -> None:
        """What waits for us at somebody who is gone; what came to them since stays, and is asked for seldom."""
        loop, now = asyncio.get_running_loop(), self.house.clock.now()
        rescue_s = self.house.directory.book.routing.rescue_s
        before = now - timedelta(seconds=rescue_s)
        away = [each for each in agents if each.availability in GONE and each.since and each.since <= before]
        left = [(slot.conversation, agent.id) for agent in away for slot in agent.slots if slot.until is None]
        self._left = {each: self._left[each] for each in left if each in self._left}
        due = [each for each in left if loop.time() >= self._left.get(each, 0.0)]
        self._left.update(dict.fromkeys(due, loop.time() + ASK_AGAIN_S))
        await self._do(Rescue(conversation, agent, rescue_s) for conversation, agent in due)

    async def _do(self, changes: Iterable[Change[Any]]) -> None:
        await asyncio.gather(*map(self._one, changes))

    async def _one(self, change: Change[Any]) -> None:
        try:
            await self.house.filing.submit(change)
        except HubError as error:  # the next look comes soon
            log.warning("not done", change=type(change).__name__, code=error.code)

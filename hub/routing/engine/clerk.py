"""What was decided is handed to filing, and what comes of it is noted."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import structlog

from hub.errors import HubError, Refused
from hub.inbox.give import Expire, Give, MakeOffer
from hub.inbox.house import House
from hub.routing.engine.news import News
from hub.routing.engine.picture import Picture
from hub.routing.engine.walk import Step, Walk

log = structlog.get_logger("hub.routing")

IN_FLIGHT = 200  # changes handed to filing at once: the group that is committed, and the next
GROUP = 200  # from here on what is given is filed agent by agent, and nobody waits for who goes before
WALK = (100, 800)  # given in one walk: as many as are filed in `WALK_S`, well before they are stale
WALK_S = 0.5
AGAIN_S = 0.02  # after a stale picture: twice as long each time, up to the sweep


@dataclass(slots=True)
class Clerk:
    """`most`: what one walk may give, so that it is filed in time."""

    house: House
    picture: Picture
    sweep_s: float
    most: int = GROUP
    _in_order: bool = True
    _done: int = 0
    _stale: set[tuple[str, str]] = field(default_factory=set)  # conversations, with the agents they were for
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))
    _trouble: HubError | None = None

    async def do(self, walk: Walk) -> bool:
        """Gives whether all of it is in order: else somebody would have passed one who is more urgent, and it is to be
        decided anew. Raises what the store said, if it is away: then nothing is known for sure."""
        gives, began = walk.gives, asyncio.get_running_loop().time()
        if len(gives) > GROUP:  # a group that touches few agents is written much faster
            gives = sorted(map(_on_its_own, gives), key=lambda step: step.agent)
        self._in_order, self._done = True, 0
        await asyncio.gather(*map(self._one, (*gives, *walk.others)))
        if len(gives) == walk.most:
            self._pace(self._done / (asyncio.get_running_loop().time() - began))
        trouble, self._trouble = self._trouble, None
        if trouble:
            raise trouble
        return self._in_order

    def _pace(self, per_s: float) -> None:
        least, most = WALK
        self.most = int(min(max(least, per_s * WALK_S), most))

    async def _one(self, step: Step) -> None:
        try:
            async with self._gate:
                done = await self.house.filing.submit(step.change)
        except Refused as refusal:
            self._was_stale(step, passed=refusal.code == "passes")
        except HubError as error:
            self._trouble = error
        except Exception:  # one that cannot be done must not keep the others waiting
            log.exception("not done", change=type(step.change).__name__)
            self._stale.add(("", step.agent))
            self.picture.line.set_aside(step.entry, self.house.clock.now())
        else:
            self._was_done(step, done)

    def _was_done(self, step: Step, done: Any) -> None:
        entry, line, crew = step.entry, self.picture.line, self.picture.crew
        self._done += 1
        if isinstance(step.change, Expire):
            if not done:  # not yet, by the clock of the change
                line.look_again(entry, self.house.clock.now() + timedelta(seconds=AGAIN_S))
            return
        entry.cause, entry.tried = None, 0
        if isinstance(step.change, Give):
            crew.given.add((done.id, step.agent))
            line.drop(done.id)
            return
        line.renew(entry, done)
        entry.line = step.change.plan.decision.line
        if done.offer:
            line.look_again(entry, done.offer.until)

    def _was_stale(self, step: Step, *, passed: bool) -> None:
        """Somebody was faster: both are read again, and it is decided anew; at once the first times, then soon, and
        whenever others are given something, who must not pass. `passed`: it was somebody else's who went before."""
        entry, id = step.entry, step.entry.conversation.id
        self._stale.add(("" if passed else id, step.agent))
        entry.tried += not passed
        self._in_order = self._in_order and not passed
        if entry.tried <= 2:
            self.picture.line.due[id] = None
        else:
            wait_s = min(self.sweep_s, AGAIN_S * 2 ** min(entry.tried, 10))
            self.picture.line.missed[id] = None
            self.picture.line.look_again(entry, self.house.clock.now() + timedelta(seconds=wait_s))

    def add_stale(self, news: News) -> News:
        """Whoever was seen otherwise than they are is read again."""
        for conversation, agent in self._stale:
            if conversation:
                news.ask_for(conversation)
            if agent:
                news.agents.setdefault(agent, "")
        self._stale.clear()
        return news


def _on_its_own(step: Step) -> Step:
    assert isinstance(step.change, Give | MakeOffer)
    return replace(step, change=replace(step.change, behind=None))

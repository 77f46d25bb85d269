"""The engine's day: it is woken by events, by times that come, and every two seconds anyway."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from hub.ending import end
from hub.errors import HubError
from hub.inbox.house import House
from hub.ports import Told
from hub.routing.engine.clerk import Clerk
from hub.routing.engine.news import News
from hub.routing.engine.picture import Picture
from hub.routing.engine.walk import Ahead, Walk
from hub.routing.engine.watch import Watch
from hub.routing.language import language_of
from hub.turns import Turns

log = structlog.get_logger("hub.routing")

SWEEP_S = 2.0
GRACE_S = 20.0
LEASE, LEASE_S = "routing", 6.0
ROUND_S = 0.5  # after which it looks again at what is new
OLD_S = 2.0  # a picture on which nobody is given anything any more: we were frozen, or had a slow minute
AGENTS_EVERY = 15  # sweeps: then everybody's record is read anew
AFTER_TROUBLE_S = 0.5
AT_LEISURE = 4  # while nobody could be given anything it rests so many times as long as it worked
LEISURE_S = (0.1, 0.5)  # at least, and at most
GIVE_WAY_S = 1.0  # to messages that wait to be filed, before a round
GIVE_WAY_STEP_S = 0.02


@dataclass(slots=True)
class Engine:
    """`forced`: works without asking whether another one does. `grace_s`: how long somebody whose windows have gone
    may be on the way back."""

    house: House
    forced: bool = False
    sweep_s: float = SWEEP_S
    grace_s: float = GRACE_S
    _picture: Picture = field(init=False)
    _clerk: Clerk = field(init=False)
    _watch: Watch = field(init=False)
    _news: News = field(default_factory=News)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _room: asyncio.Event = field(default_factory=asyncio.Event)  # somebody may have more than before
    _lost: bool = True  # the picture has to be made afresh
    _leads: bool = False
    _sweeps: int = 0
    _swept_at: float = 0.0
    _seen_at: float = 0.0  # how old the picture is: what happened later may not be in it
    _tasks: "list[asyncio.Task[None]]" = field(default_factory=list)

    def __post_init__(self) -> None:
        self._picture = Picture(self.house, Turns(), self.house.directory.book)
        self._clerk = Clerk(self.house, self._picture, self.sweep_s)
        self._watch = Watch(self.house, self._picture.crew, self.grace_s)

    async def start(self) -> None:
        self.house.feed.listen(self._told, self._lose)
        self.house.presence.listen(self._watch.noted)
        self._tasks = [
            asyncio.create_task(self._run(), name="routing"),
            asyncio.create_task(self._keep_watch(), name="routing watch"),
        ]

    async def stop(self) -> None:
        await asyncio.gather(*map(end, self._tasks))
        if self._leads and not self.forced:
            await self.house.leases.release(LEASE)

    async def _told(self, told: Sequence[Told]) -> None:
        if not self._leads:  # who begins to lead reads everything
            return
        self._news.note(told, self.house.filing.filed_with)
        self._wake.set()
        if self._news.room:
            self._room.set()

    async def _lose(self) -> None:
        self._lost = True
        self._wake.set()

    # --- its rounds

    async def _run(self) -> None:
        await asyncio.to_thread(language_of, "Bom dia!")  # loads what it knows, so that nobody has to wait for that
        while True:
            try:
                rest_s = await self._round()
            except Exception as error:
                self._stumble(error)
                rest_s = AFTER_TROUBLE_S
                self._wake.clear()
            await _until(self._wake, rest_s)

    def _stumble(self, error: Exception) -> None:
        """The store is away, or one of us erred: the picture is made afresh."""
        self._lost = True
        if isinstance(error, HubError):
            log.warning("routing waits", code=error.code)
        else:
            log.error("routing stumbled", exc_info=error)

    async def _round(self) -> float:
        """Sees what is new, decides, and has it done. Gives how long it may rest if nothing happens, in seconds."""
        if not self._leads:
            self._wake.clear()
            return self.sweep_s
        await self._give_way()
        began = asyncio.get_running_loop().time()
        self._wake.clear()
        self._room.clear()
        if self._lost or began - self._swept_at >= self.sweep_s:
            await self._sweep(began)
        await self._look()
        if self._is_old():  # we were frozen, and the feed may not have told yet what happened meanwhile
            await self._picture.compare()
            await self._look()
        if self._picture.crew.more or self._picture.line.due:
            await self._hand_out()
        return await self._leisure(began)

    async def _look(self) -> None:
        """At what is new, and at what those ask for who are to be looked at."""
        self._seen_at = asyncio.get_running_loop().time()
        news, self._news = self._news, News()
        await self._picture.hear(self._clerk.add_stale(news))
        now = self.house.clock.now()
        await self._picture.turn_to(self.house.directory.book, now)
        await self._picture.let_time_pass(now)
        await self._picture.learn()

    def _is_old(self) -> bool:
        return asyncio.get_running_loop().time() - self._seen_at > OLD_S

    async def _give_way(self) -> None:
        """Messages first: a round decides on what stands when it begins, and may as well begin later."""
        until = asyncio.get_running_loop().time() + GIVE_WAY_S
        while self.house.filing.pressed() and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(GIVE_WAY_STEP_S)

    async def _sweep(self, began: float) -> None:
        """What no event has told."""
        lost, self._lost = self._lost, False
        if lost:
            self._news = News()
            self._picture.forget()
        if lost or self._sweeps % AGENTS_EVERY == 0:
            await self._picture.look_at_all()
        else:
            await self._picture.compare()
        self._swept_at, self._sweeps = began, self._sweeps + 1

    async def _leisure(self, began: float) -> float:
        """Nothing is urgent while nobody has room: then events are left to gather, unless they may have made some."""
        line, crew = self._picture.line, self._picture.crew
        if not crew.has_room:
            took = asyncio.get_running_loop().time() - began
            least, most = LEISURE_S
            await _until(self._room, min(max(least, AT_LEISURE * took), most))
        if line.due or crew.more:
            return 0.0
        at = self._picture.next_at()
        until = (at - self.house.clock.now()).total_seconds() if at else self.sweep_s
        return max(0.001, min(until, self._swept_at + self.sweep_s - asyncio.get_running_loop().time()))

    async def _hand_out(self) -> None:
        """Walk after walk, to the end of the queue or for a while: what one has found is filed while the next looks."""
        line, crew, loop = self._picture.line, self._picture.crew, asyncio.get_running_loop()
        everybody, crew.more = crew.more, False
        entries = line.in_order() if everybody else line.to_walk()
        until, ended, in_order, ahead = loop.time() + ROUND_S, False, True, Ahead()
        filing: asyncio.Task[bool] | None = None
        try:
            while True:
                walk = Walk(self._picture, self.house.clock.now(), self._clerk.most, ahead)
                ended = await walk.along(entries)
                if filing:
                    in_order = await filing
                filing = asyncio.create_task(self._clerk.do(walk))
                if ended or walk.blocked or not in_order or loop.time() >= until or self._is_old():
                    break
        finally:
            if filing:
                await filing
        if ended:
            self._picture.woken_by = None
        elif everybody:
            crew.more = True

    # --- whether it is ours to do; who comes and goes

    async def _keep_watch(self) -> None:
        while True:
            try:
                await self._see_who_leads()
                if self._leads:
                    await self._watch.look()
            except Exception:
                log.exception("watch stumbled")
            await self._watch.rest(self.sweep_s)

    async def _see_who_leads(self) -> None:
        led, self._leads = self._leads, self.forced or await self.house.leases.hold(LEASE, for_s=LEASE_S)
        if self._leads and not led:
            await self._lose()


async def _until(happens: asyncio.Event, seconds: float) -> None:
    """Until then, at most so long."""
    try:
        async with asyncio.timeout(seconds):  # not wait_for: in 3.11 it can swallow our own end
            await happens.wait()
    except TimeoutError:
        return

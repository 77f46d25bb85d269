"""Two engines and two crowds on one store; engines are killed, frozen and woken; every commit is checked."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

from bson import CodecOptions
from pymongo import AsyncMongoClient

from hub.inbox.house import House
from hub.inbox.queue_facts import gather
from hub.model import Conversation
from hub.ports import Rights
from hub.routing.choose import choose
from hub.routing.handing import context_of
from hub.routing.needs import needs_of
from hub.routing.seats import seat_of
from tests.house import Parts, built
from tests.routing.history.checker import Checker
from tests.routing.history.crowd import Open
from tests.routing.history.moment import WATCHED, Recorder

TROUBLE_EVERY = 200  # assignments: so a busy machine is not all trouble
PATIENCE_S = 20.0  # then trouble comes anyway: an engine may be what is missing
QUIET_EVERY = 5_000  # assignments, then everybody pauses and I5 is asked
QUIET_S = 60.0  # at most, until what is left is what must be left
_HERE = Path(__file__).parents[3]


@dataclass(slots=True)
class Storm:
    mongo_url: str
    redis_url: str
    name: str
    folder: Path
    seed: int
    parts: Parts
    checker: Checker
    watching: "Watching"
    killed: int = 0
    frozen: int = 0
    quiet: int = 0
    _engines: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _crowds: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self._engines = [self._process("engine", n) for n in range(2)]
        self._crowds = [self._process("crowd", self.seed + n) for n in range(2)]

    async def rage(self, until: int) -> None:
        """Until so many were assigned by routing, or a fault is found."""
        dice, asked_at = Random(self.seed), QUIET_EVERY
        while self.checker.assigned < until and not self.checker.faults:
            await self._calm(self.checker.assigned + TROUBLE_EVERY)
            await self._trouble(dice)
            if self.checker.assigned >= asked_at:
                asked_at += QUIET_EVERY
                await self.ask_in_quiet()
        await self.ask_in_quiet(again=False)

    async def _trouble(self, dice: Random) -> None:
        at = dice.randrange(len(self._engines))
        engine = self._engines[at]
        assert not self.watching.task.done(), self.watching.task.exception()
        assert all(each.poll() is None for each in self._crowds), "a crowd has gone: see its log"
        if dice.random() < 0.4:
            engine.kill()
            engine.wait()
            self._engines[at] = self._process("engine", at)
            self.killed += 1
        else:
            engine.send_signal(signal.SIGSTOP)
            await asyncio.sleep(dice.uniform(1.0, 6.0))
            engine.send_signal(signal.SIGCONT)
            self.frozen += 1

    async def _calm(self, until: int) -> None:
        since = monotonic()
        while self.checker.assigned < until and monotonic() - since < PATIENCE_S and not self.checker.faults:
            await asyncio.sleep(0.1)

    async def ask_in_quiet(self, *, again: bool = True) -> None:
        """I5: nobody pauses longer than it takes to be served, and nobody is left whom somebody could serve."""
        for crowd in self._crowds:
            crowd.send_signal(signal.SIGUSR1)
        left, since = ["not asked"], monotonic()
        while left and monotonic() - since < QUIET_S:
            await asyncio.sleep(1.0)
            left = await left_waiting(self.parts.house)
        self.checker.faults += [f"I5: {each}" for each in left]
        self.quiet += 1
        if again:
            for crowd in self._crowds:
                crowd.send_signal(signal.SIGUSR1)

    def stop(self) -> None:
        for process in (*self._crowds, *self._engines):
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in (*self._crowds, *self._engines):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def _process(self, role: str, seed: int) -> "subprocess.Popen[bytes]":
        arguments = (role, self.mongo_url, self.redis_url, self.name, str(seed))
        with open(self.folder / f"{role}-{seed}.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.routing.history.process", *arguments],
                cwd=_HERE,
                env=os.environ | {"PYTHONPATH": str(_HERE)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


async def left_waiting(house: House) -> list[str]:
    """Who waits though `choose` would give them to somebody."""
    await house.directory.refresh()
    book, now = house.directory.book, house.clock.now()
    seats = [seat_of(agent, now) for agent in await house.reader.agents()]
    waiting = [each for each in await waiting_in(house) if not each.offer]
    facts = await gather(house, book, waiting, now)
    found = []
    for each in waiting:
        needs = needs_of(book, facts[each.id], each.channel_kind).needs
        decision = choose(needs, seats, context_of(each, needs, book, now))
        if decision.agent:
            found.append(f"{each.number} could go to {decision.agent} and is left because {each.waits}")
    return found


async def waiting_in(house: House) -> list[Conversation]:
    """Everybody in the queue, as the store has it."""
    found: list[Conversation] = []
    after = None
    while page := await house.reader.page(Rights("", everything=True), "waiting", after=after, limit=200):
        found += page
        after = (page[-1].rank, page[-1].id)
    return found


@dataclass(slots=True)
class Watching:
    """Every commit of a database on its way through the checker."""

    caught_up: asyncio.Event
    task: "asyncio.Task[None]"

    async def all_seen(self) -> None:
        """Returns when everything that was committed before has been checked."""
        for _ in range(3):  # what was committed just now may still be on its way
            self.caught_up.clear()
            waits = asyncio.create_task(self.caught_up.wait())
            await asyncio.wait((waits, self.task), return_when=asyncio.FIRST_COMPLETED)
            waits.cancel()
            if self.task.done():
                self.task.result()


@asynccontextmanager
async def watched(client: AsyncMongoClient, name: str, checker: Checker) -> AsyncIterator[Watching]:
    pipeline = [{"$match": {"ns.coll": {"$in": list(WATCHED)}}}]
    database = client.get_database(name, codec_options=CodecOptions(tz_aware=True))
    async with await database.watch(pipeline, max_await_time_ms=50, batch_size=1_000) as stream:
        caught_up = asyncio.Event()

        async def check() -> None:
            async for moment in Recorder(stream).moments():
                if moment is None:
                    caught_up.set()
                else:
                    checker.take(moment)

        task = asyncio.create_task(check())
        try:
            yield Watching(caught_up, task)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def storm(
    client: AsyncMongoClient, mongo_url: str, redis_url: str, name: str, folder: Path, seed: int
) -> AsyncIterator[Storm]:
    async with built(mongo_url, redis_url, name) as parts:
        checker = Checker()
        async with watched(client, name, checker) as watching:
            made = Storm(mongo_url, redis_url, name, folder, seed, parts, checker, watching)
            await parts.filing.submit(Open())
            await parts.house.directory.refresh()
            made.start()
            try:
                yield made
            finally:
                made.stop()
                await watching.all_seen()

"""F15: an engine that stood still between deciding and doing wakes with an old picture, and gives nothing wrong."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.assign import assign
from hub.inbox.give import Give
from hub.inbox.resolve import resolve
from hub.model import Agent, Availability, Routing
from hub.ports import Filing
from tests.cast import BRUNO, CARLA
from tests.routing.company import Company, all_day

HERE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
async def company_all_day(mongo_url: str, redis_url: str) -> AsyncIterator[Company]:
    async with all_day(mongo_url, redis_url, __name__) as made:
        yield made


@pytest.fixture
async def company(company_all_day: Company) -> Company:
    """Without an engine."""
    await company_all_day.begin_afresh()
    return company_all_day


@pytest.fixture
async def freezing(company: Company, mongo_url: str, redis_url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """An engine in another process, which stops itself when it is about to give something."""
    command = [sys.executable, "-m", "tests.routing.frozen", mongo_url, redis_url, company.parts.database.name]
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=HERE)
    try:
        await said(child, b"leads")
        yield child
    finally:
        child.kill()
        await child.wait()


async def said(child: asyncio.subprocess.Process, word: bytes) -> None:
    assert child.stdout
    async with asyncio.timeout(60):
        while word not in await child.stdout.readline():
            pass


async def stopped(child: asyncio.subprocess.Process) -> bool:
    return Path(f"/proc/{child.pid}/stat").read_text().rpartition(") ")[2].startswith("T")


async def test_a_process_that_was_frozen_gives_nothing_that_another_gave_meanwhile(
    company: Company, freezing: asyncio.subprocess.Process
) -> None:
    await company.here("ana", capacity=2)
    id = await company.writes(visitor="a")
    await company.until(lambda: stopped(freezing))
    await company.engine(forced=True)
    assert await company.given_to(id) == "ana"
    freezing.send_signal(signal.SIGCONT)
    await said(freezing, b"filed")
    assert len(await company.events(Kind.CONVERSATION_ASSIGNED)) == 1


async def test_a_process_that_was_frozen_fills_nobody_beyond_their_capacity(
    company: Company, freezing: asyncio.subprocess.Process
) -> None:
    await company.here("ana", capacity=2)
    id = await company.writes(visitor="a")
    await company.until(lambda: stopped(freezing))
    other = await company.writes(visitor="b")
    await assign(company.house, CARLA, other, assignee="ana", seen_assignee=None)
    freezing.send_signal(signal.SIGCONT)
    await said(freezing, b"filed")
    await company.waits_because(id, "full")
    assert [slot.conversation for slot in (await company.agent("ana")).slots] == [other]


@dataclass
class HeldBack:
    """A filing that keeps what is to be given until somebody lets it go."""

    filing: Filing
    kept: list[tuple[Give, "asyncio.Future[Any]"]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.filing, name)

    async def submit(self, change: Any) -> Any:
        if not isinstance(change, Give):
            return await self.filing.submit(change)
        self.kept.append((change, asyncio.get_running_loop().create_future()))
        return await self.kept[-1][1]


@asynccontextmanager
async def decided(company: Company, id: str) -> AsyncIterator[Give]:
    """What an engine has decided for this conversation and not yet filed, fresh enough to hold in itself."""
    held_back = HeldBack(company.house.filing)
    beside = Company(replace(company.parts, house=replace(company.house, filing=held_back)))  # type: ignore[arg-type]
    engine = await beside.engine(forced=True)

    async def has_decided() -> bool:
        return any(change.plan.conversation == id for change, _ in held_back.kept)

    await company.until(has_decided)
    await engine.stop()
    (change,) = [change for change, _ in held_back.kept if change.plan.conversation == id]
    yield replace(change, plan=replace(change.plan, decided_at=change.plan.decided_at + timedelta(days=1)))


async def refused(company: Company, change: Give, code: str = "stale") -> None:
    with pytest.raises(Refused) as refusal:
        await company.house.filing.submit(change)
    assert refusal.value.code == code


async def test_what_was_decided_and_still_holds_is_given(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    async with decided(company, id) as late:
        await company.house.filing.submit(late)
    assert (await company.conversation(id)).assignee == "ana"


async def test_a_decision_that_is_too_old_gives_nothing(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    async with decided(company, id) as late:
        await refused(company, Give(replace(late.plan, decided_at=late.plan.decided_at - timedelta(days=2))))


@pytest.mark.parametrize(
    "changes",
    [
        {"availability": Availability.BUSY},
        {"availability": Availability.OFFLINE},
        {"capacity": 1},
        {"caps": {"widget": 1}},
    ],
)
async def test_nobody_is_given_what_they_cannot_have_any_more(company: Company, changes: dict[str, Any]) -> None:
    await company.here("ana")
    id = await company.writes()
    async with decided(company, id) as late:
        await company.change(Agent, "ana", **changes)
        await refused(company, late)


async def test_nobody_takes_the_place_of_somebody_more_urgent_whose_agent_was_lost(company: Company) -> None:
    await company.here("ana", "bruno", capacity=2)
    older, newer = await company.writes(visitor="a"), await company.writes(visitor="b")
    async with decided(company, newer) as late:
        await refused(company, late, "passes")
        (other,) = {"ana", "bruno"} - {late.plan.decision.agent}
        await assign(company.house, CARLA, older, assignee=other)
        await company.house.filing.submit(late)
    assert (await company.conversation(newer)).assignee == late.plan.decision.agent


async def test_a_persons_choice_wins_over_what_was_decided_before(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    async with decided(company, id) as late:
        await assign(company.house, BRUNO, id, assignee="bruno")
        await refused(company, late)
    assert (await company.conversation(id)).assignee == "bruno"


async def test_what_was_resolved_written_to_or_ruled_otherwise_meanwhile_is_not_given(company: Company) -> None:
    await company.here("ana")
    resolved, written, ruled = [await company.writes(visitor=visitor) for visitor in "abc"]
    async with decided(company, resolved) as late:
        await resolve(company.house, BRUNO, resolved)
        await refused(company, late)
    async with decided(company, written) as late:
        await company.writes("E mais uma coisa", visitor="b")
        await refused(company, late)
    async with decided(company, ruled) as late:
        await company.change(Routing, "routing", priority=6)
        await refused(company, late)

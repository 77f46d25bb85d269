"""Who comes and goes by their windows, and what they leave behind; on a real Valkey that is emptied and killed."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis as Client

from hub import engines
from hub.events import Kind
from hub.inbox.assign import assign
from hub.model import Agent, Availability, Routing
from tests.cast import ADMIN
from tests.conftest import EnginesPlace
from tests.routing.company import Company, opened
from tests.test_engines import pids

ONLINE_S = 1.5  # for which a window that has said it is there is believed


@pytest.fixture
async def company(mongo_url: str, redis_url: str, database_name: str) -> AsyncIterator[Company]:
    async with opened(mongo_url, redis_url, database_name, online_s=ONLINE_S) as made:
        await made.engine(sweep_s=0.2, grace_s=0.5)
        yield made


@asynccontextmanager
async def window(company: Company, agent: str) -> AsyncIterator[None]:
    """An open window of this agent: it says so all the time."""

    async def say() -> None:
        while True:
            await company.house.presence.beat(agent)
            await asyncio.sleep(0.2)

    saying = asyncio.create_task(say())
    try:
        yield
    finally:
        saying.cancel()
        with suppress(asyncio.CancelledError):
            await saying


async def is_now(company: Company, agent: str, availability: Availability) -> None:
    async def holds() -> bool:
        return (await company.agent(agent)).availability is availability

    await company.until(holds)


async def test_a_window_brings_back_what_they_were_and_its_loss_takes_them_away(company: Company) -> None:
    await company.change(Agent, "ana", returns_to=Availability.AVAILABLE)
    async with window(company, "ana"):
        await is_now(company, "ana", Availability.AVAILABLE)
    await is_now(company, "ana", Availability.OFFLINE)
    async with window(company, "ana"):
        await is_now(company, "ana", Availability.AVAILABLE)


async def test_who_never_had_a_window_stays_what_they_said(company: Company) -> None:
    await company.here("bruno")
    async with window(company, "ana"):
        await company.until(lambda: connected(company, "ana"))
    await company.until(lambda: gone(company, "ana"))
    assert (await company.agent("bruno")).availability is Availability.AVAILABLE


async def test_what_waits_at_somebody_who_has_gone_is_rescued(company: Company) -> None:
    await company.change(Routing, "routing", rescue_s=1)
    await company.here("ana")
    id = await company.writes()
    assert await company.given_to(id) == "ana"
    await company.change(Agent, "ana", availability=Availability.OFFLINE)
    waits = await company.waits_because(id, "nobody_here")
    assert waits.first_queued_at
    assert waits.queued_at
    assert waits.first_queued_at < waits.queued_at
    (told,) = await company.events(Kind.CONVERSATION_RELEASED)
    assert told.data == {"from": "ana", "why": "away"}
    await company.here("bruno")
    assert await company.given_to(id) == "bruno"


async def test_what_was_given_by_hand_to_somebody_away_stays_there(company: Company) -> None:
    await company.change(Routing, "routing", rescue_s=0)
    await company.change(Agent, "ana", availability=Availability.AWAY)
    id = await company.writes()
    await assign(company.house, ADMIN, id, assignee="ana", seen_assignee=None)
    await company.here("bruno")
    await company.settled()
    assert (await company.conversation(id)).assignee == "ana"


async def test_an_emptied_redis_sends_nobody_away(
    company: Company, mongo_url: str, redis_url: str, database_name: str
) -> None:
    beside = opened(mongo_url, redis_url, database_name, online_s=ONLINE_S)  # the process where the window is open
    await company.change(Agent, "ana", returns_to=Availability.AVAILABLE)
    async with beside as other, window(other, "ana"):
        await is_now(company, "ana", Availability.AVAILABLE)
        async with Client.from_url(redis_url) as client:
            await client.flushall()
        for _ in range(4):
            await company.settled()
    assert Availability.OFFLINE not in await told_of(company, "ana")


async def test_while_redis_is_away_nobody_is_sent_away(mongo_url: str, database_name: str, tmp_path: Path) -> None:
    place = EnginesPlace(tmp_path, mongo_url="mongodb://unused")
    async with (
        engines.attach_or_start(place, lambda url: asyncio.sleep(0)) as addresses,
        opened(mongo_url, addresses.redis_url, database_name, online_s=ONLINE_S) as company,
    ):
        await company.engine(sweep_s=0.2, grace_s=0.5)
        await company.change(Agent, "ana", returns_to=Availability.AVAILABLE)
        async with window(company, "ana"):
            await is_now(company, "ana", Availability.AVAILABLE)
            await company.until(lambda: sure(company))
            os.kill(pids(tmp_path)["valkey"], signal.SIGSTOP)
        try:
            for _ in range(5):
                await company.settled()
            assert Availability.OFFLINE not in await told_of(company, "ana")
            assert await company.given_to(await company.writes()) == "ana"
        finally:
            os.kill(pids(tmp_path)["valkey"], signal.SIGCONT)


async def connected(company: Company, agent: str) -> bool:
    return (await company.agent(agent)).connected


async def gone(company: Company, agent: str) -> bool:
    return not await connected(company, agent)


async def sure(company: Company) -> bool:
    return await company.house.presence.present() is not None


async def told_of(company: Company, agent: str) -> list[Availability]:
    events = await company.events(Kind.AGENT_CHANGED)
    return [Availability(each.data["availability"]) for each in events if "availability" in each.data]

"""F16: an agent's browser closes, or their network is gone: they are offline after the grace, and what waits for us at
them goes to somebody else."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import pytest

from tests.faults.harness import PATIENCE_S, AgentAt, HubProcess, hire, signed_in
from tests.faults.house import House, open_house
from tests.faults.load import Hooks
from tests.faults.proxy import proxy_to

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

GRACE_S = 20.0  # at the least: who loads the page anew has not gone
RESCUE_S = 30  # the least there may be
LONG_S = 180.0  # without a word the hub asks twice, believes for half a minute, and waits for the grace


@dataclass(slots=True)
class Counter:
    """Ana supervises; the others are agents, by name."""

    house: House
    people: Mapping[str, AgentAt]

    async def receives(self, name: str) -> str:
        """A signed webhook from somebody new; gives the conversation."""
        async with aiohttp.ClientSession() as http:
            status, body, _ = await Hooks(self.house.hub, self.house.webhook).post(http, name, thread=name)
        assert status == 202, body
        conversation: str = json.loads(body)["conversation"]
        return conversation

    async def with_whom(self, conversation: str) -> str | None:
        found = await self.house.ana.ask("GET", f"/api/conversations/{conversation}")
        assignee = found["conversation"]["assignee"]
        return assignee["name"] if assignee else None

    async def agent(self, name: str) -> Mapping[str, Any]:
        agents = await self.house.ana.ask("GET", "/api/agents")
        found: Mapping[str, Any] = next(each for each in agents if each["name"] == name)
        return found

    async def is_now(self, name: str, availability: str) -> float:
        """The seconds until it was so."""
        began = monotonic()
        async with asyncio.timeout(LONG_S):
            while (await self.agent(name))["availability"] != availability:
                await asyncio.sleep(0.2)
        return monotonic() - began

    async def given_to(self, conversation: str) -> str:
        async with asyncio.timeout(PATIENCE_S):
            while not (name := await self.with_whom(conversation)):
                await asyncio.sleep(0.1)
        return name

    async def waits_because(self, conversation: str, why: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while (await self._decision(conversation)).get("why") != why:
                await asyncio.sleep(0.2)

    async def _decision(self, conversation: str) -> Mapping[str, Any]:
        told = await self.house.ana.ask("GET", f"/api/conversations/{conversation}/why")
        return told["decision"] or {}

    async def goes_to(self, conversation: str, name: str | None) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while await self.with_whom(conversation) != name:
                await asyncio.sleep(0.2)


@asynccontextmanager
async def window(agent: AgentAt, through: HubProcess | None = None) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """An open page: it hears, and says that it is there when it is asked."""
    screen = await agent.live(hub=through)
    await screen.next("hello")

    async def hear() -> None:
        async for _ in screen.ws:
            pass

    hearing = asyncio.create_task(hear())
    try:
        yield screen.ws
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
        await screen.ws.close()


@pytest.fixture
async def counter(tmp_path: Path, mongo_url: str, redis_url: str, database_name: str) -> AsyncIterator[Counter]:
    env = {"HUB_MONGO_URL": mongo_url, "HUB_REDIS_URL": redis_url, "HUB_DATABASE": database_name}
    async with open_house(tmp_path, env) as house:
        emails = {name: await hire(house.ana, name) for name in ("Bruno", "Clara", "Davi")}
        async with (
            signed_in(house.hub, emails["Bruno"]) as bruno,
            signed_in(house.hub, emails["Clara"]) as clara,
            signed_in(house.hub, emails["Davi"]) as davi,
        ):
            await house.ana.ask("PATCH", "/api/routing/settings", rescue_s=RESCUE_S)
            yield Counter(house, {"Bruno": bruno, "Clara": clara, "Davi": davi})


async def test_who_closes_the_browser_or_loses_the_network_is_offline_and_their_customers_are_rescued(
    counter: Counter,
) -> None:
    people, hub = counter.people, counter.house.hub
    async with proxy_to(hub.port) as line, window(people["Davi"]), window(people["Bruno"]) as open_page:
        async with window(people["Clara"], through=replace(hub, port=line.port)):
            await counter.house.ana.ask("PATCH", f"/api/agents/{people['Davi'].id}", capacity=0)
            for name in people:
                await counter.is_now(name, "available")
            conversations = [await counter.receives(f"hook-{n}") for n in range(2)]
            assert {await counter.given_to(conversation) for conversation in conversations} == {"Bruno", "Clara"}

            await open_page.close()
            line.silent = True
            gone = await asyncio.gather(*(counter.is_now(name, "offline") for name in ("Bruno", "Clara")))
            print(f"offline after {gone[0]:.0f} s (closed) and {gone[1]:.0f} s (no network)")
            assert min(gone) >= GRACE_S
            assert (await counter.agent("Davi"))["availability"] == "available"

            for conversation in conversations:
                await counter.goes_to(conversation, None)
            await counter.waits_because(conversations[0], "nobody_here")
        await counter.house.ana.ask("PATCH", f"/api/agents/{people['Davi'].id}", capacity=10)
        for conversation in conversations:
            await counter.goes_to(conversation, "Davi")
        async with window(people["Bruno"]):
            await counter.is_now("Bruno", "available")

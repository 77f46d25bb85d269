"""What waits and who comes: the hub's engine beside bare claims, on databases of one mongod.

The staff is put into the hub's database behind its back, and told of as it would be: they come all at once.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from bench.floor import bare_claims
from hub.clock import SystemClock
from hub.events import Event, Kind
from hub.model import Agent, Availability, Routing
from hub.store.records import to_document

AGENTS = 200
CAPACITY = 50
PATIENCE_S = 300.0
LOOK_S = 0.05

Store = AsyncDatabase[dict[str, Any]]


@asynccontextmanager
async def store(mongo_url: str, name: str) -> AsyncIterator[Store]:
    async with AsyncMongoClient(mongo_url) as client:
        yield client[name]


async def hire(database: Store, capacity: int, availability: Availability = Availability.OFFLINE) -> None:
    """Nobody is spared by the flood guard here."""
    await database.routing.replace_one({"_id": "routing"}, to_document(Routing(flood=0, revision=1)), upsert=True)
    staff = [Agent(f"agent-{n:03}", f"Agent {n}", availability, capacity=capacity) for n in range(AGENTS)]
    await database.agents.insert_many([to_document(each) for each in staff])
    await _tell(database, [(Kind.ROUTING_CHANGED, {"what": "settings"}), *_changed()])


async def come(database: Store) -> None:
    """All of them at once."""
    here = {"availability": Availability.AVAILABLE.value}
    await database.agents.update_many({"_id": {"$regex": "^agent-"}}, {"$set": here})
    await _tell(database, _changed())


async def given(database: Store, conversations: int) -> float:
    """A second, from when they come until everybody has been given to somebody."""
    began = perf_counter()
    await come(database)
    async with asyncio.timeout(PATIENCE_S):
        while await database.conversations.count_documents({"status": "open", "assignee": {"$gt": ""}}) < conversations:
            await asyncio.sleep(LOOK_S)
    return conversations / (perf_counter() - began)


async def all_told(database: Store, conversations: int) -> None:
    """Until every one of those who wait has been looked at."""
    async with asyncio.timeout(PATIENCE_S):
        while await database.conversations.count_documents({"waits": {"$exists": True}}) < conversations:
            await asyncio.sleep(0.5)


async def fullest(database: Store) -> int:
    """Capacity units that the agent with the most holds."""
    return max([sum(slot["weight"] for slot in each.get("slots", ())) async for each in database.agents.find()])


async def bare_rate(mongo_url: str, name: str, conversations: int) -> float:
    """A second, by bare claim transactions."""
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        claims = await bare_claims.waiting(client[name], conversations, AGENTS)
        return await bare_claims.all_claimed(client, name, claims, group=50)


async def bare_waits(mongo_url: str, name: str, claims: int, per_second: float) -> Sequence[float]:
    """From the beginning of a claim to the news of it, ascending, in seconds; a transaction each, one change stream."""
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        told = await bare_claims.waiting(client[name], claims, AGENTS)
        began: dict[str, float] = {}
        waits: list[float] = []

        async def one(conversation: str, agent: str, at: float) -> None:
            await asyncio.sleep(at)
            began[conversation] = perf_counter()
            await bare_claims.claim(client, name, [(conversation, agent)])

        async with await client[name].events.watch([{"$match": {"operationType": "insert"}}]) as stream:
            work = [asyncio.create_task(one(*each, n / per_second)) for n, each in enumerate(told)]
            while len(waits) < claims:
                change = await stream.next()
                waits.append(perf_counter() - began[change["fullDocument"]["conversation"]])
            await asyncio.gather(*work)
    return sorted(waits)


def _changed() -> Sequence[tuple[Kind, Mapping[str, Any]]]:
    told = {"fields": ["availability"]}
    return [(Kind.AGENT_CHANGED, {"agent": f"agent-{n:03}", **told}) for n in range(AGENTS)]


async def _tell(database: Store, news: Sequence[tuple[Kind, Mapping[str, Any]]]) -> None:
    clock = SystemClock()
    await database.events.insert_many(
        [to_document(Event(clock.new_id(), kind, clock.now(), data=data)) for kind, data in news]
    )

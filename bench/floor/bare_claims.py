"""Claims with nothing around them: the agent, the conversation and the event in one transaction of the bare driver.

No needs, no choice, no rights; the guards stand in the filters. A floor to measure against, not code to take.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from time import perf_counter
from typing import Any

from bson import ObjectId
from pymongo import AsyncMongoClient, InsertOne, UpdateOne, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

Document = dict[str, Any]
Claim = tuple[str, str]  # conversation, agent

DURABLE = WriteConcern("majority", j=True)
LANES = 2


async def waiting(database: AsyncDatabase[Document], conversations: int, agents: int) -> Sequence[Claim]:
    """Fills the database; gives who is to have what, each agent their share in a row."""
    told = [{"_id": f"c-{n}", "status": "open", "turn": "us", "version": 1} for n in range(conversations)]
    await database.conversations.insert_many(told, ordered=False)
    here = [{"_id": f"a-{n}", "availability": "available", "capacity": 50, "slots": []} for n in range(agents)]
    await database.agents.insert_many(here)
    await database.create_collection("events")
    await database.conversations.create_index([("status", 1), ("assignee", 1)])
    return [(each["_id"], here[n * agents // conversations]["_id"]) for n, each in enumerate(told)]


async def all_claimed(client: AsyncMongoClient[Document], name: str, claims: Sequence[Claim], group: int) -> float:
    """A second, grouped so many at a time."""
    rest = iter(claims)

    async def lane() -> None:
        while claimed := list(islice(rest, group)):
            await claim(client, name, claimed)

    began = perf_counter()
    await asyncio.gather(*(lane() for _ in range(LANES)))
    return len(claims) / (perf_counter() - began)


async def claim(client: AsyncMongoClient[Document], name: str, claims: Iterable[Claim]) -> None:
    now = datetime.now(UTC)
    moved, held, told = [], [], []
    for conversation, agent in claims:
        free = {"_id": conversation, "assignee": None, "version": 1}
        moved.append(UpdateOne(free, {"$set": {"assignee": agent}, "$inc": {"version": 1}}))
        room = {"_id": agent, "availability": "available", "slots.49": {"$exists": False}}
        slot = {"conversation": conversation, "weight": 1, "channel": "web"}
        held.append(UpdateOne(room, {"$push": {"slots": slot}, "$set": {"last_assigned_at": now}}))
        event = {"_id": ObjectId(), "kind": "assigned", "conversation": conversation, "assignee": agent, "at": now}
        told.append(InsertOne(event))

    async def file(session: AsyncClientSession) -> None:
        await client[name].conversations.bulk_write(moved, ordered=False, session=session)
        await client[name].agents.bulk_write(held, ordered=False, session=session)
        await client[name].events.bulk_write(told, ordered=False, session=session)

    async with client.start_session() as session:
        await session.with_transaction(file, read_concern=ReadConcern("local"), write_concern=DURABLE)

"""Numbered steps from an older database to this one. Each may run twice, and in two processes at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.errors import CollectionInvalid

from hub.model import Agent, Conversation, Role, Status, User
from hub.store.database import Database
from hub.store.indexes import make_indexes
from hub.store.records import COLLECTIONS
from hub.store.slots import mend_slots


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    what: str
    run: Callable[[Database], Awaitable[None]]


async def make_collections(database: Database) -> None:
    """A transaction may not create collections on every server, and the feed watches one that must be there."""
    there = set(await database.raw.list_collection_names())
    for name in sorted({*COLLECTIONS.values(), "counters", "meta"} - there):
        try:
            await database.raw.create_collection(name)
        except CollectionInvalid:
            continue  # another process was faster


async def make_routable(database: Database) -> None:
    """What routing reads of agents and conversations that were there before it. Who supervises gets nothing from it
    until somebody raises their capacity."""
    await make_collections(database)
    queued: list[Mapping[str, Any]] = [{"$set": {"queued_at": {"$ifNull": ["$first_queued_at", "$created_at"]}}}]
    live = {"status": {"$ne": Status.RESOLVED.value}, "queued_at": None}
    await database.of(Conversation).update_many(live, queued)
    roles = {"$in": [Role.SUPERVISOR.value, Role.ADMIN.value]}
    supervisors = await database.of(User).distinct("_id", {"role": roles})
    untouched = {"_id": {"$in": supervisors}, "since": None}  # `since` is there from the first change of availability
    await database.of(Agent).update_many(untouched, {"$set": {"capacity": 0}})
    await mend_slots(database)


MIGRATIONS: Sequence[Migration] = (
    Migration(1, "The collections.", make_collections),
    Migration(2, "What routing reads of agents and conversations.", make_routable),
)


async def migrate(database: Database) -> None:
    """Brings the database to the newest shape, then makes the indexes."""
    async with database.reading():
        mark = await database["meta"].find_one({"_id": "schema"}) or {"number": 0}
    for migration in MIGRATIONS:
        if migration.number > mark["number"]:
            async with database.reading():
                await migration.run(database)
                await database["meta"].update_one(
                    {"_id": "schema"}, {"$max": {"number": migration.number}}, upsert=True
                )
    await make_indexes(database)

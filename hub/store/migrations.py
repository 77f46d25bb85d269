"""Numbered steps from an older database to this one. Each may run twice, and in two processes at once."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import CollectionInvalid

from hub.model import Agent, Availability, Conversation, Role, Status, Turn, User
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
    """What routing reads of agents and conversations that were there before it."""
    await make_collections(database)
    # What a customer had to wait for before they were answered was not forgotten then.
    began = {"$cond": [{"$eq": ["$turn", Turn.US.value]}, "$waiting_since", None]}
    queued: list[Mapping[str, Any]] = [
        {"$set": {"first_queued_at": {"$ifNull": [began, "$first_queued_at", "$created_at"]}}},
        {"$set": {"queued_at": "$first_queued_at"}},
    ]
    live = {"status": {"$ne": Status.RESOLVED.value}, "queued_at": None}
    await database.of(Conversation).update_many(live, queued)
    await _send_home(database)
    await mend_slots(database)


async def _send_home(database: Database) -> None:
    """Everybody was called available, on holiday or dismissed as they were: now they are offline until their next
    window opens. Who supervises gets nothing from routing until somebody raises their capacity."""
    roles = {"$in": [Role.SUPERVISOR.value, Role.ADMIN.value]}
    supervisors = await database.of(User).distinct("_id", {"role": roles})
    dismissed = await database.of(User).distinct("_id", {"disabled_at": {"$ne": None}})
    untouched: Mapping[str, Any] = {"since": None}  # it is there from the first change of availability
    agents, offline = database.of(Agent), {"availability": Availability.OFFLINE.value, "since": datetime.now(UTC)}
    await agents.update_many({**untouched, "_id": {"$in": supervisors}}, {"$set": {"capacity": 0}})
    await agents.update_many({**untouched, "_id": {"$in": dismissed}}, {"$set": offline})
    await agents.update_many(untouched, {"$set": {**offline, "returns_to": Availability.AVAILABLE.value}})


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

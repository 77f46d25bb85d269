"""Numbered steps from an older database to this one. Each may run twice, and in two processes at once."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pymongo.errors import CollectionInvalid

from hub.store.database import Database
from hub.store.indexes import make_indexes
from hub.store.records import COLLECTIONS


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


MIGRATIONS: Sequence[Migration] = (Migration(1, "The collections.", make_collections),)


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

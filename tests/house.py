"""A house to live in: real store, feed and Redis, wired as `app.py` does it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from cryptography.fernet import Fernet

from hub.box import FernetBox
from hub.channels.registry import kinds
from hub.clock import SystemClock
from hub.ephemeral import Redis
from hub.inbox.desk import HouseDesks
from hub.inbox.directory import Directory
from hub.inbox.house import House
from hub.store.database import Database, connect
from hub.store.feed import ChangeStreamFeed
from hub.store.files import GridFiles
from hub.store.filing import GroupFiling
from hub.store.migrations import migrate
from hub.store.reader import MongoReader
from hub.store.sessions import MongoSessions

PUBLIC_URL = "http://desk.example"


@dataclass(frozen=True, slots=True)
class Parts:
    house: House
    database: Database
    filing: GroupFiling
    feed: ChangeStreamFeed
    redis: Redis
    desks: HouseDesks

    async def follow(self) -> None:
        """From here on the house hears of what is committed, by whomever."""
        await self.feed.start()
        await self.house.directory.start(self.feed)
        await self.redis.start()


@asynccontextmanager
async def built(
    mongo_url: str, redis_url: str, name: str, *, online_s: float = 30.0, clock: SystemClock | None = None
) -> AsyncIterator[Parts]:
    """One process of the hub on this database: it can file and read. `online_s`: how long a window is believed."""
    database, clock = connect(mongo_url, name), clock or SystemClock()
    await migrate(database)
    filing, feed, reader = GroupFiling(database, clock), ChangeStreamFeed(database), MongoReader(database)
    redis, desks = Redis(redis_url, name, clock, online_s), HouseDesks()
    house = House(
        clock=clock,
        filing=filing,
        reader=reader,
        files=GridFiles(database, clock),
        feed=feed,
        presence=redis,
        leases=redis,
        sessions=MongoSessions(database, clock),
        box=FernetBox([Fernet.generate_key().decode()]),
        directory=Directory(reader),
        desks=desks,
        kinds=kinds(),
        undo_s=5,
        public_url=PUBLIC_URL,
    )
    await filing.start()
    try:
        yield Parts(house, database, filing, feed, redis, desks)
    finally:
        await feed.stop()
        await filing.stop()
        await redis.stop()
        await database.client.close()

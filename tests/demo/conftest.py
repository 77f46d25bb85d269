"""The demo company's house, seeded once for all tests that only look."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from cryptography.fernet import Fernet

from hub import demo
from hub.box import FernetBox
from hub.channels.registry import kinds
from hub.clock import SystemClock
from hub.ephemeral import Redis
from hub.inbox.desk import HouseDesks
from hub.inbox.directory import Directory
from hub.inbox.house import House
from hub.model import Language
from hub.store.database import connect
from hub.store.feed import ChangeStreamFeed
from hub.store.files import GridFiles
from hub.store.filing import GroupFiling
from hub.store.migrations import migrate
from hub.store.reader import MongoReader
from hub.store.sessions import MongoSessions


@pytest.fixture(scope="session")
async def house(mongo_url: str, redis_url: str) -> AsyncIterator[House]:
    """In Portuguese, as most will see it. Nobody may write here."""
    async with open_house(mongo_url, redis_url, f"test_{os.getpid()}_seeded") as made:
        await demo.seed(made, Language.PT_BR)
        yield made


@asynccontextmanager
async def open_house(mongo_url: str, redis_url: str, name: str) -> AsyncIterator[House]:
    database, clock = connect(mongo_url, name), SystemClock()
    await migrate(database)
    filing, reader, redis = GroupFiling(database, clock), MongoReader(database), Redis(redis_url, name, clock)
    await filing.start()
    try:
        yield House(
            clock=clock,
            filing=filing,
            reader=reader,
            files=GridFiles(database, clock),
            feed=ChangeStreamFeed(database),
            presence=redis,
            leases=redis,
            sessions=MongoSessions(database, clock),
            box=FernetBox([Fernet.generate_key().decode()]),
            directory=Directory(reader),
            desks=HouseDesks(),
            kinds=kinds(),
            undo_s=5,
            public_url="http://desk.example",
        )
    finally:
        await filing.stop()
        await redis.stop()
        await database.drop()
        await database.client.close()

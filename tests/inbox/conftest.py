"""A shelf for each test, on which the slots are looked at afterwards. The database is emptied, not made anew: that
takes a twentieth of the time."""

import os
from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient

from hub.store.records import COLLECTIONS
from tests.cast import Hire, Shelf, shelf
from tests.inbox.hands import slots_are_right


@pytest.fixture(scope="module")
async def shelf_all_day(
    mongo: AsyncMongoClient, mongo_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[Shelf]:
    name = f"test_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    async with shelf(mongo_url, name) as made:
        yield made
    await mongo.drop_database(name)


@pytest.fixture
async def store(shelf_all_day: Shelf) -> AsyncIterator[Shelf]:
    made = shelf_all_day
    made.filing.clock = made.clock
    for name in set(COLLECTIONS.values()):
        await made.database[name].delete_many({})
    await made.filing.submit(Hire())
    yield made
    await slots_are_right(made.database)

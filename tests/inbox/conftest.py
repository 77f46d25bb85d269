"""A shelf for each test, on which the slots are looked at afterwards."""

from collections.abc import AsyncIterator

import pytest

from tests.cast import Shelf, shelf
from tests.inbox.hands import slots_are_right


@pytest.fixture
async def store(mongo_url: str, database_name: str) -> AsyncIterator[Shelf]:
    async with shelf(mongo_url, database_name) as made:
        yield made
        await slots_are_right(made.database)

"""The numbers that screens ask for all the time come from an index alone: no conversation is read for them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from hub.inbox.assign import UNSET, Assign
from tests.cast import ANA, Shelf, shelf
from tests.inbox.hands import message


@pytest.fixture
async def store(mongo_url: str, database_name: str) -> AsyncIterator[Shelf]:
    async with shelf(mongo_url, database_name) as made:
        yield made


async def test_counting_reads_no_conversation(store: Shelf) -> None:
    await message(store)
    await store.database.raw.command({"profile": 2})
    (crowd,) = await store.reader.crowds()
    assert (crowd.waiting, sum((await store.reader.counts()).values())) == (1, 1)
    await store.database.raw.command({"profile": 0})
    asked = await store.database.raw["system.profile"].find({"command.aggregate": "conversations"}).to_list()
    assert [each["docsExamined"] for each in asked] == [0, 0]
    assert [each["keysExamined"] > 0 for each in asked] == [True, True]


async def test_what_came_to_each_today_is_counted_without_reading_an_event(store: Shelf) -> None:
    await store.filing.submit(Assign(ANA, await message(store), "ana", UNSET))
    await store.database.raw.command({"profile": 2})
    assert await store.reader.assigned_since(store.clock.now() - timedelta(hours=1)) == {"ana": 1}
    await store.database.raw.command({"profile": 0})
    (asked,) = await store.database.raw["system.profile"].find({"command.aggregate": "events"}).to_list()
    assert (asked["docsExamined"], asked["keysExamined"]) == (0, 1)

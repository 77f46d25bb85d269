"""A hub that was killed in the middle of a transaction must not keep others from its conversations for long."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient

from hub.errors import Unavailable
from hub.inbox.receive import Receive
from hub.model import Received
from hub.store import abandoned
from hub.store.database import APP
from tests.cast import Shelf, inbound, shelf


@pytest.fixture
async def store(mongo_url: str, database_name: str) -> AsyncIterator[Shelf]:
    async with shelf(mongo_url, database_name) as made:
        yield made


async def leave_open(client: AsyncMongoClient, store: Shelf, conversation: str):
    """What a hub has done of a transaction when it is killed."""
    session = client.start_session()
    await session.start_transaction()
    change = {"$set": {"customer_name": "never"}}
    conversations = client[store.database.name]["conversations"]
    await conversations.update_one({"_id": conversation}, change, session=session)
    return session


async def until_filed(store: Shelf, text: str) -> Received:
    """As a sender does: again and again."""
    while True:
        try:
            return await store.filing.submit(Receive(inbound(text, visitor="v", id=text)))
        except Unavailable:
            await asyncio.sleep(0.05)


async def test_what_a_killed_hub_has_locked_is_free_again_in_seconds(store: Shelf, mongo_url: str) -> None:
    first = await until_filed(store, "before")
    async with AsyncMongoClient(mongo_url, appname=APP) as killed:
        session = await leave_open(killed, store, first.conversation)
        async with asyncio.timeout(8):  # MongoDB would wait for 60 s, here for 10
            assert (await until_filed(store, "after")).conversation == first.conversation
        await session.end_session()
    stored = await store.reader.conversation(first.conversation)
    assert stored
    assert (stored.seq, stored.customer_name) == (2, "")


async def test_transactions_of_others_and_those_at_work_are_left_alone(store: Shelf, mongo_url: str) -> None:
    first = await until_filed(store, "before")
    async with AsyncMongoClient(mongo_url) as stranger:
        session = await leave_open(stranger, store, first.conversation)
        await asyncio.sleep(abandoned.IDLE_S + 0.3)
        assert await abandoned.end_abandoned(store.database) == 0
        await session.commit_transaction()
    async with AsyncMongoClient(mongo_url, appname=APP) as sister:
        session = await leave_open(sister, store, first.conversation)
        assert await abandoned.end_abandoned(store.database) == 0
        await session.commit_transaction()

"""The check itself can fail: each kind of damage is found and named."""

from collections.abc import AsyncIterator

import pytest

from hub.inbox.assign import Assign
from hub.inbox.receive import Receive
from tests.cast import ANA, Shelf, inbound, shelf
from tests.faults.ledger import Findings, examine
from tests.faults.load import Book


@pytest.fixture
async def store(mongo_url: str, database_name: str) -> AsyncIterator[Shelf]:
    async with shelf(mongo_url, database_name) as made:
        yield made


@pytest.fixture
async def book(store: Shelf) -> Book:
    """Three messages of one visitor, whose conversation Ana has."""
    book = Book()
    for name in ("one", "two", "three"):
        received = await store.filing.submit(Receive(inbound(name, visitor="v")))
        book.sent.add(name)
        book.acknowledge(name, received.message, 0.0)
    await store.filing.submit(Assign(ANA, received.conversation, ANA.id, None))
    return book


async def findings(store: Shelf, book: Book) -> Findings:
    return await examine(store.database.raw, book)


async def test_what_is_whole_has_no_fault(store: Shelf, book: Book) -> None:
    found = await findings(store, book)
    assert (found.acknowledged, found.stored, found.faults) == (3, 3, ())


async def test_a_lost_message_is_missed(store: Shelf, book: Book) -> None:
    await store.database["messages"].delete_one({"text": "two"})
    found = await findings(store, book)
    assert found.missing == ("acknowledged and gone: two",)
    assert any("seq 3, its messages have [1, 3]" in fault for fault in found.faults)


async def test_a_message_that_is_there_twice_is_seen(store: Shelf, book: Book) -> None:
    copy = await store.database["messages"].find_one({"text": "two"})
    assert copy
    await store.database["messages"].insert_one({**copy, "_id": "another", "seq": 4})
    found = await findings(store, book)
    assert found.doubles == ("stored 2 times: two",)
    assert any("acknowledged as" in fault for fault in found.faults)


@pytest.mark.parametrize(
    ("collection", "which", "change", "said"),
    [
        ("events", {"data.seq": 2}, {"$set": {"kind": "claim.added"}}, "(two) has 0 events message.received"),
        ("events", {"data.seq": 2}, {"$set": {"data.seq": 3}}, "(two) has 0 events message.received"),
        ("agents", {"_id": "ana"}, {"$unset": {"slots": 1}}, "the slots of Ana Souza"),
        ("conversations", {}, {"$set": {"status": "resolved"}}, "the slots of Ana Souza"),
        ("conversations", {}, {"$set": {"seq": 4}}, "seq 4, its messages have [1, 2, 3]"),
        ("conversations", {}, {"$set": {"threads": ["t", "t"]}}, "thread t has 2 conversations"),
        ("messages", {"seq": 2}, {"$set": {"conversation": "x"}}, "messages of conversation x, which is not there"),
    ],
)
async def test_every_other_damage_is_named(store: Shelf, book: Book, collection, which, change, said) -> None:
    await store.database[collection].update_one(which, change)
    assert any(said in fault for fault in (await findings(store, book)).faults)


async def test_what_was_never_acknowledged_or_wrongly_refused_is_named(store: Shelf, book: Book) -> None:
    book.sent.add("four")
    book.wrong.append("five: 422")
    faults = (await findings(store, book)).faults
    assert "never acknowledged: four" in faults
    assert any("five: 422" in fault for fault in faults)

"""One lane, groups, and nobody pays for a neighbour."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from hub.errors import Invalid, Refused, Unavailable
from hub.inbox.receive import Receive
from hub.inbox.users import ChangeUser
from hub.model import Conversation, Customer, Message
from hub.ports import Ref, Sheet
from hub.store.filing import FULL
from tests.cast import Shelf, inbound, shelf


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


async def together(store: Shelf, *changes, **options):
    return await asyncio.gather(*(store.filing.submit(change) for change in changes), **options)


async def test_messages_sent_at_once_are_all_filed_in_order(store: Shelf) -> None:
    received = await together(store, *(Receive(inbound(f"line {n}")) for n in range(50)))
    messages = await store.reader.messages(received[0].conversation, before=None, limit=100)
    assert [(each.seq, each.text) for each in messages] == [(n + 1, f"line {n}") for n in range(50)]


async def test_ten_messages_of_a_new_visitor_make_one_customer_and_one_conversation(store: Shelf) -> None:
    received = await together(store, *(Receive(inbound(visitor="new")) for _ in range(10)))
    assert len({each.conversation for each in received}) == 1
    assert await store.database["customers"].count_documents({}) == 1


async def test_the_same_message_five_times_at_once_is_one_message(store: Shelf) -> None:
    received = await together(store, *(Receive(inbound("Oi", id="same")) for _ in range(5)))
    assert len({each.message for each in received}) == 1
    assert sorted(each.duplicate for each in received) == [False, True, True, True, True]
    assert await store.database["messages"].count_documents({}) == 1


async def test_the_same_id_with_other_content_is_kept_and_flagged(store: Shelf) -> None:
    first, other = await together(store, Receive(inbound("Oi", id="same")), Receive(inbound("Olá", id="same")))
    again = await store.filing.submit(Receive(inbound("Olá", id="same")))
    assert (again.message, again.duplicate) == (other.message, True)
    kept = await store.reader.messages_by_id([first.message, other.message])
    assert [kept[first.message].flagged, kept[other.message].flagged] == [None, "same_id_other_content"]


async def test_two_processes_on_one_new_visitor_make_one_customer(store: Shelf, mongo_url: str) -> None:
    async with shelf(mongo_url, store.database.name) as other:
        sent = [Receive(inbound(f"line {n}", visitor="both")) for n in range(40)]
        await asyncio.gather(together(store, *sent[:20]), together(other, *sent[20:]))
    assert await store.database["customers"].count_documents({}) == 1
    conversation = await store.database["conversations"].find_one({})
    assert conversation["seq"] == 40


async def test_a_document_the_store_refuses_fails_alone(store: Shelf) -> None:
    bad = inbound("x" * 17_000_000)  # more than a document may hold
    results = await together(
        store, *(Receive(inbound(visitor=f"v{n}")) for n in range(9)), Receive(bad), return_exceptions=True
    )
    assert isinstance(results[9], Invalid)
    assert await store.database["messages"].count_documents({}) == 9


@dataclass(frozen=True, slots=True)
class Rename:
    conversation: str
    subject: str

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Conversation, self.conversation)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(replace(sheet.get(Conversation, self.conversation), subject=self.subject))


@dataclass(frozen=True, slots=True)
class Stumble:
    """Puts something, then fails in its own way."""

    error: Exception

    def wants(self, sheet: Sheet) -> list[Ref]:
        return []

    def decide(self, sheet: Sheet) -> None:
        sheet.put(Customer(sheet.new_id(), "half done", sheet.now))
        raise self.error


@pytest.mark.parametrize("error", [Refused("no", "No."), ZeroDivisionError("a fault of ours")])
async def test_a_change_that_fails_leaves_nothing_and_its_neighbours_are_filed(store: Shelf, error: Exception) -> None:
    changes = [Receive(inbound(visitor="a")), Stumble(error), Receive(inbound(visitor="b"))]
    results = await together(store, *changes, return_exceptions=True)
    assert results[1] is error
    assert await store.database["customers"].count_documents({"name": "half done"}) == 0
    assert await store.database["messages"].count_documents({}) == 2


async def test_a_field_that_a_newer_hub_has_written_stays(store: Shelf) -> None:
    received = await store.filing.submit(Receive(inbound()))
    await store.database["conversations"].update_one({"_id": received.conversation}, {"$set": {"mood": "sunny"}})
    await store.filing.submit(Receive(inbound()))
    assert (await store.database["conversations"].find_one({"_id": received.conversation}))["mood"] == "sunny"


async def test_a_record_that_has_grown_too_large_is_refused_without_its_words(store: Shelf) -> None:
    received = await store.filing.submit(Receive(inbound()))
    large = {"$set": {"old": "x" * 12_000_000}}
    await store.database["conversations"].update_one({"_id": received.conversation}, large)
    with pytest.raises(Invalid, match="cannot keep") as refused:
        await store.filing.submit(Rename(received.conversation, "segredo " * 700_000))
    assert "segredo" not in str(refused.value)


async def test_a_full_queue_says_later_at_once(store: Shelf) -> None:
    sent = [asyncio.ensure_future(store.filing.submit(Receive(inbound("x", visitor="v")))) for _ in range(FULL + 1)]
    await asyncio.sleep(0)
    assert store.filing.busy()
    with pytest.raises(Unavailable, match=r"in a moment"):
        await sent[-1]
    for each in sent[:-1]:
        each.cancel()


async def test_two_processes_do_not_let_two_admins_demote_one_another(store: Shelf, mongo_url: str) -> None:
    both, agent = frozenset({"admin", "carla"}), {"role": "agent"}
    async with shelf(mongo_url, store.database.name) as other:
        for _ in range(5):
            for id in both:
                await store.filing.submit(ChangeUser(id, {"role": "admin"}, both))
            done = await asyncio.gather(
                store.filing.submit(ChangeUser("admin", agent, both)),
                other.filing.submit(ChangeUser("carla", agent, both)),
                return_exceptions=True,
            )
            assert sorted(isinstance(each, Refused) for each in done) == [False, True]


async def test_conversation_numbers_are_unique_over_processes(store: Shelf, mongo_url: str) -> None:
    async with shelf(mongo_url, store.database.name) as other:
        sent = [Receive(inbound(visitor=f"v{n}")) for n in range(300)]
        await asyncio.gather(together(store, *sent[::2]), together(other, *sent[1::2]))
    numbers = await store.database["conversations"].distinct("number")
    assert len(numbers) == 300


async def test_what_is_acknowledged_has_its_event(store: Shelf) -> None:
    received = await store.filing.submit(Receive(inbound()))
    event = await store.database["events"].find_one({"kind": "message.received"})
    assert event["data"]["message"] == received.message
    assert "Oi" not in str(event)


async def test_a_change_that_decides_on_what_it_did_not_want_is_a_fault_of_ours(store: Shelf) -> None:
    @dataclass(frozen=True)
    class Careless:
        def wants(self, sheet: Sheet) -> list[Ref]:
            return []

        def decide(self, sheet: Sheet) -> None:
            sheet.get(Message, "never wanted")

    with pytest.raises(LookupError, match="without having been wanted"):
        await store.filing.submit(Careless())

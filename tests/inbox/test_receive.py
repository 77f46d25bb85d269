"""Who wrote, and which conversation goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import Refused
from hub.inbox.claim import AddClaims
from hub.inbox.receive import Receive
from hub.inbox.resolve import Reopen, Resolve
from hub.model import Conversation, IdentityKind, Sender, Status
from hub.ports import Ref, Sheet
from tests.cast import ANA, Shelf, inbound, shelf

MARIA = (IdentityKind.EMAIL, "maria@ufpe.example")


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


async def receive(store: Shelf, *args, **changes):
    return await store.filing.submit(Receive(inbound(*args, **changes)))


async def customer_of(store: Shelf, received):
    message = (await store.reader.messages_by_id([received.message]))[received.message]
    return await store.reader.customer(message.customer)


async def test_a_second_message_goes_on_in_the_same_conversation(store: Shelf) -> None:
    first, second = await receive(store, "Oi"), await receive(store, "Tudo bem?")
    assert first.conversation == second.conversation
    conversation = await store.reader.conversation(first.conversation)
    assert (conversation.seq, conversation.last.text, conversation.number) == (2, "Tudo bem?", 1)


async def test_somebody_else_in_the_thread_does_not_rename_the_customer(store: Shelf) -> None:
    await receive(store, sender=Sender(("email:maria@x.example",), "Maria"), thread="order 7")
    other = await receive(store, sender=Sender(("email:pedro@x.example",), "Pedro"), thread="order 7")
    conversation = await store.reader.conversation(other.conversation)
    assert (conversation.customer_name, conversation.last.author) == ("Maria", "Pedro")


async def test_a_claim_never_joins(store: Shelf) -> None:
    known = await receive(store, sender=Sender(("email:maria@ufpe.example",), "Maria"), thread="mail")
    stranger = await receive(store, sender=Sender(("visitor:x",), "Maria", (MARIA,)), thread="x")
    assert (await customer_of(store, known)).id != (await customer_of(store, stranger)).id
    assert [(c.kind, c.value) for c in (await customer_of(store, stranger)).claims] == [MARIA]


async def test_two_proved_addresses_of_two_customers_do_not_join_them(store: Shelf) -> None:
    one = await receive(store, sender=Sender(("email:a@x.example",)), thread="a")
    two = await receive(store, sender=Sender(("phone:+5581988770142",)), thread="b")
    both = await receive(store, sender=Sender(("email:a@x.example", "phone:+5581988770142")), thread="a")
    assert (await customer_of(store, both)).id == (await customer_of(store, one)).id
    assert [c.value for c in (await customer_of(store, both)).claims] == ["+5581988770142"]
    assert (await store.reader.identities((await customer_of(store, two)).id))[0].value == "+5581988770142"


async def test_what_a_visitor_says_later_is_kept_beside_them(store: Shelf) -> None:
    received = await receive(store, visitor="x")
    await store.filing.submit(AddClaims("chat", "visitor:x", "Maria", (MARIA,)))
    await store.filing.submit(AddClaims("chat", "visitor:x", "Maria", (MARIA,)))
    customer = await customer_of(store, received)
    assert (customer.name, len(customer.claims)) == ("Maria", 1)
    assert (await store.reader.conversation(received.conversation)).customer_name == "Maria"


async def test_a_resolved_conversation_opens_again_within_14_days(store: Shelf) -> None:
    first = await receive(store)
    await store.filing.submit(Resolve(ANA, first.conversation))
    again = await receive(store)
    conversation = await store.reader.conversation(again.conversation)
    assert (again.conversation, conversation.status) == (first.conversation, Status.OPEN)


async def test_later_a_new_one_begins_that_knows_the_one_before(store: Shelf) -> None:
    first = await receive(store)
    await store.filing.submit(Resolve(ANA, first.conversation))
    await store.filing.submit(Age(first.conversation, timedelta(days=15)))
    later = await receive(store)
    assert later.conversation != first.conversation
    assert (await store.reader.conversation(later.conversation)).previous == first.conversation
    with pytest.raises(Refused, match="go on in conversation 2"):
        await store.filing.submit(Reopen(ANA, first.conversation))


async def test_html_alone_shows_its_words_in_the_list(store: Shelf) -> None:
    received = await receive(store, "", html="<style>x</style><p>Minha <b>nota</b> &amp; boleto</p>")
    assert (await store.reader.conversation(received.conversation)).last.text == "Minha nota & boleto"


class Age:
    """Makes a resolved conversation older."""

    def __init__(self, id: str, by: timedelta) -> None:
        self.id, self.by = id, by

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Conversation, self.id)]

    def decide(self, sheet: Sheet) -> None:
        conversation = sheet.get(Conversation, self.id)
        sheet.put(replace(conversation, resolved_at=conversation.resolved_at - self.by))

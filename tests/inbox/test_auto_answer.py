"""A rule's automatic answer: once, in the customer's language, never to a machine, and the wait goes on."""

import asyncio
from datetime import timedelta

import pytest

from hub.events import Kind
from hub.inbox.auto_answer import MOST, AutoAnswer
from hub.inbox.outbox import Release
from hub.inbox.reply import Withdraw
from hub.inbox.resolve import Resolve
from hub.model import Actor, ActorKind, Conversation, Customer, Delivery, Direction, Sender, Turn
from hub.routing.needs import Answer
from hub.store.filing import GroupFiling
from tests.cast import ANA, Shelf
from tests.inbox.hands import Change, answer, conversation_of, events, go_on, message

HELLO = Answer("hello", {"pt-BR": "Já respondemos.", "en": "We shall answer soon."})


@pytest.fixture
async def waiting(store: Shelf) -> str:
    return await message(store)


async def answer_by_rule(store: Shelf, id: str, rule: Answer = HELLO):
    return await store.filing.submit(AutoAnswer(id, rule, "e1"))


async def test_it_goes_out_at_once_in_the_companys_name_and_the_customer_goes_on_waiting(
    store: Shelf, waiting: str
) -> None:
    before = await conversation_of(store, waiting)
    sent = await answer_by_rule(store, waiting)
    now = await conversation_of(store, waiting)
    assert (sent.author, sent.author_name, sent.automatic) == (Actor(ActorKind.RULE, "hello"), "Loja Ipê", True)
    assert (sent.direction, sent.delivery, sent.next_at, sent.peer) == (
        Direction.OUT,
        Delivery.QUEUED,
        sent.at,
        "visitor:v1",
    )
    for field in ("turn", "waiting_since", "last_out_seq", "version", "last", "first_queued_at"):
        assert getattr(now, field) == getattr(before, field), field
    assert (now.seq, now.waiting) == (2, True)
    (told,) = await events(store, Kind.MESSAGE_QUEUED)
    assert (told["message"], told["next_at"]) == (sent.id, sent.at)
    await store.filing.submit(Release(sent.id))
    (kept,) = (await store.reader.messages_by_id([sent.id])).values()
    assert kept.delivery is Delivery.SENT


async def test_an_agent_who_writes_meanwhile_is_not_held_up(store: Shelf, waiting: str) -> None:
    await answer_by_rule(store, waiting)
    await answer(store, waiting)
    await store.filing.submit(Withdraw(ANA, waiting, "r1"))
    assert (await conversation_of(store, waiting)).waiting


async def test_each_rule_answers_once_until_the_conversation_is_resolved(store: Shelf, waiting: str) -> None:
    assert await answer_by_rule(store, waiting)
    await message(store, "Alô?")
    assert await answer_by_rule(store, waiting) is None
    assert await answer_by_rule(store, waiting, Answer("other", {"": "Obrigado!"}))
    await store.filing.submit(Resolve(ANA, waiting))
    assert await answer_by_rule(store, waiting) is None
    await message(store, "Mais uma coisa")
    assert await answer_by_rule(store, waiting)


async def test_taking_back_a_reply_that_resolved_does_not_answer_again(store: Shelf, waiting: str) -> None:
    await answer_by_rule(store, waiting)
    await answer(store, waiting, resolve=True)
    await store.filing.submit(Withdraw(ANA, waiting, "r1"))
    assert (await conversation_of(store, waiting)).waiting
    assert await answer_by_rule(store, waiting) is None


@pytest.mark.parametrize(
    ("language", "locale", "text"),
    [
        ("en", "pt-BR", "We shall answer soon."),
        ("pt", None, "Já respondemos."),
        (None, "en_US", "We shall answer soon."),
        (None, None, "Já respondemos."),
        ("de", None, "Já respondemos."),
    ],
)
async def test_it_speaks_the_customers_language_else_the_companys(
    store: Shelf, waiting: str, language, locale, text
) -> None:
    now = await conversation_of(store, waiting)
    await store.filing.submit(Change(Customer, now.customer, {"locale": locale}))
    await store.filing.submit(Change(Conversation, waiting, {"language": language}))
    assert (await answer_by_rule(store, waiting)).text == text


async def test_a_machine_is_never_answered(store: Shelf) -> None:
    waiting = await message(store, automatic=True)
    (kept,) = await store.reader.messages(waiting, before=None, limit=1)
    assert kept.automatic
    assert await answer_by_rule(store, waiting) is None
    await message(store, "Agora sou eu")
    assert await answer_by_rule(store, waiting)
    await message(store, "Out of office", automatic=True)
    assert await answer_by_rule(store, waiting, Answer("other", {"": "Obrigado!"})) is None


async def test_nothing_is_sent_where_no_way_leads_back_or_nobody_waits(store: Shelf, waiting: str) -> None:
    deaf = await message(store, visitor="deaf", answerable=False)
    await answer(store, waiting)
    assert (await conversation_of(store, waiting)).turn is Turn.CUSTOMER
    for id in (deaf, waiting, "nobody's"):
        assert await answer_by_rule(store, id) is None


async def test_an_empty_answer_is_none(store: Shelf, waiting: str) -> None:
    assert await answer_by_rule(store, waiting, Answer("empty", {"": " "})) is None


async def test_one_address_gets_five_an_hour_over_all_conversations_and_hubs(store: Shelf) -> None:
    maria = Sender(("email:maria@x.example",), "Maria")
    ids = [await message(store, sender=maria, thread=f"order {n}") for n in range(MOST + 2)]
    other = GroupFiling(store.database, store.clock)
    await other.start()
    filings = (store.filing, other)
    sent = await asyncio.gather(*(filings[n % 2].submit(AutoAnswer(id, HELLO)) for n, id in enumerate(ids)))
    await other.stop()
    assert sum(each is not None for each in sent) == MOST
    left = ids[sent.index(None)]
    go_on(store, 3_601)
    assert await answer_by_rule(store, left)


async def test_two_hubs_answer_once(store: Shelf, waiting: str) -> None:
    other = GroupFiling(store.database, store.clock)
    await other.start()
    sent = await asyncio.gather(*(filing.submit(AutoAnswer(waiting, HELLO)) for filing in (store.filing, other)))
    await other.stop()
    assert sum(each is not None for each in sent) == 1


async def test_what_was_answered_long_ago_is_forgotten(store: Shelf, waiting: str) -> None:
    await answer_by_rule(store, waiting)
    go_on(store, timedelta(hours=2).total_seconds())
    await answer_by_rule(store, waiting, Answer("other", {"": "Obrigado!"}))
    found = await store.database["identities"].find_one({"_id": "visitor:v1"})
    assert len(found["answered"]) == 1

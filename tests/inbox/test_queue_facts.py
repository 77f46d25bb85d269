"""What rules may ask of those who wait, gathered from a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from hub.inbox.assign import assign
from hub.inbox.queue_facts import gather
from hub.inbox.resolve import resolve
from hub.model import Attachment, Conversation, Customer, Hours, Lifecycle, Money, Routing, Sender
from hub.routing.book import Book
from hub.routing.facts import TEXT_MOST, Facts
from hub.routing.rules import compile_rules
from tests.cast import ANA
from tests.inbox.hands import Change
from tests.routing.company import Company, all_day

BOOK = Book(Routing(), compile_rules(()))


@pytest.fixture(scope="module")
async def company_all_day(mongo_url: str, redis_url: str) -> AsyncIterator[Company]:
    async with all_day(mongo_url, redis_url, __name__) as made:
        yield made


@pytest.fixture
async def company(company_all_day: Company) -> Company:
    """Without an engine."""
    await company_all_day.begin_afresh()
    return company_all_day


async def facts_of(company: Company, id: str, book: Book = BOOK) -> Facts:
    house = company.house
    return (await gather(house, book, [await company.conversation(id)], house.clock.now()))[id]


async def change(company: Company, kind: type, id: str, **fields: object) -> None:
    await company.house.filing.submit(Change(kind, id, fields))


async def test_the_words_are_the_subject_and_what_came_since_it_waits_newest_last(company: Company) -> None:
    id = await company.writes("Bom dia", visitor="a", subject="Pedido 7")
    await company.writes("Cadê o boleto?", visitor="a")
    assert (await facts_of(company, id)).text == "Pedido 7\nBom dia\nCadê o boleto?"


async def test_of_a_mail_without_text_the_words_are_those_of_its_html(company: Company) -> None:
    id = await company.writes("", html="<p>Cadê <b>o boleto</b>?</p>")
    assert "Cadê o boleto?" in (await facts_of(company, id)).text


async def test_of_more_than_fits_the_newest_stays(company: Company) -> None:
    id = await company.writes("a" * TEXT_MOST, visitor="a")
    await company.writes("fim", visitor="a")
    text = (await facts_of(company, id)).text
    assert len(text) == TEXT_MOST
    assert text.endswith("a\nfim")


async def test_the_language_is_told_and_what_is_known_is_kept(company: Company) -> None:
    id = await company.writes("Bom dia, vocês podem me ajudar com a fatura?")
    assert (await facts_of(company, id)).language == "pt"
    await change(company, Conversation, id, language="es")
    assert (await facts_of(company, id)).language == "es"


async def test_who_had_this_customer_lately_is_known_and_who_had_them_long_ago_is_not(company: Company) -> None:
    first = await company.writes(visitor="a")
    assert (await facts_of(company, first)).first_contact
    await assign(company.house, ANA, first, assignee="ana")
    await resolve(company.house, ANA, first)
    long_ago = company.house.clock.now() - timedelta(days=15)
    await change(company, Conversation, first, resolved_at=long_ago)
    again = await company.writes(visitor="a")
    facts = await facts_of(company, again)
    assert (facts.first_contact, facts.previous_agent) == (False, None)
    await change(company, Conversation, first, resolved_at=long_ago + timedelta(days=2))
    assert (await facts_of(company, again)).previous_agent == "ana"


async def test_the_customer_tells_their_lifecycle_tags_and_orders(company: Company) -> None:
    id = await company.writes()
    customer = (await company.conversation(id)).customer
    orders = (Money("USD", 1, 900), Money("BRL", 3, 400_000))
    told = {"lifecycle": Lifecycle.CUSTOMER, "tags": ("vip",), "attributes": {"tier": "gold"}, "orders": orders}
    await change(company, Customer, customer, **told)
    facts = await facts_of(company, id)
    assert (facts.lifecycle, facts.tags, facts.attributes) == ("customer", ("vip",), {"tier": "gold"})
    assert (facts.order_count, facts.order_value) == (4, 4000.0)


async def test_a_visitor_proves_nothing_an_address_does(company: Company) -> None:
    file = Attachment("f", "nota.pdf", "application/pdf", 1, "00")
    visitor = await company.writes(visitor="a")
    known = await company.writes(visitor="b", sender=Sender(("external:shop:7",)), attachments=(file,))
    assert not (await facts_of(company, visitor)).verified
    facts = await facts_of(company, known)
    assert (facts.verified, facts.attachment) == (True, True)


async def test_it_says_what_is_open_and_when_the_rest_opens(company: Company) -> None:
    id = await company.writes()
    book = Book(Routing(hours="never"), compile_rules(()), hours={"never": Hours("never", "Never", "UTC")})
    facts = await facts_of(company, id, book)
    assert facts.open == {"": False, "never": False}
    assert facts.open_at == {"": None, "never": None}

"""The demo company is what a real one would be: its records agree with one another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from hub import demo
from hub.events import Kind
from hub.inbox.enter import enter
from hub.inbox.house import House
from hub.inbox.receive import receive
from hub.inbox.rights import person_of, rights
from hub.model import Conversation, Delivery, Direction, Inbound, Language, Message, Money, Role, Sender, Status, Turn
from tests.demo.conftest import open_house


@pytest.fixture(scope="session")
async def conversations(house: House) -> Sequence[Conversation]:
    return [each for view in ("all", "resolved") for each in await everything(house, view)]


@pytest.fixture(scope="session")
async def messages(house: House, conversations: Sequence[Conversation]) -> Mapping[str, Sequence[Message]]:
    return {each.id: await house.reader.messages(each.id, before=None, limit=500) for each in conversations}


async def everything(house: House, view: str) -> Sequence[Conversation]:
    admin = await person_of(house, demo.admin_of(house))
    return await house.reader.page(rights(admin), view, after=None, limit=500)


async def test_there_is_enough_to_look_at(house, conversations, messages):
    assert len(conversations) >= 50
    assert len({each.customer for each in conversations}) >= 30
    assert len({each.number for each in conversations}) == len(conversations)
    assert sum(map(len, messages.values())) >= 150


async def test_every_message_says_something_and_has_its_place(conversations, messages):
    for conversation in conversations:
        stream = messages[conversation.id]
        assert [each.seq for each in stream] == list(range(1, conversation.seq + 1))
        assert all(each.text.strip() for each in stream)
        assert [each.at for each in stream] == sorted(each.at for each in stream)
        assert conversation.last
        assert conversation.last.at == stream[-1].at
        out = [each.seq for each in stream if each.direction is Direction.OUT]
        assert conversation.last_out_seq == max(out, default=0)


async def test_nothing_waits_to_be_sent_and_nothing_lies_in_the_future(house, messages):
    now = house.clock.now()
    for message in (each for stream in messages.values() for each in stream):
        assert message.at <= now
        if message.direction is Direction.OUT:
            assert message.delivery in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ)
            assert message.before is message.next_at is None


async def test_customers_wait_since_their_oldest_unanswered_message(conversations, messages):
    waiting = [each for each in conversations if each.live and each.turn is Turn.US]
    assert len([each for each in waiting if not each.assignee]) >= 6
    for conversation in waiting:
        since_answer = [m for m in messages[conversation.id] if m.seq > conversation.last_out_seq]
        assert conversation.waiting_since == next(m.at for m in since_answer if m.direction is Direction.IN)


async def test_agents_hold_exactly_their_live_conversations(house, conversations):
    held = defaultdict(set)
    for conversation in conversations:
        if conversation.live and conversation.assignee:
            held[conversation.assignee].add(conversation.id)
    agents = await house.reader.agents()
    assert {agent.id: {slot.conversation for slot in agent.slots} for agent in agents if agent.slots} == dict(held)
    assert all(agent.teams and agent.skills for agent in agents)
    assert sum(agent.capacity > 0 for agent in agents) == 4


async def test_threads_are_live_and_lead_back(house, conversations):
    for conversation in conversations:
        for id in conversation.threads:
            thread = await house.reader.thread(id)
            assert thread
            assert thread.conversation == conversation.id


async def test_order_totals_are_the_sum_of_the_orders(house, conversations):
    for customer in (await house.reader.customers(each.customer for each in conversations)).values():
        orders = await house.reader.orders(customer.id, 100)
        by_currency = defaultdict(list)
        for order in orders:
            by_currency[order.currency].append(order.total)
        expected = {Money(currency, len(totals), sum(totals)) for currency, totals in by_currency.items()}
        assert set(customer.orders) == expected


async def test_both_currencies_and_three_languages_are_there(house, conversations):
    customers = (await house.reader.customers(each.customer for each in conversations)).values()
    assert {customer.locale for customer in customers} == {"pt-BR", "en", "es"}
    assert {money.currency for customer in customers for money in customer.orders} == {"BRL", "USD"}
    assert len({customer.lifecycle for customer in customers}) == 5


async def test_somebody_only_says_who_they_are(house, conversations):
    customers = (await house.reader.customers(each.customer for each in conversations)).values()
    maria = next(customer for customer in customers if customer.name == "Maria")
    assert [claim.value for claim in maria.claims] == ["maria.clara@ufpe.example"]
    assert all(identity.kind == "visitor" for identity in await house.reader.identities(maria.id))


async def test_the_timeline_tells_what_happened_when_it_happened(house, conversations, messages):
    for conversation in conversations:
        lines = await house.reader.timeline(conversation.id)
        kinds = [line.kind for line in lines]
        assert kinds[0] is Kind.CONVERSATION_BEGUN
        assert lines[0].at == messages[conversation.id][0].at == conversation.created_at
        assert (conversation.status is Status.RESOLVED) == (kinds[-1] is Kind.CONVERSATION_RESOLVED)
        assert conversation.assignee is None or Kind.CONVERSATION_ASSIGNED in kinds


async def test_every_file_opens(house, messages):
    files = [file for stream in messages.values() for each in stream for file in each.attachments]
    assert {file.type for file in files} == {"application/pdf", "image/png"}
    for file in files:
        assert sum([len(piece) async for piece in house.files.read(file.id)]) == file.size
    assert any(each.html for stream in messages.values() for each in stream)


async def test_a_seeded_visitor_goes_on_in_the_same_conversation(mongo_url, redis_url, database_name):
    async with open_house(mongo_url, redis_url, database_name) as house:
        await demo.seed(house, Language.EN)
        before = next(each for each in await everything(house, "waiting") if each.channel_kind == "widget")
        peer = before.reach[0].to
        thread = peer.partition(":")[2]
        again = Inbound(before.channel, "widget", f"{thread}:again", thread, Sender((peer,)), "Hello?")
        assert (await receive(house, again)).conversation == before.id
        assert "service" in {team for agent in await house.reader.agents() for team in agent.teams}


async def test_seeding_twice_is_seeding_once(mongo_url, redis_url, database_name):
    async with open_house(mongo_url, redis_url, database_name) as house:
        await demo.seed(house, Language.PT_BR)
        people = set(house.directory.users)
        await demo.seed(house, Language.PT_BR)
        assert set(house.directory.users) == people


async def test_links_let_the_right_people_in(mongo_url, redis_url, database_name):
    async with open_house(mongo_url, redis_url, database_name) as house:
        await demo.seed(house, Language.PT_BR)
        links = await demo.entry_links(house, "http://desk.example")
        people = [await enter(house, link.partition("#")[2]) for _, link in links]
        assert [person.role for person in people] == [Role.AGENT, Role.ADMIN]
        assert people[0].name == "Ana Nogueira"
        assert all(link in demo.greeting(links, "http://desk.example") for _, link in links)


def test_the_past_ends_before_it_begins_to_hurry():
    """The oldest of those who wait has waited 40 minutes at most: a shop that cares."""
    from hub.demo.cast import read_words, span
    from hub.demo.script import read_talks

    waiting = [talk for talk in read_talks(read_words(Language.EN)) if len({line.who for line in talk.lines}) == 1]
    assert waiting
    assert all(span(talk.ago) <= timedelta(minutes=40) for talk in waiting)

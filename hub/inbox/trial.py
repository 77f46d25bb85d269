"""The dry run: which rules a message or a conversation matches, what it would need, and whom it would go to."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.errors import NotFound
from hub.inbox.hand_over import without
from hub.inbox.house import House
from hub.inbox.queue_facts import gather
from hub.inbox.rights import load
from hub.inbox.rulebook import refuse_faulty
from hub.model import Agent, Conversation, Lifecycle, Person
from hub.routing.book import Book
from hub.routing.choose import choose
from hub.routing.decision import Decision
from hub.routing.facts import Facts
from hub.routing.handing import context_of
from hub.routing.language import language_of
from hub.routing.needs import needs_of
from hub.routing.rules import compile_rules
from hub.routing.seats import seat_of

PRETENDED = "pretended"  # no record has this id


@dataclass(frozen=True, slots=True)
class Typed:
    """A message that nobody has sent. `channel`, `customer`: ids; without a customer it is somebody new, of this
    `lifecycle` and with these `tags`. `at`: when it comes, for opening hours; else now."""

    text: str
    channel: str
    subject: str = ""
    customer: str | None = None
    lifecycle: Lifecycle = Lifecycle.VISITOR
    tags: tuple[str, ...] = ()
    attachment: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """`matched`: the places of the rules that held; `rules`: names by id, of the rules that were tried; `held_by`: who
    has the conversation now: the decision is as if it were waiting."""

    matched: Sequence[tuple[int, str]]
    rules: Mapping[str, str]
    facts: Facts
    answers: Sequence[str]
    decision: Decision
    held_by: str | None = None


async def try_message(house: House, typed: Typed, *, draft: bool) -> Trial:
    """Raises NotFound for a channel or a customer that there is not; Invalid `rules_faulty`."""
    book, now = await book_of(house, draft=draft), house.clock.now()
    channel = house.directory.channel(typed.channel)
    if typed.customer and await house.reader.customer(typed.customer) is None:
        raise NotFound("not_found", "There is no such customer.")
    at = typed.at or now
    pretended = Conversation(
        id=PRETENDED,
        number=0,
        customer=typed.customer or PRETENDED,
        customer_name="",
        channel=channel.id,
        channel_kind=channel.kind,
        created_at=at,
        subject=typed.subject or None,
        tags=typed.tags,
        queued_at=at,
    )
    facts = (await gather(house, book, [pretended], at))[PRETENDED]
    facts = await asyncio.to_thread(_as_typed, facts, typed)
    return await _tried(house, book, pretended, facts, at)


async def try_conversation(house: House, person: Person, ref: str, *, draft: bool) -> Trial:
    """As if it were waiting, from now on where somebody has it. Raises NotFound; Invalid `rules_faulty`."""
    conversation = await load(house, person, ref)
    book, now = await book_of(house, draft=draft), house.clock.now()
    facts = (await gather(house, book, [conversation], now))[conversation.id]
    asked = conversation if conversation.waiting else replace(conversation, queued_at=now)
    tried = await _tried(house, book, asked, facts, now)
    return replace(tried, held_by=conversation.assignee)


async def book_of(house: House, *, draft: bool) -> Book:
    """What routing decides by, with the draft's rules where there is a draft and it is asked for: these have no
    number yet (0).

    Raises Invalid `rules_faulty`.
    """
    book = house.directory.book
    stored = await house.reader.draft() if draft else None
    if stored is None:
        return book
    await refuse_faulty(house, stored.rules)
    rules = await asyncio.to_thread(compile_rules, stored.rules)
    return replace(book, routing=replace(book.routing, version=0), rules=rules)


async def staff(house: House) -> Sequence[Agent]:
    """The agents as they are now, who may still sign in."""
    users = house.directory.users
    return [each for each in await house.reader.agents() if each.id in users and not users[each.id].disabled_at]


async def _tried(house: House, book: Book, conversation: Conversation, facts: Facts, now: datetime) -> Trial:
    applied = await asyncio.to_thread(needs_of, book, facts, conversation.channel_kind)
    places = {rule.id: n for n, rule in enumerate(book.rules.every)}
    seats = [seat_of(_without(each, conversation.id), house.clock.now()) for each in await staff(house)]
    otherwise = house.directory.company.language.value
    return Trial(
        matched=[(places[id], id) for id in applied.matched],
        rules={rule.id: rule.name for rule in book.rules.every},
        facts=facts,
        answers=[answer.text(facts.language, otherwise) for answer in applied.answers],
        decision=choose(applied.needs, seats, context_of(conversation, applied.needs, book, now)),
    )


def _as_typed(facts: Facts, typed: Typed) -> Facts:
    """Runs in a thread: telling the language takes a while."""
    text = "\n".join(filter(None, (typed.subject, typed.text)))
    known = typed.customer is not None
    return replace(
        facts,
        text=text,
        language=language_of(text),
        lifecycle=facts.lifecycle if known else typed.lifecycle.value,
        attachment=typed.attachment,
        verified=facts.channel != "widget",
    )


def _without(agent: Agent, conversation: str) -> Agent:
    """What they hold besides this one."""
    return replace(agent, slots=without(agent.slots, conversation), offers=without(agent.offers, conversation))

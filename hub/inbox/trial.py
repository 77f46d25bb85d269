"""The dry run: which rules a message or a conversation matches, what it would need, and whom it would go to."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.errors import NotFound
from hub.inbox.hand_over import without
from hub.inbox.house import House
from hub.inbox.queue_facts import gather
from hub.inbox.rights import load
from hub.inbox.rulebook import refuse_faulty
from hub.model import Agent, Conversation, Lifecycle, Needs, Person
from hub.routing.book import Book
from hub.routing.choose import choose
from hub.routing.decision import Decision
from hub.routing.facts import Facts
from hub.routing.handing import context_of
from hub.routing.language import language_of
from hub.routing.needs import needs_of
from hub.routing.relax import relaxed
from hub.routing.rules import Rule, compile_rules
from hub.routing.seats import seat_of

PRETENDED = "pretended"  # no record has this id
STAGES = 10  # that a trial tells


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
class Stage:
    """What is asked from `after_s` of waiting on. `rules`: whose steps these are; `over`: other rules, of whose skills
    or team they ask less."""

    after_s: int
    needs: Needs
    rules: tuple[str, ...]
    over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """`matched`: the places of the rules that held; `rules`: names by id, of the rules that were tried; `held_by`: who
    has the conversation now: the decision is as if it were waiting; `stages`: what comes if nobody takes it."""

    matched: Sequence[tuple[int, str]]
    rules: Mapping[str, str]
    facts: Facts
    answers: Sequence[str]
    decision: Decision
    held_by: str | None = None
    stages: Sequence[Stage] = ()


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
    return [each for each in await house.reader.agents() if house.directory.works_here(each.id)]


async def _tried(house: House, book: Book, conversation: Conversation, facts: Facts, now: datetime) -> Trial:
    applied = await asyncio.to_thread(needs_of, book, facts, conversation.channel_kind)
    places = {rule.id: n for n, rule in enumerate(book.rules.every)}
    seats = [seat_of(_without(each, conversation.id), house.clock.now()) for each in await staff(house)]
    otherwise = house.directory.company.language.value
    context, held = context_of(conversation, applied.needs, book, now), set(applied.matched)
    return Trial(
        matched=[(places[id], id) for id in applied.matched],
        rules={rule.id: rule.name for rule in book.rules.every},
        facts=facts,
        answers=[answer.text(facts.language, otherwise) for answer in applied.answers],
        decision=choose(applied.needs, seats, context),
        stages=stages([rule for rule in book.rules.every if rule.id in held], applied.needs, context.waited_s),
    )


def stages(matched: Sequence[Rule], needs: Needs, waited_s: float) -> Sequence[Stage]:
    """What these needs ask later than now, step by step: the steps of all rules hold for what all rules ask. A time at
    which nothing changes is no stage."""
    found: list[Stage] = []
    asked, _, _ = relaxed(needs, waited_s)
    for after_s in sorted({step.after_s for step in needs.relax if step.after_s > waited_s})[:STAGES]:
        later, _, _ = relaxed(needs, after_s)
        if _asks(later) != _asks(asked):
            takers = tuple(rule.id for rule in matched if any(step.after_s == after_s for step in rule.then.relax))
            found.append(Stage(after_s, later, takers, _eased(matched, asked, later, takers)))
        asked = later
    return found


def _asks(needs: Needs) -> object:
    return dict(needs.require), dict(needs.prefer), needs.teams


def _eased(matched: Sequence[Rule], before: Needs, after: Needs, takers: Collection[str]) -> tuple[str, ...]:
    """The rules besides these whose team or skills count less from here on."""
    lighter = {skill for skill, level in before.require.items() if after.require.get(skill, 0) < level}
    team = (
        next((rule.id for rule in reversed(matched) if rule.then.team), None) if before.teams != after.teams else None
    )
    return tuple(
        rule.id
        for rule in matched
        if rule.id not in takers and (rule.id == team or not lighter.isdisjoint(rule.then.require or ()))
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

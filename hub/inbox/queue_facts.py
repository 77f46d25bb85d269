"""What the rules may ask of those who wait, gathered for many at once."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.inbox.house import House
from hub.inbox.html import words_of
from hub.model import Conversation, IdentityKind, Message, Money
from hub.ports import Background, Served
from hub.routing.book import Book
from hub.routing.facts import TEXT_MOST, Facts
from hub.routing.hours import open_at, opens_next
from hub.routing.language import language_of

MESSAGES_MOST = 30  # of one customer, the newest
QUICKLY = 500  # characters whose language is told in no time: handing them to a thread would take longer
EARLIER_MOST = 6  # conversations of one customer, this one included
_MINOR_UNITS = {"CLP": 1, "JPY": 1, "KRW": 1, "PYG": 1, "UYI": 1, "VND": 1, "BHD": 1000, "KWD": 1000, "TND": 1000}


Openings = tuple[Mapping[str, bool], Mapping[str, datetime | None]]


async def gather(
    house: House, book: Book, conversations: Sequence[Conversation], now: datetime, opening: Openings | None = None
) -> Mapping[str, Facts]:
    """By conversation. One question to the store, however many they are. `opening`: if it is known already."""
    behind = await house.reader.backgrounds(conversations, messages=MESSAGES_MOST, earlier=EARLIER_MOST)
    opening = opening or openings(book, now)
    not_before = now - timedelta(days=book.routing.sticky_days)
    facts = {each.id: _facts(house, each, behind[each.id], opening, not_before) for each in conversations}
    return await _with_languages(conversations, facts)


def openings(book: Book, now: datetime) -> Openings:
    """Which hours are open now, and when they open next; "" are the company's."""
    hours = {"": book.hours.get(book.routing.hours or ""), **book.hours}
    return (
        {id: open_at(each, now) for id, each in hours.items()},
        {id: opens_next(each, now) for id, each in hours.items()},
    )


def _facts(
    house: House,
    conversation: Conversation,
    behind: Background,
    opening: Openings,
    not_before: datetime,
) -> Facts:
    channel = house.directory.channels.get(conversation.channel)
    said, customer = behind.said, behind.customer
    others = [each for each in behind.served if each.conversation != conversation.id]
    money = _most(customer.orders) if customer else None
    return Facts(
        channel=conversation.channel_kind,
        address=channel.name if channel else "",
        subject=conversation.subject or "",
        text=_text(conversation, said),
        language=conversation.language,
        open=opening[0],
        open_at=opening[1],
        first_contact=not others,
        lifecycle=customer.lifecycle.value if customer else "visitor",
        tags=tuple(dict.fromkeys((*(customer.tags if customer else ()), *conversation.tags))),
        attributes=customer.attributes if customer else {},
        order_count=sum(each.count for each in customer.orders) if customer else 0,
        order_value=money.sum / _MINOR_UNITS.get(money.currency, 100) if money else 0.0,
        previous_agent=conversation.last_agent or _previous(others, not_before),
        attachment=any(each.attachments for each in said),
        verified=any(map(_is_proof, said)),
    )


def _text(conversation: Conversation, said: Iterable[Message]) -> str:
    """The subject first; of more than fits, the newest stay."""
    words = [conversation.subject or "", *(each.text or words_of(each.html or "") for each in said)]
    return "\n".join(filter(None, words))[-TEXT_MOST:]


def _previous(others: Iterable[Served], not_before: datetime) -> str | None:
    """Who had this customer last."""
    lately = [each for each in others if each.agent and each.at >= not_before]
    return max(lately, key=lambda each: each.at).agent if lately else None


def _most(orders: Sequence[Money]) -> Money | None:
    """Sums of different currencies do not add up: the one in which most was bought."""
    return max(orders, key=lambda each: each.count, default=None)


def _is_proof(message: Message) -> bool:
    """Channels hand on only addresses that they have proved; but a visitor's is whoever sits at that browser."""
    return not message.peer.startswith(f"{IdentityKind.VISITOR}:")


async def _with_languages(conversations: Sequence[Conversation], facts: Mapping[str, Facts]) -> Mapping[str, Facts]:
    """Where it is not known yet; of more than a line in a thread."""
    unknown = {each.id: facts[each.id].text for each in conversations if each.language is None}
    if not any(unknown.values()):
        return facts
    if sum(map(len, unknown.values())) <= QUICKLY:
        told = _languages(unknown)
    else:
        told = await asyncio.to_thread(_languages, unknown)
    return {id: replace(each, language=told.get(id, each.language)) for id, each in facts.items()}


def _languages(texts: Mapping[str, str]) -> Mapping[str, str | None]:
    return {id: language_of(text) if text else None for id, text in texts.items()}

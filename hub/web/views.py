"""What browsers are given: our records → JSON, in one place, for the API and the live socket alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints
from typing_extensions import TypedDict

from hub.events import Event, Kind
from hub.inbox.directory import Directory
from hub.inbox.queries import CustomerView
from hub.model import Actor, ActorKind, Conversation, Message, Order, Quarantined, User
from hub.routing.capacity import weight_of
from hub.web.decisions import DecisionView, LevelView, decision, level, levels
from hub.web.decisions import teams as team_names
from hub.web.named import Named as Named
from hub.web.named import Time as Time
from hub.web.named import maybe_time as maybe_time
from hub.web.named import named as named
from hub.web.named import time as time

# The parts of paths: our own ids, numbers, and the ids that browsers make.
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{1,40}$")]
MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ChannelMark(TypedDict):
    id: str
    kind: str
    name: str


class Author(TypedDict):
    kind: str
    id: str
    name: str


class LastView(TypedDict):
    text: str
    direction: str
    author: str
    at: Time


class ReachView(TypedDict):
    channel: str
    kind: str
    to: str


class NeedsLine(TypedDict):
    """What a waiting conversation asks for, in one line. `agent`: who goes first."""

    require: list[LevelView]
    prefer: list[LevelView]
    agent: Named | None


class WaitsView(TypedDict):
    """Why nobody has it: a code of `routing.decision.Why`, and what nobody who is here can. `event` holds the whole
    decision, made at `at`; `since`: when this wait began; `again_at`: when time alone may change it."""

    why: str
    lacks: list[LevelView]
    event: str
    at: Time
    since: Time | None
    again_at: Time | None


class OfferView(TypedDict):
    agent: Named
    until: Time


class Row(TypedDict):
    """A conversation as lists show it; `rank` is their ascending order. `needs` and `waits` while it waits, as last
    decided. `raised`: its priority, counted from the usual one; `weight`: capacity units that it takes."""

    id: str
    number: int
    customer: Named
    channel: ChannelMark
    subject: str | None
    status: Literal["open", "snoozed", "resolved"]
    turn: Literal["us", "customer"]
    assignee: Named | None
    team: Named | None
    language: str | None
    needs: NeedsLine | None
    waits: WaitsView | None
    offer: OfferView | None
    priority: int
    raised: int
    weight: int
    last: LastView | None
    waiting_since: Time | None
    resolved_at: Time | None
    rank: int
    version: int
    seq: int
    last_out_seq: int
    seen: dict[str, int]
    tags: list[str]
    reach: list[ReachView]
    previous: str | None


class FileView(TypedDict):
    id: str
    name: str
    type: str
    size: int


class MessageView(TypedDict):
    id: str
    conversation: str
    seq: int
    direction: Literal["in", "out", "note"]
    author: Author
    channel: ChannelMark
    at: Time
    text: str
    has_html: bool
    subject: str | None
    attachments: list[FileView]
    delivery: str | None
    next_at: Time | None
    failure: str | None
    flagged: str | None
    automatic: bool


class MessageEntry(TypedDict):
    type: Literal["message"]
    message: MessageView


class EventEntry(TypedDict):
    type: Literal["event"]
    id: str
    kind: str
    at: Time
    actor: Author
    data: dict[str, Any]


Entry = MessageEntry | EventEntry


class IdentityView(TypedDict):
    kind: str
    value: str
    verified: bool


class ClaimView(TypedDict):
    kind: str
    value: str
    source: str
    at: Time


class OrderView(TypedDict):
    """`total` in minor units of the currency."""

    number: str
    at: Time
    status: str
    currency: str
    total: int


class MoneyView(TypedDict):
    currency: str
    count: int
    sum: int


class Orders(TypedDict):
    totals: list[MoneyView]
    last: list[OrderView]


class ConversationMark(TypedDict):
    id: str
    number: int
    subject: str | None
    status: str
    channel: ChannelMark
    last: LastView | None
    at: Time


class CustomerPane(TypedDict):
    id: str
    name: str
    lifecycle: str
    tags: list[str]
    attributes: dict[str, Any]
    locale: str | None
    time_zone: str | None
    identities: list[IdentityView]
    claims: list[ClaimView]
    orders: Orders
    conversations: list[ConversationMark]
    created_at: Time


class QuarantinedView(TypedDict):
    id: str
    channel: ChannelMark
    why: str
    size: int
    at: Time
    retried: int


class UserView(TypedDict):
    id: str
    email: str
    name: str
    role: str
    disabled: bool


def row(conversation: Conversation, directory: Directory) -> Row:
    return {
        "id": conversation.id,
        "number": conversation.number,
        "customer": {"id": conversation.customer, "name": conversation.customer_name},
        "channel": channel_mark(conversation.channel, directory, conversation.channel_kind),
        "subject": conversation.subject,
        "status": conversation.status.value,
        "turn": conversation.turn.value,
        "assignee": named(conversation.assignee, directory),
        "team": team_named(conversation.team, directory),
        "language": conversation.language,
        "needs": _needs(conversation, directory),
        "waits": waits(conversation, directory),
        "offer": _offer(conversation, directory),
        "priority": conversation.priority,
        "raised": conversation.priority - directory.book.routing.priority,
        "weight": weight_of(conversation, directory.book.routing),
        "last": _last(conversation),
        "waiting_since": maybe_time(conversation.waiting_since),
        "resolved_at": maybe_time(conversation.resolved_at),
        "rank": conversation.rank,
        "version": conversation.version,
        "seq": conversation.seq,
        "last_out_seq": conversation.last_out_seq,
        "seen": dict(conversation.seen),
        "tags": list(conversation.tags),
        "reach": [{"channel": way.channel, "kind": way.kind, "to": way.to} for way in conversation.reach],
        "previous": conversation.previous,
    }


def waits(conversation: Conversation, directory: Directory) -> WaitsView | None:
    found = conversation.waits
    if found is None or not conversation.waiting:
        return None
    return {
        "why": found.why,
        "lacks": [level(each, directory) for each in found.lacks],
        "event": found.event,
        "at": time(found.at),
        "since": maybe_time(conversation.first_queued_at),
        "again_at": maybe_time(found.again_at),
    }


def _needs(conversation: Conversation, directory: Directory) -> NeedsLine | None:
    needs = conversation.needs
    if needs is None or not conversation.waiting:
        return None
    return {
        "require": levels(needs.require, directory),
        "prefer": levels(needs.prefer, directory),
        "agent": named(needs.agent, directory),
    }


def _offer(conversation: Conversation, directory: Directory) -> OfferView | None:
    offer = conversation.offer
    if offer is None:
        return None
    return {"agent": {"id": offer.agent, "name": directory.name_of(offer.agent)}, "until": time(offer.until)}


def message(message: Message, directory: Directory) -> MessageView:
    name = message.author_name or (directory.name_of(message.author.id) if message.author.id else "")
    return {
        "id": message.id,
        "conversation": message.conversation,
        "seq": message.seq,
        "direction": message.direction.value,
        "author": {"kind": message.author.kind.value, "id": message.author.id, "name": name},
        "channel": channel_mark(message.channel, directory),
        "at": time(message.at),
        "text": message.text,
        "has_html": message.html is not None,
        "subject": message.subject,
        "attachments": [
            {"id": file.id, "name": file.name, "type": file.type, "size": file.size} for file in message.attachments
        ],
        "delivery": message.delivery.value if message.delivery else None,
        "next_at": maybe_time(message.next_at),
        "failure": message.failure,
        "flagged": message.flagged,
        "automatic": message.automatic,
    }


# At one and the same instant these come after the message that brought them about, the others before it.
_AFTER = frozenset({Kind.CONVERSATION_RESOLVED, Kind.CONVERSATION_RELEASED, Kind.CLAIM_ADDED})


def entries(
    messages: Sequence[Message], events: Sequence[Event], directory: Directory, customer_name: str
) -> list[Entry]:
    """One stream, oldest first."""
    placed: list[tuple[datetime, int, int, Entry]] = []
    for each in messages:
        placed.append((each.at, 1, each.seq, {"type": "message", "message": message(each, directory)}))
    for n, event in enumerate(events):
        placed.append((event.at, 2 if event.kind in _AFTER else 0, n, _event(event, directory, customer_name)))
    return [entry for *_, entry in sorted(placed, key=lambda place: place[:3])]


def _event(event: Event, directory: Directory, customer_name: str) -> EventEntry:
    return {
        "type": "event",
        "id": event.id,
        "kind": event.kind.value,
        "at": time(event.at),
        "actor": actor(event.actor, directory, customer_name),
        "data": event_data(event.data, directory),
    }


def event_data(data: Mapping[str, Any], directory: Directory) -> dict[str, Any]:
    """The event's ids, and the names that a screen needs with them; of a decision as much as a line says."""
    names = {f"{part}_name": directory.name_of(data[part]) for part in _PEOPLE if data.get(part)}
    plain = {name: time(value) if isinstance(value, datetime) else value for name, value in data.items()}
    if "decision" in data:
        plain["decision"] = decision_line(data["decision"], directory)
    return {**plain, **names}


_PEOPLE = ("assignee", "from", "agent")
LINE = 3  # of the candidates and of the skills that others lack


def decision_line(data: Mapping[str, Any], directory: Directory) -> DecisionView:
    """A decision without what its line does not say; the whole is at `/api/conversations/{ref}/why`."""
    lacking = sorted(data.get("lacking", {}).items(), key=lambda each: -each[1])[:LINE]
    return decision({**data, "candidates": data.get("candidates", ())[:LINE], "lacking": dict(lacking)}, directory)


def actor(actor: Actor, directory: Directory, customer_name: str) -> Author:
    name = ""
    if actor.kind is ActorKind.AGENT:
        name = directory.name_of(actor.id)
    elif actor.kind is ActorKind.CUSTOMER:
        name = customer_name
    return {"kind": actor.kind.value, "id": actor.id, "name": name}


def customer_pane(view: CustomerView, directory: Directory) -> CustomerPane:
    customer = view.customer
    return {
        "id": customer.id,
        "name": customer.name,
        "lifecycle": customer.lifecycle.value,
        "tags": list(customer.tags),
        "attributes": dict(customer.attributes),
        "locale": customer.locale,
        "time_zone": customer.time_zone,
        "identities": [
            {"kind": each.kind.value, "value": each.value, "verified": each.verified_at is not None}
            for each in view.identities
        ],
        "claims": [
            {"kind": each.kind.value, "value": each.value, "source": each.source, "at": time(each.at)}
            for each in customer.claims
        ],
        "orders": {
            "totals": [{"currency": each.currency, "count": each.count, "sum": each.sum} for each in customer.orders],
            "last": [_order(each) for each in view.orders],
        },
        "conversations": [_mark(each, directory) for each in view.conversations],
        "created_at": time(customer.created_at),
    }


def _order(order: Order) -> OrderView:
    return {
        "number": order.number,
        "at": time(order.at),
        "status": order.status,
        "currency": order.currency,
        "total": order.total,
    }


def _mark(conversation: Conversation, directory: Directory) -> ConversationMark:
    return {
        "id": conversation.id,
        "number": conversation.number,
        "subject": conversation.subject,
        "status": conversation.status.value,
        "channel": channel_mark(conversation.channel, directory, conversation.channel_kind),
        "last": _last(conversation),
        "at": time(conversation.last.at if conversation.last else conversation.created_at),
    }


def _last(conversation: Conversation) -> LastView | None:
    last = conversation.last
    if last is None:
        return None
    return {"text": last.text, "direction": last.direction.value, "author": last.author, "at": time(last.at)}


def quarantined(entry: Quarantined, directory: Directory) -> QuarantinedView:
    return {
        "id": entry.id,
        "channel": channel_mark(entry.channel, directory),
        "why": entry.why,
        "size": entry.size,
        "at": time(entry.at),
        "retried": entry.retried,
    }


def user(user: User) -> UserView:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "disabled": user.disabled_at is not None,
    }


def team_named(team: str | None, directory: Directory) -> Named | None:
    return team_names([team], directory)[0] if team else None


def channel_mark(id: str, directory: Directory, kind: str = "") -> ChannelMark:
    known = directory.channels.get(id)
    return {"id": id, "kind": known.kind if known else kind, "name": known.name if known else ""}

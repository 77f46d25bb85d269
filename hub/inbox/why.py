"""Why a conversation is with whom it is, or why it still waits: what was decided last, or would be now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hub.errors import NotFound
from hub.events import Event, Kind
from hub.inbox.house import House
from hub.inbox.rights import load
from hub.inbox.trial import try_conversation
from hub.model import Actor, ActorKind, Conversation, Person
from hub.routing.decision import as_data

State = Literal["held", "offered", "waiting", "quiet"]

# What tells of each state.
_TOLD: Mapping[State, Kind] = {
    "held": Kind.CONVERSATION_ASSIGNED,
    "offered": Kind.CONVERSATION_OFFERED,
    "waiting": Kind.CONVERSATION_WAITS,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`decision` as `routing.decision.as_data` writes it; None: nobody has decided, or a person did (`by`). `at`: when;
    `cause`: the event that led to it; `fresh`: decided just now, by the live rules."""

    conversation: Conversation
    state: State
    at: datetime
    decision: Mapping[str, Any] | None = None
    by: Actor | None = None
    cause: Event | None = None
    fresh: bool = False


async def why(house: House, person: Person, ref: str, event: str = "") -> Reason:
    """`event`: one of its events, else the last that tells of how it stands. Raises NotFound."""
    conversation = await load(house, person, ref)
    state = _state(conversation)
    if event:
        return await _told(house, conversation, state, await _asked_for(house, conversation, event))
    found = await house.reader.last_event(conversation.id, _TOLD[state]) if state in _TOLD else None
    if state == "waiting" and not _still_so(house, conversation, found):
        tried = await try_conversation(house, person, conversation.id, draft=False)
        return Reason(conversation, state, house.clock.now(), as_data(tried.decision), fresh=True)
    if found is None:
        return Reason(conversation, state, conversation.assigned_at or conversation.created_at)
    return await _told(house, conversation, state, found)


def _state(conversation: Conversation) -> State:
    if conversation.assignee:
        return "held"
    if conversation.offer:
        return "offered"
    return "waiting" if conversation.waiting else "quiet"


def _still_so(house: House, conversation: Conversation, found: Event | None) -> bool:
    """Whether that was decided for this wait, and by the rules that are live."""
    waits, queued_at = conversation.waits, conversation.queued_at
    if found is None or waits is None or waits.event != found.id or (queued_at and waits.at < queued_at):
        return False
    return bool(found.data["decision"].get("version", 0) == house.directory.book.routing.version)


async def _asked_for(house: House, conversation: Conversation, id: str) -> Event:
    event = (await house.reader.events([id])).get(id)
    if event is None or event.conversation != conversation.id:
        raise NotFound("not_found", "This conversation has no such event.")
    return event


async def _told(house: House, conversation: Conversation, state: State, event: Event) -> Reason:
    cause = (await house.reader.events([event.cause])).get(event.cause) if event.cause else None
    by = event.actor if event.actor.kind is ActorKind.AGENT else None
    return Reason(conversation, state, event.at, event.data.get("decision"), by, cause)

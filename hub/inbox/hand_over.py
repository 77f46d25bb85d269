"""The one way an assignee changes: the agent's slots, the conversation and the event, together or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hub.events import Kind
from hub.model import Actor, Agent, Availability, Conversation, Routing, Slot, Turn, User
from hub.ports import Ref, Sheet
from hub.routing.capacity import slot_of
from hub.routing.seats import RECENT

ROUTING = Ref(Routing, "routing")


def wanted(*agents: str | None) -> Iterable[Ref]:
    """The records that everything here works on."""
    return [ROUTING, *(Ref(Agent, id) for id in agents if id)]


def holders(conversation: Conversation | None) -> Iterable[Ref]:
    """The agent who has it, and the one whom it is offered to."""
    if conversation is None:
        return ()
    return wanted(conversation.assignee, conversation.offer.agent if conversation.offer else None)


def still_here(*users: str | None) -> Iterable[Ref]:
    """The records that `has_left` looks at."""
    return [Ref(User, id) for id in users if id]


def has_left(sheet: Sheet, user: str | None) -> bool:
    """Whether this person can sign in no more, so that nothing should come to them."""
    known = sheet.get(User, user) if user else None
    return known is not None and known.disabled_at is not None


def settings_of(sheet: Sheet) -> Routing:
    return sheet.get(Routing, ROUTING.id) or Routing()


def hand_over(
    sheet: Sheet,
    conversation: Conversation,
    to: str | None,
    actor: Actor,
    cause: str | None = None,
    *,
    data: Mapping[str, Any] | None = None,
    routed: bool = False,
) -> Conversation:
    """Gives a live conversation to an agent, or back to the queue (`to` is None), where it keeps its age.

    An offer of it ends. `data` goes with the event; `routed`: by routing, which counts for the flood guard.
    """
    held_by, offer = conversation.assignee, conversation.offer
    offered = offer.agent if offer and offer.agent != to else None  # who sees it no longer, it may be
    if held_by == to and not offer:
        return conversation
    let_go(sheet, conversation)
    changed = replace(
        conversation,
        assignee=to,
        offer=None,
        waits=None if to else conversation.waits,
        declined=() if to else conversation.declined,
        missed=None if to else conversation.missed,
        last_agent=to or held_by or conversation.last_agent,
        assigned_at=sheet.now if to else None,
        first_queued_at=conversation.first_queued_at if to or conversation.first_queued_at else sheet.now,
        queued_at=conversation.queued_at if to else sheet.now,
        version=conversation.version + 1,
    )
    sheet.put(changed)
    if to:
        hold(sheet, changed, routed=routed)
    told = ((key, who) for key, who in (("assignee", to), ("from", held_by), ("offered", offered)) if who)
    sheet.tell(
        Kind.CONVERSATION_ASSIGNED if to else Kind.CONVERSATION_RELEASED,
        conversation=conversation.id,
        customer=conversation.customer,
        actor=actor,
        cause=cause,
        data=dict(told) | dict(data or {}),
    )
    return changed


def hold(sheet: Sheet, conversation: Conversation, *, routed: bool = False) -> None:
    """Adds the slot: a set, so that adding twice is adding once. An assignment is now."""
    agent = sheet.get(Agent, conversation.assignee) if conversation.assignee else None
    if agent is None:
        return
    slots = with_slot(agent.slots, slot_of(conversation, settings_of(sheet), sheet.now))
    recent = with_recent(agent, sheet) if routed else agent.recent
    sheet.put(replace(agent, slots=slots, last_assigned_at=sheet.now, recent=recent))


def weigh(sheet: Sheet, conversation: Conversation) -> None:
    """Whose turn it is, or whether it sleeps, has changed: so has what it weighs at its agent."""
    agent = sheet.get(Agent, conversation.assignee) if conversation.assignee else None
    if agent is None or not conversation.live:
        return
    before = next((slot for slot in agent.slots if slot.conversation == conversation.id), None)
    slot = slot_of(conversation, settings_of(sheet), sheet.now, before)
    if slot != before:
        sheet.put(replace(agent, slots=with_slot(agent.slots, slot)))


def let_go(sheet: Sheet, conversation: Conversation) -> None:
    """Takes the slot away from whoever holds it, and the offer from whoever has it."""
    id = conversation.id
    holder = sheet.get(Agent, conversation.assignee) if conversation.assignee else None
    if holder is not None and any(slot.conversation == id for slot in holder.slots):
        sheet.put(replace(holder, slots=without(holder.slots, id)))
    offered = sheet.get(Agent, conversation.offer.agent) if conversation.offer else None
    if offered is not None and any(slot.conversation == id for slot in offered.offers):
        sheet.put(replace(offered, offers=without(offered.offers, id)))


def with_slot(slots: tuple[Slot, ...], slot: Slot) -> tuple[Slot, ...]:
    return (*without(slots, slot.conversation), slot)


def without(slots: tuple[Slot, ...], conversation: str) -> tuple[Slot, ...]:
    return tuple(slot for slot in slots if slot.conversation != conversation)


def with_declined(conversation: Conversation, agent: str) -> tuple[str, ...]:
    """With one more whom routing does not give it to again while it waits."""
    return conversation.declined if agent in conversation.declined else (*conversation.declined, agent)


def with_recent(agent: Agent, sheet: Sheet) -> tuple[Any, ...]:
    """When routing gave this agent something during the last minute, now included."""
    return (*(at for at in agent.recent if sheet.now - at < RECENT), sheet.now)


def keeps_customers(agent: Agent | None) -> bool:
    """Whether a customer who writes again comes back to this agent: who is busy takes nothing new, but keeps theirs."""
    return agent is not None and agent.availability in (Availability.AVAILABLE, Availability.BUSY)


def returned(sheet: Sheet, conversation: Conversation, actor: Actor) -> Conversation:
    """The customer has written again, and it is our turn: to the agent who has it if they are here, even beyond their
    capacity (no assignment); else back to the queue, where that agent goes first."""
    assert conversation.turn is Turn.US
    if conversation.assignee is None:
        return conversation
    left = has_left(sheet, conversation.assignee)
    if keeps_customers(sheet.get(Agent, conversation.assignee)) and not left:
        weigh(sheet, conversation)
        return conversation
    return hand_over(sheet, conversation, None, actor, data={"why": "left" if left else "away"})

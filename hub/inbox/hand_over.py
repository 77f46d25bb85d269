"""The one way an assignee changes: the agent's slots, the conversation and the event, together or not at all."""

from collections.abc import Iterable
from dataclasses import replace

from hub.events import Kind
from hub.model import Actor, Agent, Conversation, Slot, User
from hub.ports import Ref, Sheet

WEIGHTS = {"widget": 2, "telegram": 2, "email": 1, "webhook": 1}  # capacity units, by kind of channel


def wanted(*agents: str | None) -> Iterable[Ref]:
    """The agents' records that `hand_over` and `let_go` work on."""
    return [Ref(Agent, id) for id in agents if id]


def still_here(*users: str | None) -> Iterable[Ref]:
    """The records that `has_left` looks at."""
    return [Ref(User, id) for id in users if id]


def has_left(sheet: Sheet, user: str | None) -> bool:
    """Whether this person can sign in no more, so that nothing should come to them."""
    known = sheet.get(User, user) if user else None
    return known is not None and known.disabled_at is not None


def hand_over(
    sheet: Sheet, conversation: Conversation, to: str | None, actor: Actor, cause: str | None = None
) -> Conversation:
    """Gives a live conversation to an agent, or back to the queue (`to` is None); keeps its age."""
    held_by = conversation.assignee
    if held_by == to:
        return conversation
    let_go(sheet, conversation)
    queued = conversation.first_queued_at if to or conversation.first_queued_at else sheet.now
    changed = replace(conversation, assignee=to, first_queued_at=queued, version=conversation.version + 1)
    sheet.put(changed)
    if to:
        hold(sheet, changed)
    sheet.tell(
        Kind.CONVERSATION_ASSIGNED if to else Kind.CONVERSATION_RELEASED,
        conversation=conversation.id,
        customer=conversation.customer,
        actor=actor,
        cause=cause,
        data={key: value for key, value in (("assignee", to), ("from", held_by)) if value},
    )
    return changed


def hold(sheet: Sheet, conversation: Conversation) -> None:
    """Adds the slot: a set, so that adding twice is adding once."""
    agent = sheet.get(Agent, conversation.assignee) if conversation.assignee else None
    if agent is None:
        return
    others = tuple(slot for slot in agent.slots if slot.conversation != conversation.id)
    slot = Slot(conversation.id, WEIGHTS.get(conversation.channel_kind, 1), conversation.channel)
    sheet.put(replace(agent, slots=(*others, slot), last_assigned_at=sheet.now))


def let_go(sheet: Sheet, conversation: Conversation) -> None:
    """Takes the slot away from whoever holds it."""
    agent = sheet.get(Agent, conversation.assignee) if conversation.assignee else None
    if agent is not None:
        sheet.put(replace(agent, slots=tuple(slot for slot in agent.slots if slot.conversation != conversation.id)))

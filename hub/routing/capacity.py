"""What a conversation weighs, and how much an agent holds: by whose turn it is, in capacity units."""

from datetime import datetime, timedelta

from hub.model import CHATS, Agent, Conversation, Routing, Slot, Status, Team, Turn


def weight_of(conversation: Conversation, settings: Routing) -> int:
    """What it weighs on our turn: as routing decided, else what its kind of channel weighs in this company."""
    if conversation.needs is not None:
        return conversation.needs.weight
    return weight_on(conversation.channel_kind, settings)


def weight_on(kind: str, settings: Routing, team: Team | None = None) -> int:
    """What a conversation on this kind of channel weighs, where no rule says otherwise."""
    if team is not None and kind in team.weights:
        return team.weights[kind]
    return settings.weights.get(kind, 1)


def slot_of(conversation: Conversation, settings: Routing, now: datetime, before: Slot | None = None) -> Slot:
    """The slot it takes at its agent as it stands now. `before`: its slot until now, whose idle time goes on."""
    slot = Slot(conversation.id, weight_of(conversation, settings), conversation.channel, conversation.channel_kind)
    if conversation.turn is Turn.US and conversation.status is Status.OPEN:
        return slot
    until = before.until if before else None
    if until is None:
        idle = conversation.status is Status.OPEN and conversation.channel_kind in CHATS
        until = now + timedelta(seconds=settings.idle_s if idle else 0)
    return Slot(slot.conversation, slot.weight, slot.channel, slot.kind, until)


def units(slot: Slot, now: datetime) -> int:
    """What this slot weighs now."""
    return slot.weight if slot.until is None or now < slot.until else 0


def load(agent: Agent, now: datetime, kind: str | None = None) -> int:
    """Units this agent holds and is offered; of one kind of channel when it is given."""
    return sum(
        slot.weight
        for slots in (agent.slots, agent.offers)
        for slot in slots
        if (slot.until is None or now < slot.until) and (kind is None or slot.kind == kind)
    )


def lighter_at(agent: Agent, now: datetime) -> datetime | None:
    """When this agent will hold less, if nobody does anything."""
    ends = [slot.until for slots in (agent.slots, agent.offers) for slot in slots if slot.until and slot.until > now]
    return min(ends, default=None)

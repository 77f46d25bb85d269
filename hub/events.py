"""What has happened, in the past tense: the audit trail, the timeline's system lines and the feed.

`data` holds ids and states, never texts, names or addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hub.model import SYSTEM, Actor


class Kind(StrEnum):
    MESSAGE_RECEIVED = "message.received"  # message
    MESSAGE_QUEUED = "message.queued"  # message, seq, channel, next_at (a time)
    MESSAGE_WITHDRAWN = "message.withdrawn"  # message: taken back before it was sent
    MESSAGE_STATE = "message.state"  # message, channel, peer, state, failure?
    NOTE_ADDED = "note.added"  # message
    CONVERSATION_BEGUN = "conversation.begun"  # channel, previous?
    CONVERSATION_ASSIGNED = "conversation.assigned"  # assignee, from?, offered? (till then), decision?, team_before?
    CONVERSATION_RELEASED = "conversation.released"  # from, why? (away: its agent is; left: may not sign in any more)
    CONVERSATION_WAITS = "conversation.waits"  # decision: routing found nobody; told when that changes; team_before?
    CONVERSATION_OFFERED = "conversation.offered"  # agent, until, decision, team_before?
    CONVERSATION_DECLINED = "conversation.declined"  # agent, expired (bool)
    CONVERSATION_RESOLVED = "conversation.resolved"
    CONVERSATION_REOPENED = "conversation.reopened"  # by the customer's message or by hand
    CONVERSATION_SEEN = "conversation.seen"  # user, seq
    CUSTOMER_CHANGED = "customer.changed"  # fields
    CLAIM_ADDED = "claim.added"  # kind
    CHANNEL_CHANGED = "channel.changed"  # channel
    COMPANY_CHANGED = "company.changed"  # fields
    USER_CHANGED = "user.changed"  # user
    # agent, fields (availability, connected, skills, capacity, caps, teams), availability?
    AGENT_CHANGED = "agent.changed"
    ROUTING_CHANGED = "routing.changed"  # what (rules, draft, settings, team, skill, hours), id?, version?
    QUARANTINE_ADDED = "quarantine.added"  # quarantine
    QUARANTINE_CLEARED = "quarantine.cleared"  # quarantine, message
    DEMO_STARTED = "demo.started"
    DEMO_ENDED = "demo.ended"


# The lines an agent reads between the messages.
TIMELINE = frozenset(
    {
        Kind.CONVERSATION_BEGUN,
        Kind.CONVERSATION_ASSIGNED,
        Kind.CONVERSATION_RELEASED,
        Kind.CONVERSATION_RESOLVED,
        Kind.CONVERSATION_REOPENED,
        Kind.CONVERSATION_WAITS,
        Kind.CONVERSATION_OFFERED,
        Kind.CONVERSATION_DECLINED,
        Kind.CLAIM_ADDED,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    kind: Kind
    at: datetime
    conversation: str | None = None
    customer: str | None = None
    actor: Actor = SYSTEM
    cause: str | None = None  # the id of the event or message that led to this one
    data: Mapping[str, Any] = field(default_factory=dict)

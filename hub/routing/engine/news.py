"""What the events of the feed mean to the engine: whom to look at again, and because of which event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.events import Event, Kind
from hub.model import Conversation
from hub.ports import Filed, Told

# Of a conversation: it has come, gone, or asks for something else.
_CONVERSATION = frozenset(
    {
        Kind.MESSAGE_RECEIVED,
        Kind.MESSAGE_QUEUED,
        Kind.MESSAGE_WITHDRAWN,
        Kind.CONVERSATION_BEGUN,
        Kind.CONVERSATION_ASSIGNED,
        Kind.CONVERSATION_RELEASED,
        Kind.CONVERSATION_WAITS,
        Kind.CONVERSATION_OFFERED,
        Kind.CONVERSATION_DECLINED,
        Kind.CONVERSATION_RESOLVED,
        Kind.CONVERSATION_REOPENED,
    }
)
# Those that say what an engine did itself: no cause to do anything.
_ECHOES = frozenset({Kind.CONVERSATION_ASSIGNED, Kind.CONVERSATION_WAITS, Kind.CONVERSATION_OFFERED})
# By which somebody may have more room than before: worth a hurry even where nobody had any.
_ROOM = frozenset(
    {
        Kind.MESSAGE_QUEUED,
        Kind.CONVERSATION_RELEASED,
        Kind.CONVERSATION_DECLINED,
        Kind.CONVERSATION_RESOLVED,
        Kind.AGENT_CHANGED,
        Kind.USER_CHANGED,
        Kind.ROUTING_CHANGED,
    }
)
# Where an event names an agent, by its data.
_AGENTS: Mapping[Kind, Sequence[str]] = {
    Kind.CONVERSATION_ASSIGNED: ("from",),
    Kind.CONVERSATION_RELEASED: ("from",),
    Kind.CONVERSATION_OFFERED: ("agent",),
    Kind.CONVERSATION_DECLINED: ("agent",),
    Kind.AGENT_CHANGED: ("agent",),
    Kind.USER_CHANGED: ("user",),
}


@dataclass(slots=True)
class News:
    """`conversations` and `agents`: ids, with the event that named them last (None: one that is no cause). `known`:
    conversations as that event left them, where this process filed it itself: these need not be read. `assigned`:
    (conversation, agent), by whomever. `book`: the event that changed what routing decides by; `names`: a channel has
    another name, which rules may ask for; `room`: somebody may have more than before."""

    conversations: dict[str, str | None] = field(default_factory=dict)
    known: dict[str, Conversation] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    assigned: dict[tuple[str, str], str] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)
    book: str | None = None
    names: bool = False
    room: bool = False

    def note(self, told: Sequence[Told], filed_with: Callable[[str], Filed | None]) -> None:
        """Asks `filed_with` at once: what was filed is remembered for a moment only."""
        for each in told:
            self._note(each.event, filed_with)

    def ask_for(self, conversation: str) -> None:
        """It is not as it seemed: it is to be read."""
        self.conversations.setdefault(conversation, None)
        self.known.pop(conversation, None)

    def _note(self, event: Event, filed_with: Callable[[str], Filed | None]) -> None:
        kind = event.kind
        self.room = self.room or kind in _ROOM
        if kind in _CONVERSATION and event.conversation:
            cause = self.conversations.get(event.conversation) if kind in _ECHOES else event.id
            self.conversations[event.conversation] = cause
            self.known.pop(event.conversation, None)
            if cause and (filed := filed_with(event.id)) and filed.conversation:
                self.known[event.conversation] = filed.conversation
        for name in _AGENTS.get(kind, ()):
            if agent := event.data.get(name):
                self.agents[agent] = event.id
        if kind is Kind.CONVERSATION_ASSIGNED and event.conversation:
            self.assigned[event.conversation, event.data["assignee"]] = event.id
        if kind is Kind.CUSTOMER_CHANGED and event.customer:
            self.customers.add(event.customer)
        if kind is Kind.ROUTING_CHANGED and event.data.get("what") != "draft":
            self.book = event.id
        if kind is Kind.CHANNEL_CHANGED:
            self.names = True

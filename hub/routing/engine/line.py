"""The queue as the engine has it in mind: who waits, what each asks for, and who is to be looked at."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from hub.model import Conversation, Routing
from hub.routing.needs import Applied
from hub.routing.urgency import Place, place

ASIDE = timedelta(seconds=30)
IN_MIND = 20_000  # conversations; whoever waits behind them comes when these have gone


@dataclass(slots=True, eq=False)
class Entry:
    """One who waits. `applied` is None while what it asks for is not known (any more); `line`: what was last told of
    it; `again_at`: when time alone may change something; `cause`: the event that made it worth a look; `tried`: how
    often in a row the picture was stale."""

    conversation: Conversation
    place: Place
    applied: Applied | None = None
    language: str | None = None
    line: tuple[object, ...] | None = None
    again_at: datetime | None = None
    aside_until: datetime | None = None  # something is wrong with it
    cause: str | None = None
    tried: int = 0


@dataclass(slots=True)
class Line:
    """`due`: who is to be looked at; `missed`: whose picture was stale again and again: no walk may pass them. All of
    them wait in `entries`."""

    settings: Routing = field(default_factory=Routing)
    entries: dict[str, Entry] = field(default_factory=dict)
    due: dict[str, None] = field(default_factory=dict)
    missed: dict[str, None] = field(default_factory=dict)
    _order: list[Place] = field(default_factory=list)
    _alarms: list[tuple[datetime, str]] = field(default_factory=list)

    def to_walk(self) -> Iterator[Entry]:
        """Who is due, and whoever must not be passed by them; the most urgent first."""
        return self.in_order({**self.due, **self.missed})

    def in_order(self, ids: Iterable[str] | None = None) -> Iterator[Entry]:
        """The most urgent first; of these, or of all. What happens to the line meanwhile is not seen."""
        if ids is not None:
            return iter(sorted((self.entries[id] for id in ids if id in self.entries), key=lambda each: each.place))
        return (entry for _, _, id in tuple(self._order) if (entry := self.entries.get(id)))

    def keep(self, id: str, conversation: Conversation | None) -> None:
        """As it is now: in the queue, or gone from it. Somebody new, or who has changed, is to be looked at."""
        entry = self.entries.get(id)
        if conversation is None or not conversation.waiting:
            self.drop(id)
        elif entry is None:
            self._add(conversation)
        elif entry.conversation != conversation:
            self.renew(entry, conversation)
            self.due[id] = None

    def renew(self, entry: Entry, conversation: Conversation) -> None:
        """The same one, a little later. What it asks for stays known unless what rules may ask of it has changed."""
        before, entry.conversation, entry.aside_until = entry.conversation, conversation, None
        if _what_rules_ask(before) != _what_rules_ask(conversation):
            self.ask_anew(entry)
        self.put_in_order(entry)

    def drop(self, id: str) -> None:
        if entry := self.entries.pop(id, None):
            del self._order[bisect_left(self._order, entry.place)]
            self.was_looked_at(id)

    def was_looked_at(self, id: str) -> None:
        self.due.pop(id, None)
        self.missed.pop(id, None)

    def clear(self) -> None:
        self.entries.clear()
        self.due.clear()
        self.missed.clear()
        self._order.clear()
        self._alarms.clear()

    def ask_anew(self, entry: Entry) -> None:
        """What it asks for may be something else by now."""
        entry.applied = entry.line = None
        self.due[entry.conversation.id] = None

    def look_again(self, entry: Entry, at: datetime | None) -> None:
        """At this time, if nothing happens before."""
        entry.again_at = at
        if at is not None:
            heappush(self._alarms, (at, entry.conversation.id))
        if len(self._alarms) > 4 * IN_MIND:
            self._alarms = [(each.again_at, id) for id, each in self.entries.items() if each.again_at]
            heapify(self._alarms)

    def set_aside(self, entry: Entry, now: datetime) -> None:
        """Something is wrong with this one: the others go on."""
        self.was_looked_at(entry.conversation.id)
        entry.aside_until = now + ASIDE
        self.look_again(entry, entry.aside_until)

    def let_time_pass(self, now: datetime) -> None:
        while self._alarms and self._alarms[0][0] <= now:
            at, id = heappop(self._alarms)
            entry = self.entries.get(id)
            if entry and entry.again_at == at:
                entry.again_at = None
                self.due[id] = None

    def next_at(self) -> datetime | None:
        return self._alarms[0][0] if self._alarms else None

    def put_in_order(self, entry: Entry) -> None:
        needs = entry.applied.needs if entry.applied else None
        stands = place(entry.conversation, self.settings, needs)
        if stands != entry.place:
            del self._order[bisect_left(self._order, entry.place)]
            entry.place = stands
            insort(self._order, stands)

    def _add(self, conversation: Conversation) -> None:
        stands = place(conversation, self.settings)
        if len(self._order) >= IN_MIND:
            if stands > self._order[-1]:
                return
            self.drop(self._order[-1][2])
        self.entries[conversation.id] = Entry(conversation, stands)
        insort(self._order, stands)
        self.due[conversation.id] = None


def _what_rules_ask(conversation: Conversation) -> tuple[object, ...]:
    """What the facts of a conversation are made of."""
    return (
        conversation.seq,
        conversation.customer,
        conversation.subject,
        conversation.first_queued_at,
        conversation.last_agent,
    )

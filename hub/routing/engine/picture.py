"""What the engine has in mind, brought in line with the store. Never more than a guess: the changes look again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

import structlog

from hub.errors import HubError
from hub.inbox.house import House
from hub.inbox.queue_facts import Openings, gather, openings
from hub.model import Conversation
from hub.ports import InLine
from hub.routing.book import Book
from hub.routing.engine.crew import Crew
from hub.routing.engine.line import IN_MIND, Entry, Line
from hub.routing.engine.news import News
from hub.routing.needs import needs_of
from hub.turns import Turns

T = TypeVar("T")
log = structlog.get_logger("hub.routing")

AT_ONCE = 50  # records read at once: some milliseconds of work
LEARN_MOST = 1_000  # conversations whose needs are worked out before anybody is given something
AT_LEISURE = 50  # of those whose wait has been explained, in a round in which nobody has room anyway


@dataclass(slots=True)
class Picture:
    """`woken_by`: the event because of which everybody is looked at."""

    house: House
    turns: Turns
    book: Book
    opening: Openings = field(default=({}, {}))
    line: Line = field(default_factory=Line)
    crew: Crew = field(default_factory=Crew)
    woken_by: str | None = None
    _looked_at: tuple[int, datetime] | None = None

    def forget(self) -> None:
        """Everything, so that it is looked at afresh."""
        self.line.clear()
        self.crew.clear()

    async def look_at_all(self) -> None:
        """All agents, and everybody who waits."""
        await self.read_agents([*self.house.directory.agents, *self.crew.agents])
        await self.compare()

    async def compare(self) -> None:
        """With the queue as the store has it: finds what no event has told."""
        there: set[str] = set()
        changed: list[str] = []
        minutes = self.book.routing.minutes_per_step
        async for page in self.house.reader.queue(minutes_per_step=minutes, most=IN_MIND):
            self.turns.begin()
            there.update(each.conversation for each in page)
            changed += [each.conversation for each in page if not self._knows(each)]
            await self.turns.breathe()
        gone = self.line.entries.keys() - there
        if len(there) == IN_MIND:
            for id in gone:  # they stand further behind
                self.line.drop(id)
            gone = set()
        await self.read_conversations([*changed, *gone])
        self.crew.given.clear()

    def _knows(self, stored: InLine) -> bool:
        entry = self.line.entries.get(stored.conversation)
        known = entry and (entry.conversation.version, entry.conversation.seq)
        return known == (stored.version, stored.seq)

    async def hear(self, news: News) -> None:
        """Reads what events have named."""
        if news.names:  # nobody says which of us hears of it first
            await self.house.directory.refresh()
        if news.customers or news.names:
            for entry in self.line.entries.values():
                if news.names or entry.conversation.customer in news.customers:
                    self.line.ask_anew(entry)
        ours = {conversation for conversation, agent in news.assigned if self.crew.was_given(conversation, agent)}
        agents = news.agents | {agent: event for (id, agent), event in news.assigned.items() if id not in ours}
        named = [id for id, cause in news.conversations.items() if cause or id not in ours]
        for conversation in await self._known_or_read(named, news.known):
            cause = news.conversations[conversation.id]
            if waits := self.line.entries.get(conversation.id):
                waits.cause = cause or waits.cause
            elif conversation.assignee and not self.crew.knows(conversation):
                agents[conversation.assignee] = cause or ""
        self.woken_by = news.book or next((event for event in agents.values() if event), self.woken_by)
        await self.read_agents(agents)

    async def _known_or_read(self, ids: Sequence[str], known: Mapping[str, Conversation]) -> Sequence[Conversation]:
        there = [known[id] for id in ids if id in known]
        self.turns.begin()
        for conversation in there:
            self.line.keep(conversation.id, conversation)
            await self.turns.breathe()
        return [*there, *await self.read_conversations(id for id in ids if id not in known)]

    async def read_conversations(self, ids: Iterable[str]) -> Sequence[Conversation]:
        """Brings those who wait in line with the store; gives all that were found."""
        read: list[Conversation] = []
        for page in _pages(ids):
            found = await self.house.reader.conversations(page)
            self.turns.begin()
            for id in page:
                self.line.keep(id, found.get(id))
            read += found.values()
            await self.turns.breathe()
        return read

    async def read_agents(self, ids: Iterable[str]) -> None:
        now = self.house.clock.now()
        for page in _pages(dict.fromkeys(ids)):
            found = {agent.id: agent for agent in await self.house.reader.agents(page)}
            self.turns.begin()
            for id in page:
                self.crew.take_up(id, found.get(id), now)
            await self.turns.breathe()

    async def turn_to(self, book: Book, now: datetime) -> None:
        """When the rules, or whether it is open, have changed, what everybody asks for has to be asked anew."""
        minute = now.replace(second=0, microsecond=0)  # hours begin and end with one
        if (book.routing.revision, minute) == self._looked_at:
            return
        self._looked_at = book.routing.revision, minute
        opening = openings(book, now)
        if book.routing.revision == self.book.routing.revision and opening == self.opening:
            return
        self.book, self.opening, self.line.settings, self.crew.more = book, opening, book.routing, True
        for entry in tuple(self.line.entries.values()):
            self.line.ask_anew(entry)
            self.line.put_in_order(entry)
            await self.turns.breathe()

    async def learn(self) -> None:
        """What those who are due ask for, where it is not known: of the most urgent first."""
        line = self.line
        due = line.in_order(line.due if len(line.due) < LEARN_MOST else None)
        unknown = [entry for entry in due if entry.applied is None and entry.conversation.id in line.due]
        if not self.crew.has_room:
            new = [entry for entry in unknown if entry.conversation.waits is None]
            unknown = [*new, *[entry for entry in unknown if entry.conversation.waits][:AT_LEISURE]]
        for page in _pages(unknown[:LEARN_MOST]):
            await self._learn(page)

    async def _learn(self, page: Sequence[Entry]) -> None:
        """One that cannot be read or judged must not keep the others waiting."""
        try:
            await self._ask(page)
        except HubError:
            raise
        except Exception:
            if len(page) > 1:
                for entry in page:
                    await self._learn([entry])
                return
            log.exception("not understood", conversation=page[0].conversation.id)
            self.line.set_aside(page[0], self.house.clock.now())

    async def _ask(self, page: Sequence[Entry]) -> None:
        house, book = self.house, self.book
        facts = await gather(house, book, [entry.conversation for entry in page], house.clock.now(), self.opening)
        self.turns.begin()
        for entry in page:
            known = facts[entry.conversation.id]
            entry.language = known.language
            entry.applied = needs_of(book, known, entry.conversation.channel_kind)
            self.line.put_in_order(entry)
            await self.turns.breathe()

    async def let_time_pass(self, now: datetime) -> None:
        self.line.let_time_pass(now)
        await self.read_agents(self.crew.let_time_pass(now))

    def next_at(self) -> datetime | None:
        """When time alone will change something."""
        times = [at for at in (self.line.next_at(), self.crew.next_at()) if at]
        return min(times, default=None)


def _pages(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while page := list(islice(rest, AT_ONCE)):
        yield page

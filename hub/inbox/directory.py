"""Who and what there is: users, agents, channels, the company and what routing decides by, kept in memory and
refreshed by the feed.

They are few and change seldom, and every screen needs their names.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.errors import NotFound, Refused
from hub.events import Event, Kind
from hub.inbox.books import Books
from hub.model import Agent, ChannelRecord, Company, Routing, User
from hub.ports import Feed, Reader, Told
from hub.routing.book import Book
from hub.routing.rules import compile_rules

_REFRESHING = frozenset({Kind.USER_CHANGED, Kind.CHANNEL_CHANGED, Kind.COMPANY_CHANGED})


@dataclass(slots=True)
class Directory:
    reader: Reader
    users: Mapping[str, User] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    channels: Mapping[str, ChannelRecord] = field(default_factory=dict)
    book: Book = field(default_factory=lambda: Book(Routing(), compile_rules(())))
    _company: Company | None = None
    _books: Books = field(init=False)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)  # who comes later has the newer picture

    def __post_init__(self) -> None:
        self._books = Books(self.reader)

    async def start(self, feed: Feed) -> None:
        feed.listen(self._told, self.refresh)
        await self.refresh()

    async def refresh(self) -> None:
        async with self._one_at_a_time:
            self._company = await self.reader.company()
            self.users = {user.id: user for user in await self.reader.users()}
            self.agents = {agent.id: agent for agent in await self.reader.agents()}
            self.channels = {channel.id: channel for channel in await self.reader.channels()}
            self.book = await self._books.read()

    async def refresh_book(self) -> None:
        """Whoever changed what routing decides by calls this, so that the next question need not wait for the feed."""
        async with self._one_at_a_time:
            self.book = await self._books.read()

    async def refresh_agents(self, *ids: str) -> None:
        """Their teams, skills and capacity; slots go on changing without being told here."""
        async with self._one_at_a_time:
            found = await self.reader.agents(ids)
            self.agents = {**self.agents, **{agent.id: agent for agent in found}}

    @property
    def company(self) -> Company:
        """Raises Refused (`setup_needed`) before the first-run page was filled in."""
        if self._company is None:
            raise Refused("setup_needed", "Open the set-up link first: the hub printed it when it started.")
        return self._company

    @property
    def is_set_up(self) -> bool:
        return self._company is not None

    def works_here(self, user: str) -> bool:
        """Whether this is somebody who may sign in."""
        known = self.users.get(user)
        return known is not None and known.disabled_at is None

    def name_of(self, user: str) -> str:
        known = self.users.get(user)
        return known.name if known else ""

    def rule_name(self, id: str) -> str:
        """As its newest version calls it; the id, which is made of a name, where nobody knows it any more."""
        return self._books.names.get(id, id)

    def channel(self, id: str) -> ChannelRecord:
        found = self.channels.get(id)
        if found is None:
            raise NotFound("not_found", "There is no such channel.")
        return found

    async def _told(self, told: Sequence[Told]) -> None:
        events = [each.event for each in told]
        if any(event.kind in _REFRESHING for event in events):
            await self.refresh()
            return
        if any(map(changes_book, events)):
            await self.refresh_book()
        if agents := {event.data["agent"] for event in events if event.kind is Kind.AGENT_CHANGED}:
            await self.refresh_agents(*agents)


def changes_book(event: Event) -> bool:
    """Whether routing decides otherwise after it."""
    return event.kind is Kind.ROUTING_CHANGED and event.data.get("what") != "draft"

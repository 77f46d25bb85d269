"""Who and what there is: users, channels and the company, kept in memory and refreshed by the feed.

They are few and change seldom, and every screen needs their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.errors import NotFound, Refused
from hub.events import Kind
from hub.model import Agent, ChannelRecord, Company, User
from hub.ports import Feed, Reader, Told

_REFRESHING = frozenset({Kind.USER_CHANGED, Kind.CHANNEL_CHANGED})


@dataclass(slots=True)
class Directory:
    reader: Reader
    users: Mapping[str, User] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    channels: Mapping[str, ChannelRecord] = field(default_factory=dict)
    _company: Company | None = None

    async def start(self, feed: Feed) -> None:
        feed.listen(self._told, self.refresh)
        await self.refresh()

    async def refresh(self) -> None:
        self._company = await self.reader.company()
        self.users = {user.id: user for user in await self.reader.users()}
        self.agents = {agent.id: agent for agent in await self.reader.agents()}
        self.channels = {channel.id: channel for channel in await self.reader.channels()}

    @property
    def company(self) -> Company:
        """Raises Refused (`setup_needed`) before the first-run page was filled in."""
        if self._company is None:
            raise Refused("setup_needed", "Open the set-up link first: the hub printed it when it started.")
        return self._company

    @property
    def is_set_up(self) -> bool:
        return self._company is not None

    def name_of(self, user: str) -> str:
        known = self.users.get(user)
        return known.name if known else ""

    def channel(self, id: str) -> ChannelRecord:
        found = self.channels.get(id)
        if found is None:
            raise NotFound("not_found", "There is no such channel.")
        return found

    async def _told(self, told: Sequence[Told]) -> None:
        if any(each.event.kind in _REFRESHING for each in told):
            await self.refresh()

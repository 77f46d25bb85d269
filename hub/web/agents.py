"""The colleagues: who is here, what they can and how much they hold. Anybody asks; supervisors change."""

from typing import Annotated

from pydantic import Field

from hub.inbox import agents as inbox
from hub.inbox.availability import set_availability
from hub.model import Agent, Availability
from hub.web.agent_views import AgentView, agent_view
from hub.web.api import Body, Call
from hub.web.named import Moment, Slug
from hub.web.views import Id

Units = Annotated[int, Field(ge=0, le=100)]
Level = Annotated[int, Field(ge=1, le=5)]


class AgentChange(Body):
    """What is left out stays; what is given replaces all of it. `skills`: id → level, 1 to 5."""

    teams: list[Slug] = Field(default_factory=list, max_length=100)
    skills: dict[Slug, Level] = Field(default_factory=dict, max_length=200)
    capacity: Units = 0
    caps: dict[str, Units] = Field(default_factory=dict, max_length=20)


class Being(Body):
    """`reason` and `until` go with `away`."""

    availability: Availability
    reason: str | None = Field(None, max_length=200)
    until: Moment | None = None


async def agents(call: Call) -> list[AgentView]:
    """Everybody who works here: whether they are here, and how much they hold."""
    online = await call.house.presence.online()
    found = {agent.id: agent for agent in await call.house.reader.agents()}
    users = (user for user in await call.house.reader.users() if not user.disabled_at)
    now = call.house.clock.now()
    return [
        agent_view(user, found.get(user.id) or Agent(user.id, user.name), now, online=user.id in online)
        for user in sorted(users, key=lambda user: user.name.casefold())
    ]


async def change(call: Call, id: Id, body: AgentChange) -> AgentView:
    """What somebody can: teams, skills with levels, capacity."""
    changed = await inbox.change_agent(call.house, call.person, id, **body.model_dump(exclude_unset=True))
    return await _view(call, changed)


async def be(call: Call, id: Id, body: Being) -> AgentView:
    """Say for somebody whether they are here (for oneself, whoever one is)."""
    return await _be(call, id, body)


async def be_myself(call: Call, body: Being) -> AgentView:
    """Say whether one is here."""
    return await _be(call, call.user.id, body)


async def _be(call: Call, id: str, body: Being) -> AgentView:
    changed = await set_availability(
        call.house, call.person, id, body.availability, reason=body.reason, until=body.until
    )
    return await _view(call, changed)


async def _view(call: Call, agent: Agent) -> AgentView:
    online = agent.id in await call.house.presence.online()
    user = call.house.directory.users[agent.id]
    return agent_view(user, agent, call.house.clock.now(), online=online)

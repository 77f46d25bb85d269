"""Teams, for supervisors: how they choose, what weighs how much for them, and who is in them."""

from typing import Annotated

from pydantic import Field

from hub.inbox import teams as inbox
from hub.model import Mode, Strategy, Team
from hub.web.api import Body, Call
from hub.web.named import Slug
from hub.web.routing_views import TeamView
from hub.web.start import Line
from hub.web.views import Id

Units = Annotated[int, Field(ge=0, le=100)]
People = Annotated[list[Id], Field(max_length=2000)]


class NewTeam(Body):
    """`members`: ids of agents."""

    name: Line
    strategy: Strategy = Strategy.MOST_ROOM
    mode: Mode = Mode.ASSIGN
    weights: dict[str, Units] = Field(default_factory=dict)
    hours: Slug | None = None
    members: People = Field(default_factory=list)


class TeamChange(Body):
    """What is left out stays. `members` replaces who is in it; `capacity` and `caps` are set for everybody in it."""

    name: Line = ""
    strategy: Strategy = Strategy.MOST_ROOM
    mode: Mode = Mode.ASSIGN
    weights: dict[str, Units] = Field(default_factory=dict)
    hours: Slug | None = None
    members: People = Field(default_factory=list)
    capacity: Units = 0
    caps: dict[str, Units] = Field(default_factory=dict)


async def add(call: Call, body: NewTeam) -> TeamView:
    """A new team; its id is made of its name."""
    added = await inbox.add_team(call.house, call.person, **body.model_dump())
    return team(added, len(set(body.members)))


async def change(call: Call, id: Slug, body: TeamChange) -> TeamView:
    """Change a team, and what everybody in it can hold."""
    changed = await inbox.change_team(call.house, call.person, id, **body.model_dump(exclude_unset=True))
    agents = await call.house.reader.agents()
    return team(changed, sum(id in agent.teams for agent in agents))


async def remove(call: Call, id: Slug) -> None:
    """Remove a team that no rule names. Whoever was in it is in it no longer."""
    await inbox.remove_team(call.house, call.person, id)


def team(team: Team, agents: int) -> TeamView:
    """`agents`: how many are in it."""
    return {
        "id": team.id,
        "name": team.name,
        "strategy": team.strategy.value,
        "mode": team.mode.value,
        "weights": dict(team.weights),
        "hours": team.hours,
        "agents": agents,
    }

"""Skills, for supervisors. Who has which level stands with the agents."""

from hub.inbox import skills as inbox
from hub.model import Skill
from hub.web.api import Body, Call
from hub.web.named import Slug
from hub.web.routing_views import SkillView
from hub.web.start import Line


class SkillName(Body):
    name: Line


async def add(call: Call, body: SkillName) -> SkillView:
    """A new skill; its id is made of its name."""
    return skill(await inbox.add_skill(call.house, call.person, body.name), 0)


async def change(call: Call, id: Slug, body: SkillName) -> SkillView:
    """Call it otherwise; its id stays, and so do the rules."""
    changed = await inbox.rename_skill(call.house, call.person, id, body.name)
    agents = await call.house.reader.agents()
    return skill(changed, sum(id in agent.skills for agent in agents))


async def remove(call: Call, id: Slug) -> None:
    """Remove a skill that no rule names. Whoever had it has it no longer."""
    await inbox.remove_skill(call.house, call.person, id)


def skill(skill: Skill, agents: int) -> SkillView:
    """`agents`: how many have it."""
    return {"id": skill.id, "name": skill.name, "agents": agents}

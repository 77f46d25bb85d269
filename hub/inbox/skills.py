"""Skills: named once, and had by agents at levels from 1 to 5."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.errors import NotFound
from hub.inbox.agents import put_agent
from hub.inbox.hand_over import ROUTING
from hub.inbox.house import House
from hub.inbox.in_use import refuse_more, refuse_twice, still_unnamed, unnamed
from hub.inbox.routing_settings import touch
from hub.model import Agent, Person, Skill
from hub.names import free, tidy
from hub.ports import Ref, Sheet

MOST = 500


async def add_skill(house: House, person: Person, name: str) -> Skill:
    """Raises Invalid `bad_name`; Refused `name_taken`, `enough`."""
    name, there = tidy(name), await house.reader.skills()
    refuse_more(there, MOST)
    refuse_twice(name, (skill.name for skill in there))
    skill = Skill(free(name, {skill.id for skill in there}), name)
    added = await house.filing.submit(PutSkill(person, skill, new=True))
    await house.directory.refresh_book()
    return added


async def rename_skill(house: House, person: Person, id: str, name: str) -> Skill:
    """Raises NotFound; Invalid `bad_name`; Refused `name_taken`."""
    name = tidy(name)
    refuse_twice(name, (skill.name for skill in await house.reader.skills() if skill.id != id))
    changed = await house.filing.submit(PutSkill(person, Skill(id, name)))
    await house.directory.refresh_book()
    return changed


async def remove_skill(house: House, person: Person, id: str) -> None:
    """From the agents who have it, too. Raises NotFound; Refused `in_use` while a rule names it."""
    version = unnamed(house, "skill", id)
    having = tuple(agent.id for agent in await house.reader.agents() if id in agent.skills)
    await house.filing.submit(RemoveSkill(person, id, having, version))
    await house.directory.refresh_book()
    await house.directory.refresh_agents(*having)


@dataclass(frozen=True, slots=True)
class PutSkill:
    person: Person
    skill: Skill
    new: bool = False

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [ROUTING, Ref(Skill, self.skill.id)]

    def decide(self, sheet: Sheet) -> Skill:
        known = sheet.get(Skill, self.skill.id)
        if self.new and known:  # somebody was faster, with the same name
            refuse_twice(known.name, [known.name])
        if not self.new and known is None:
            raise _no_skill()
        if known == self.skill:
            return known
        sheet.put(self.skill)
        touch(sheet, "skill", self.person.actor, data={"id": self.skill.id})
        return self.skill


@dataclass(frozen=True, slots=True)
class RemoveSkill:
    person: Person
    id: str
    having: tuple[str, ...]  # ids of agents
    version: int

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [ROUTING, Ref(Skill, self.id), *(Ref(Agent, id) for id in self.having)]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Skill, self.id) is None:
            raise _no_skill()
        still_unnamed(sheet, self.version)
        sheet.remove(Skill, self.id)
        for agent in (sheet.get(Agent, id) for id in self.having):
            if agent:
                skills = {skill: level for skill, level in agent.skills.items() if skill != self.id}
                put_agent(sheet, agent, replace(agent, skills=skills), self.person.actor)
        touch(sheet, "skill", self.person.actor, data={"id": self.id})


def _no_skill() -> NotFound:
    return NotFound("not_found", "There is no such skill.")

"""What somebody can and may hold: teams, skills with levels, capacity. Whether they are here is `availability.py`'s."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import Fault, Invalid, NotFound
from hub.events import Kind
from hub.inbox.hand_over import has_left, still_here
from hub.inbox.house import House
from hub.model import WEIGHTS, Actor, Agent, Person, Skill, Team
from hub.ports import Ref, Sheet

LEVELS = (1, 5)
UNITS = (0, 100)  # capacity
FIELDS = ("teams", "skills", "capacity", "caps")


async def change_agent(house: House, person: Person, id: str, **changes: Any) -> Agent:
    """Only what is given of teams, skills (id → level), capacity (units) and caps (units by kind of channel), each
    replaced as a whole. Raises NotFound; Invalid with the fields that are wrong."""
    refuse(faults_in(changes, house))
    if "teams" in changes:
        changes["teams"] = tuple(dict.fromkeys(changes["teams"]))
    changed = await house.filing.submit(ChangeAgent(person, id, changes))
    await house.directory.refresh_agents(id)
    return changed


def faults_in(changes: Mapping[str, Any], house: House) -> Iterable[Fault]:
    for skill, level in changes.get("skills", {}).items():
        if not LEVELS[0] <= level <= LEVELS[1]:
            yield Fault(f"skills.{skill}", "out_of_range", "A level is a number from 1 to 5.")
    yield from units_faults({"capacity": changes.get("capacity", 0)})
    yield from kinds_faults("caps", changes.get("caps", {}), house)


def units_faults(units: Mapping[str, int]) -> Iterable[Fault]:
    least, most = UNITS
    for name, given in units.items():
        if not least <= given <= most:
            yield Fault(name, "out_of_range", f"This is a number from {least} to {most}.")


def kinds_faults(field: str, units: Mapping[str, int], house: House) -> Iterable[Fault]:
    """Of capacity units by kind of channel."""
    for kind in units:
        if kind not in house.kinds and kind not in WEIGHTS:
            yield Fault(f"{field}.{kind}", "unknown_field", "There is no such kind of channel.")
    yield from units_faults({f"{field}.{kind}": given for kind, given in units.items()})


def refuse(faults: Iterable[Fault]) -> None:
    """Raises Invalid when there are any."""
    if found := list(faults):
        raise Invalid("invalid", "Some fields are not right: see fields.", found)


@dataclass(frozen=True, slots=True)
class ChangeAgent:
    person: Person
    id: str
    changes: Mapping[str, Any]

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Agent, self.id)
        yield from still_here(self.id)
        yield from named_in(self.changes)

    def decide(self, sheet: Sheet) -> Agent:
        agent = sheet.get(Agent, self.id)
        if agent is None or has_left(sheet, self.id):
            raise NotFound("not_found", "There is no such person.")
        refuse(unknown_in(sheet, self.changes, agent))
        return put_agent(sheet, agent, replace(agent, **self.changes), self.person.actor)


def named_in(changes: Mapping[str, Any]) -> Iterable[Ref]:
    """The teams and skills that a change names."""
    yield from (Ref(Team, team) for team in changes.get("teams", ()))
    yield from (Ref(Skill, skill) for skill in changes.get("skills", {}))


def unknown_in(sheet: Sheet, changes: Mapping[str, Any], agent: Agent | None) -> Iterable[Fault]:
    """Teams and skills that there are not. What an agent has already may stay."""
    for team in changes.get("teams", ()):
        if sheet.get(Team, team) is None and not (agent and team in agent.teams):
            yield Fault("teams", "not_one_of", f"There is no team {team}.")
    for skill in changes.get("skills", {}):
        if sheet.get(Skill, skill) is None and not (agent and skill in agent.skills):
            yield Fault(f"skills.{skill}", "not_one_of", f"There is no skill {skill}.")


def put_agent(sheet: Sheet, before: Agent, changed: Agent, actor: Actor) -> Agent:
    """Puts and tells what has changed, if anything has."""
    fields = [name for name in FIELDS if getattr(before, name) != getattr(changed, name)]
    if fields:
        sheet.put(changed)
        sheet.tell(Kind.AGENT_CHANGED, actor=actor, data={"agent": changed.id, "fields": fields})
    return changed

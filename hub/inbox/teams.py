"""Teams: how they choose, what weighs how much for them, and who is in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hub.errors import Fault, NotFound
from hub.inbox.agents import kinds_faults, put_agent, refuse, units_faults
from hub.inbox.hand_over import ROUTING
from hub.inbox.house import House
from hub.inbox.in_use import refuse_more, refuse_twice, still_unnamed, unnamed
from hub.inbox.routing_settings import touch
from hub.model import Agent, Hours, Mode, Person, Strategy, Team
from hub.names import free, tidy
from hub.ports import Ref, Sheet

MOST = 200
NO_TEAM = "none"  # says in lists that there is none


async def add_team(
    house: House,
    person: Person,
    *,
    name: str,
    strategy: Strategy = Strategy.MOST_ROOM,
    mode: Mode = Mode.ASSIGN,
    weights: Mapping[str, int] | None = None,
    hours: str | None = None,
    members: Sequence[str] = (),
) -> Team:
    """Raises Invalid `bad_name`, or with the fields that are wrong; Refused `name_taken`, `enough`."""
    name, there = tidy(name), await house.reader.teams()
    refuse_more(there, MOST)
    refuse_twice(name, (team.name for team in there))
    refuse(kinds_faults("weights", weights or {}, house))
    team = Team(free(name, {NO_TEAM, *(team.id for team in there)}), name, strategy, mode, weights or {}, hours)
    return await _put(house, PutTeam(person, team.id, {}, new=team, members=frozenset(members)))


async def change_team(house: House, person: Person, id: str, **changes: Any) -> Team:
    """Only what is given of name, strategy, mode, weights, hours, members (ids of agents: all who are in it from now
    on); `capacity` and `caps` become those of everybody in it.

    Raises NotFound; Invalid `bad_name`, or with the fields that are wrong; Refused `name_taken`.
    """
    refuse((*kinds_faults("weights", changes.get("weights", {}), house), *_holding_faults(changes, house)))
    if "name" in changes:
        changes["name"] = tidy(changes["name"])
        refuse_twice(changes["name"], (team.name for team in await house.reader.teams() if team.id != id))
    holding: dict[str, Any] = {name: changes.pop(name) for name in ("capacity", "caps") if name in changes}
    members = frozenset(changes.pop("members")) if "members" in changes else None
    now_in = frozenset(agent.id for agent in await house.reader.agents() if id in agent.teams)
    return await _put(house, PutTeam(person, id, changes, members=members, now_in=now_in, holding=holding))


async def remove_team(house: House, person: Person, id: str) -> None:
    """From the agents who are in it, too. Raises NotFound; Refused `in_use` while a rule names it."""
    version = unnamed(house, "team", id)
    now_in = tuple(agent.id for agent in await house.reader.agents() if id in agent.teams)
    await house.filing.submit(RemoveTeam(person, id, now_in, version))
    await house.directory.refresh_book()
    await house.directory.refresh_agents(*now_in)


def _holding_faults(changes: Mapping[str, Any], house: House) -> Iterable[Fault]:
    yield from units_faults({"capacity": changes.get("capacity", 0)})
    yield from kinds_faults("caps", changes.get("caps", {}), house)


async def _put(house: House, change: "PutTeam") -> Team:
    put = await house.filing.submit(change)
    await house.directory.refresh_book()
    await house.directory.refresh_agents(*change.people)
    return put


@dataclass(frozen=True, slots=True)
class PutTeam:
    """`new`: it is not there yet. `now_in`: who is in it; `members`: who is to be, None: as it is; `holding`: capacity
    and caps of them all."""

    person: Person
    id: str
    changes: Mapping[str, Any]
    new: Team | None = None
    members: frozenset[str] | None = None
    now_in: frozenset[str] = frozenset()
    holding: Mapping[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> Sequence[str]:
        return sorted(self.now_in | (self.members or frozenset()))

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from (ROUTING, Ref(Team, self.id), *(Ref(Agent, id) for id in self.people))
        if hours := self._hours:
            yield Ref(Hours, hours)

    def decide(self, sheet: Sheet) -> Team:
        known = sheet.get(Team, self.id)
        team = self._team(known)
        if self._hours and sheet.get(Hours, self._hours) is None:
            refuse([Fault("hours", "not_one_of", "There are no such opening hours.")])
        if team != known:
            sheet.put(team)
            touch(sheet, "team", self.person.actor, data={"id": team.id})
        for id in self.people:
            self._settle(sheet, id)
        return team

    @property
    def _hours(self) -> str | None:
        return self.new.hours if self.new else self.changes.get("hours")

    def _team(self, known: Team | None) -> Team:
        if self.new:
            refuse_twice(self.new.name, [known.name] if known else [])
            return self.new
        if known is None:
            raise _no_team()
        return replace(known, **self.changes)

    def _settle(self, sheet: Sheet, id: str) -> None:
        """In the team or not, with what everybody in it holds."""
        agent = sheet.get(Agent, id)
        if agent is None:
            refuse([Fault("members", "not_one_of", f"There is no person {id}.")])
            return
        stays = self.id in agent.teams if self.members is None else id in self.members
        others = tuple(team for team in agent.teams if team != self.id)
        if not stays:
            put_agent(sheet, agent, replace(agent, teams=others), self.person.actor)
            return
        teams = agent.teams if self.id in agent.teams else (*others, self.id)
        put_agent(sheet, agent, replace(agent, teams=teams, **self.holding), self.person.actor)


@dataclass(frozen=True, slots=True)
class RemoveTeam:
    person: Person
    id: str
    now_in: tuple[str, ...]  # ids of agents
    version: int

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [ROUTING, Ref(Team, self.id), *(Ref(Agent, id) for id in self.now_in)]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Team, self.id) is None:
            raise _no_team()
        still_unnamed(sheet, self.version)
        sheet.remove(Team, self.id)
        for agent in (sheet.get(Agent, id) for id in self.now_in):
            if agent:
                teams = tuple(team for team in agent.teams if team != self.id)
                put_agent(sheet, agent, replace(agent, teams=teams), self.person.actor)
        touch(sheet, "team", self.person.actor, data={"id": self.id})


def _no_team() -> NotFound:
    return NotFound("not_found", "There is no such team.")

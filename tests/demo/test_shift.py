"""The demo company routes by rules that its own people could have written."""

import tomllib

import pytest

from hub.demo.cast import HERE, read_cast
from hub.demo.shift import skill_id
from hub.inbox.house import House
from hub.model import Agent, Availability, Language
from hub.names import slug
from hub.routing.rules import Known, check


@pytest.mark.parametrize("language", list(Language))
def test_its_rules_have_no_fault_and_name_only_what_is_there(language: Language):
    cast = read_cast(language)
    known = Known(
        skills={skill_id(skill): skill for each in cast.colleagues for skill in each.skills},
        teams={slug(team): team for each in cast.colleagues for team in each.teams},
    )
    rules = tomllib.loads((HERE / f"rules.{language}.toml").read_text("utf-8"))["rule"]
    assert check(rules, known) == ([], [])


async def test_its_people_are_at_the_counter_and_one_is_at_lunch(house: House):
    agents: dict[str, Agent] = {agent.name.split()[0]: agent for agent in await house.reader.agents()}
    assert agents["Ana"].availability is Availability.AVAILABLE
    assert agents["Carla"].availability is Availability.AWAY
    assert agents["Carla"].until
    assert agents["Helena"].capacity == 0
    assert set(house.directory.book.teams) >= {team for agent in agents.values() for team in agent.teams}

"""How the demo company routes: its teams and skills, its opening hours, its rules, and who is here."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hub.demo.cast import HERE, Cast, Colleague, read_words
from hub.demo.stage import Stage
from hub.model import (
    Agent,
    Availability,
    Holiday,
    Hours,
    Language,
    Opening,
    Person,
    Role,
    Routing,
    RuleVersion,
    Skill,
    Team,
)
from hub.names import slug

OPENS, CLOSES = 8 * 60, 22 * 60  # minutes after midnight
LANGUAGES = {
    "português": "lang-pt",
    "inglês": "lang-en",
    "espanhol": "lang-es",
    "Portuguese": "lang-pt",
    "English": "lang-en",
    "Spanish": "lang-es",
}
ALL_DAY = (Opening(0, 24 * 60),)


def at_work(agent: Agent, colleague: Colleague) -> Agent:
    """Everybody is here while the past is played; who leads gets nothing from routing."""
    return replace(
        agent,
        availability=Availability.AVAILABLE,
        returns_to=None,
        teams=tuple(slug(team) for team in colleague.teams),
        skills={skill_id(skill): level for skill, level in colleague.skills.items()},
        capacity=colleague.capacity if colleague.role is Role.AGENT else 0,
    )


def skill_id(name: str) -> str:
    """Languages have ids that every reader's own language has words for."""
    return LANGUAGES.get(name, slug(name))


def open_the_counter(stage: Stage, cast: Cast, language: Language) -> None:
    """Teams, skills, hours and the live rules."""
    for name in _once(team for each in cast.colleagues for team in each.teams):
        stage.put(Team(slug(name), _title(name)))
    for name in _once(skill for each in cast.colleagues for skill in each.skills):
        stage.put(Skill(skill_id(name), _title(name)))
    hours = read_words(language)["horário da loja"]
    stage.put(_hours(slug(hours), _title(hours), cast.time_zone, stage.now))
    stage.put(Routing(version=1, revision=1, hours=slug(hours)))
    rules = tomllib.loads((HERE / f"rules.{language}.toml").read_text("utf-8"))["rule"]
    stage.put(RuleVersion("1", 1, stage.now, "", tuple(rules)))


def go_to_lunch(stage: Stage, cast: Cast, people: Mapping[str, Person]) -> None:
    for colleague in cast.colleagues:
        agent = stage.get(Agent, people[colleague.key].id)
        if agent and colleague.away:
            until = stage.now + colleague.away_for
            away = replace(agent, availability=Availability.AWAY, since=stage.now, reason=colleague.away, until=until)
            stage.put(away)


def _hours(id: str, name: str, zone: str, now: datetime) -> Hours:
    """Every day of the week. Who opens the demo at night finds a shop that is open for once."""
    here = now.astimezone(ZoneInfo(zone))
    at_night = not OPENS <= here.hour * 60 + here.minute < CLOSES - 60
    open_nights = (here.date(), here.date() + timedelta(days=1)) if at_night else ()
    holidays = tuple(Holiday(day.isoformat(), name, ALL_DAY) for day in open_nights)
    return Hours(id, name, zone, {str(day): (Opening(OPENS, CLOSES),) for day in range(1, 8)}, holidays)


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]

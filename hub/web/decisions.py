"""Why it went to whom, for screens: a stored decision with its ids joined by names. The words are the browser's."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from hub.inbox.directory import Directory
from hub.web.named import Named, Time, maybe_time


class LevelView(TypedDict):
    """A skill at a level."""

    id: str
    name: str
    level: int


class NeedsView(TypedDict):
    require: list[LevelView]
    prefer: list[LevelView]
    teams: list[Named]
    agent: Named | None
    weight: int
    priority: int
    rules: list[Named]
    open_at: Time | None


class CandidateView(TypedDict):
    """`room`: units free of `capacity` before this conversation; `barrier`: why this agent could not."""

    agent: Named
    room: int
    capacity: int
    levels: int
    barrier: str | None


class LackingView(TypedDict):
    """So many agents lack this skill first."""

    skill: str
    name: str
    level: int
    agents: int


class StepView(TypedDict):
    """A step of relaxation: one of these."""

    after_s: int
    lower: LevelView | None
    drop: Named | None
    team: Named | None
    anybody: bool


class DecisionView(TypedDict):
    """`outcome`: assigned, offered, nobody; `why` and `tie` are codes; `version`: of the rules; `relaxed`: how many
    steps were taken, `eased`: the first of them. `others`: how many more, by barrier; `named`: who these are, where
    they are few."""

    outcome: str
    why: str
    agent: Named | None
    tie: str | None
    version: int
    relaxed: int
    eased: list[StepView]
    needs: NeedsView
    candidates: list[CandidateView]
    others: dict[str, int]
    named: dict[str, list[Named]]
    lacking: list[LackingView]
    lacks: list[LevelView]
    again_at: Time | None


def decision(data: Mapping[str, Any], directory: Directory, rules: Mapping[str, str] | None = None) -> DecisionView:
    """`data` as `routing.decision.as_data` wrote it: what is empty is left out. `rules`: names of a draft's, by id."""
    return {
        "outcome": data["outcome"],
        "why": data["why"],
        "agent": _agent(data.get("agent"), directory),
        "tie": data.get("tie"),
        "version": data.get("version", 0),
        "relaxed": data.get("relaxed", 0),
        "eased": [step(each, directory) for each in data.get("eased", ())],
        "needs": _needs(data.get("needs", {}), directory, rules or {}),
        "candidates": [_candidate(each, directory) for each in data.get("candidates", ())],
        "others": dict(data.get("others", {})),
        "named": {
            barrier: [{"id": id, "name": directory.name_of(id)} for id in ids]
            for barrier, ids in data.get("named", {}).items()
        },
        "lacking": [_lacking(skill, count, directory) for skill, count in data.get("lacking", {}).items()],
        "lacks": [level(skill, directory) for skill in data.get("lacks", ())],
        "again_at": moment(data.get("again_at")),
    }


def step(data: Mapping[str, Any], directory: Directory) -> StepView:
    """`data` as `routing.decision.step_data` wrote it."""
    drop, team = data.get("drop"), data.get("team")
    return {
        "after_s": data["after_s"],
        "lower": level(data["lower"], directory) if data.get("lower") else None,
        "drop": {"id": drop, "name": skill_name(drop, directory)} if drop else None,
        "team": teams([team], directory)[0] if team else None,
        "anybody": data.get("anybody", False),
    }


def level(written: str, directory: Directory) -> LevelView:
    """`billing:2`"""
    skill, _, wanted = written.rpartition(":")
    return {"id": skill, "name": skill_name(skill, directory), "level": int(wanted)}


def levels(skills: Mapping[str, int], directory: Directory) -> list[LevelView]:
    return [{"id": skill, "name": skill_name(skill, directory), "level": n} for skill, n in skills.items()]


def skill_name(skill: str, directory: Directory) -> str:
    known = directory.book.skills.get(skill)
    return known.name if known else skill


def teams(ids: Iterable[str], directory: Directory) -> list[Named]:
    known = directory.book.teams
    return [{"id": id, "name": known[id].name if id in known else id} for id in ids]


def moment(at: datetime | str | None) -> Time | None:
    """A time out of an event's data, where it may be text already."""
    return at if isinstance(at, str) else maybe_time(at)


def _agent(id: str | None, directory: Directory) -> Named | None:
    return {"id": id, "name": directory.name_of(id)} if id else None


def _needs(needs: Mapping[str, Any], directory: Directory, rules: Mapping[str, str]) -> NeedsView:
    return {
        "require": levels(needs.get("require", {}), directory),
        "prefer": levels(needs.get("prefer", {}), directory),
        "teams": teams(needs.get("teams", ()), directory),
        "agent": _agent(needs.get("agent"), directory),
        "weight": needs.get("weight", 0),
        "priority": needs.get("priority", 0),
        "rules": [{"id": id, "name": rules.get(id) or directory.rule_name(id)} for id in needs.get("rules", ())],
        "open_at": moment(needs.get("open_at")),
    }


def _candidate(candidate: Mapping[str, Any], directory: Directory) -> CandidateView:
    return {
        "agent": {"id": candidate["agent"], "name": directory.name_of(candidate["agent"])},
        "room": candidate["room"],
        "capacity": candidate["capacity"],
        "levels": candidate.get("levels", 0),
        "barrier": candidate.get("barrier"),
    }


def _lacking(written: str, count: int, directory: Directory) -> LackingView:
    wanted = level(written, directory)
    return {"skill": wanted["id"], "name": wanted["name"], "level": wanted["level"], "agents": count}

"""The rules and what else routing decides by, for supervisors: drafts, versions, settings."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from hub.inbox import routing_settings
from hub.inbox import rulebook as inbox
from hub.inbox.directory import Directory
from hub.inbox.house import House
from hub.inbox.rulebook import Checked as FoundIn
from hub.model import Agent, Routing, RuleDraft, RuleVersion, User
from hub.routing import fields
from hub.routing.changes import RuleChange as Difference
from hub.routing.changes import What
from hub.routing.faults import Fault
from hub.web.api import Body, Call, Nothing, Query
from hub.web.hours import hours as hours_view
from hub.web.named import Slug, named, time
from hub.web.routing_views import (
    Checked,
    DraftView,
    FaultView,
    FieldView,
    LimitView,
    LiveView,
    RoutingView,
    Rule,
    RuleChange,
    Saved,
    SettingsView,
    StaffView,
    VersionMark,
    VersionView,
    person,
    plain,
)
from hub.web.skills import skill as skill_view
from hub.web.teams import team as team_view
from hub.web.views import channel_mark

Number = Annotated[int, Field(ge=1, le=1_000_000_000)]
RuleList = Annotated[list[Rule], Field(max_length=1000)]


class Rules(Body):
    rules: RuleList


class DraftGiven(Body):
    """`revision`: of the draft these rules were made from; null: there was none."""

    rules: RuleList
    revision: int | None = None


class DraftAt(Query):
    revision: int


class Publishing(Body):
    """`over`: the live version one saw, when it is newer than the one the draft began from."""

    revision: int
    note: str = Field("", max_length=500)
    over: int | None = None


class Page(Query):
    """`before`: the number of the last version one has."""

    before: Number | None = None


class Since(Query):
    """`since`: an older version; else the one before. 0: no rules at all."""

    since: int | None = Field(None, ge=0, le=1_000_000_000)


class SettingsChange(Body):
    """What is left out stays; of `weights` too."""

    hours: Slug | None = None
    priority: int = 0
    minutes_per_step: int = 0
    idle_s: int = 0
    sticky_days: int = 0
    wait_s: int = 0
    offer_s: int = 0
    ask_again_s: int = 0
    rescue_s: int = 0
    flood: int = 0
    weights: dict[str, int] = Field(default_factory=dict, max_length=50)


async def routing(call: Call) -> RoutingView:
    """All that the routing page shows: live rules, draft, settings, teams, skills, hours, agents, channels, fields."""
    house, reader, directory = call.house, call.house.reader, call.house.directory
    settings = await reader.routing() or Routing()
    live = await reader.rule_version(settings.version)
    agents = await reader.agents()
    draft = await reader.draft()
    return {
        "live": _live(live, directory),
        "draft": draft_view(draft, directory) if draft else None,
        "settings": _settings(settings),
        "limits": _limits(),
        "teams": [team_view(each, sum(each.id in one.teams for one in agents)) for each in await reader.teams()],
        "skills": [skill_view(each, sum(each.id in one.skills for one in agents)) for each in await reader.skills()],
        "hours": [hours_view(each) for each in await reader.hours()],
        "agents": _staff(agents, await reader.users()),
        "channels": [channel_mark(each.id, directory) for each in await reader.channels()],
        "fields": [_field(each, house) for each in fields.as_data()],
    }


async def save_draft(call: Call, body: DraftGiven) -> Saved:
    """Keep these rules as the draft; faults are told, and keep it only from being published."""
    draft, found = await inbox.save_draft(call.house, call.person, body.rules, body.revision)
    return {"draft": draft_view(draft, call.house.directory), **checked_view(found)}


async def discard_draft(call: Call, query: DraftAt) -> None:
    """Throw the draft away."""
    await inbox.discard_draft(call.house, call.person, query.revision)


async def check(call: Call, body: Rules) -> Checked:
    """What is wrong with these rules; nothing is kept."""
    return checked_view(await inbox.checked(call.house, body.rules))


async def publish(call: Call, body: Publishing) -> LiveView:
    """The draft goes live, as a new version."""
    made = await inbox.publish(call.house, call.person, body.revision, body.note, body.over)
    return _live(made, call.house.directory)


async def versions(call: Call, query: Page) -> list[VersionMark]:
    """The published versions, newest first, thirty at most, with what each changed."""
    found = await inbox.versions(call.house, query.before)
    return [_mark(made, differences, call.house.directory) for made, differences in found]


async def version(call: Call, number: Number) -> VersionView:
    """One version and its rules."""
    found = await inbox.version(call.house, number)
    return {
        "number": found.number,
        "at": time(found.at),
        "author": named(found.author, call.house.directory),
        "restored": found.restored,
        "note": found.note,
        "rules": plain(found.rules),
    }


async def version_changes(call: Call, number: Number, query: Since) -> list[RuleChange]:
    """What differs between two versions, rule by rule."""
    since = number - 1 if query.since is None else query.since
    return [_difference(each) for each in await inbox.differences(call.house, number, since)]


async def restore(call: Call, number: Number, body: Nothing) -> LiveView:
    """An older version's rules go live, as a new version."""
    return _live(await inbox.restore(call.house, call.person, number), call.house.directory)


async def change_settings(call: Call, body: SettingsChange) -> SettingsView:
    """Change what holds where no rule and no team says otherwise."""
    changes = body.model_dump(exclude_unset=True)
    return _settings(await routing_settings.change_settings(call.house, call.person, **changes))


def _live(version: RuleVersion | None, directory: Directory) -> LiveView:
    if version is None:
        return {"version": 0, "rules": [], "at": None, "author": None}
    return {
        "version": version.number,
        "rules": plain(version.rules),
        "at": time(version.at),
        "author": named(version.author, directory),
    }


def draft_view(draft: RuleDraft, directory: Directory) -> DraftView:
    return {
        "rules": plain(draft.rules),
        "base": draft.base,
        "revision": draft.revision,
        "authors": [person(id, directory) for id in draft.authors],
        "at": time(draft.at),
    }


def _settings(settings: Routing) -> SettingsView:
    return {
        "hours": settings.hours,
        "priority": settings.priority,
        "minutes_per_step": settings.minutes_per_step,
        "idle_s": settings.idle_s,
        "sticky_days": settings.sticky_days,
        "wait_s": settings.wait_s,
        "offer_s": settings.offer_s,
        "ask_again_s": settings.ask_again_s,
        "rescue_s": settings.rescue_s,
        "flood": settings.flood,
        "weights": dict(settings.weights),
    }


def _limits() -> dict[str, LimitView]:
    limits = {**routing_settings.LIMITS, "weights": routing_settings.WEIGHT}
    return {name: {"least": least, "most": most} for name, (least, most) in limits.items()}


def _staff(agents: Sequence[Agent], users: Sequence[User]) -> list[StaffView]:
    """Who may still sign in."""
    by_id = {user.id: user for user in users if not user.disabled_at}
    return [_colleague(each, by_id[each.id]) for each in agents if each.id in by_id]


def _colleague(agent: Agent, user: User) -> StaffView:
    return {
        "id": agent.id,
        "name": agent.name,
        "role": user.role.value,
        "availability": agent.availability.value,
        "teams": list(agent.teams),
        "skills": dict(agent.skills),
        "capacity": agent.capacity,
        "caps": dict(agent.caps),
    }


def _field(told: dict[str, Any], house: House) -> FieldView:
    company = {
        "kinds": sorted({each.kind for each in house.directory.channels.values()}),
        "addresses": sorted({each.name for each in house.directory.channels.values()}),
    }
    return {
        "name": told["name"],
        "type": told["type"],
        "operators": told["operators"],
        "values": told["values"] or company.get(told["source"]),
        "source": told["source"],
        "named": told["named"],
    }


def checked_view(found: FoundIn) -> Checked:
    return {"faults": [_fault(each) for each in found.faults], "warnings": [_fault(each) for each in found.warnings]}


def _fault(fault: Fault) -> FaultView:
    return {
        "rule": fault.rule if fault.rule >= 0 else None,
        "path": fault.path,
        "code": fault.code,
        "params": dict(fault.params),
        "message": fault.message,
    }


def _mark(version: RuleVersion, differences: Sequence[Difference], directory: Directory) -> VersionMark:
    names = {what: [each.name for each in differences if each.what is what] for what in What}
    return {
        "number": version.number,
        "at": time(version.at),
        "author": named(version.author, directory),
        "restored": version.restored,
        "note": version.note,
        "added": names[What.ADDED],
        "changed": names[What.CHANGED],
        "removed": names[What.REMOVED],
        "moved": len(names[What.MOVED]),
    }


def _difference(difference: Difference) -> RuleChange:
    return {
        "id": difference.id,
        "name": difference.name,
        "what": difference.what.value,
        "before": plain(difference.before),
        "after": plain(difference.after),
    }

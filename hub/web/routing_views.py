"""What the routing page is given: rules, drafts, versions, trials and the queue check, as JSON."""

from collections.abc import Mapping
from typing import Any, Literal

from typing_extensions import TypedDict

from hub.inbox.directory import Directory
from hub.web.decisions import DecisionView, LevelView
from hub.web.named import Named, Time
from hub.web.views import ChannelMark

Rule = dict[str, Any]  # as `routing/rules.py` reads it


class FaultView(TypedDict):
    """`rule` is its place in the list (null: all of it), `path` the place in the rule (`when.all.0.value`); `params`
    fill the words for `code`; of a file, `params.line` is the line, `params.text` what stands there."""

    rule: int | None
    path: str
    code: str
    params: dict[str, str | int | float | None]
    message: str


class LiveView(TypedDict):
    """The published rules; version 0 has none, no time and no author."""

    version: int
    rules: list[Rule]
    at: Time | None
    author: Named | None


class DraftView(TypedDict):
    """`base`: the version it began from; `revision`: to be given back with the next save; the latest author last."""

    rules: list[Rule]
    base: int
    revision: int
    authors: list[Named]
    at: Time


class SettingsView(TypedDict):
    """Seconds where the name ends in `_s`; `weights` in capacity units by kind of channel."""

    hours: str | None
    priority: int
    minutes_per_step: int
    idle_s: int
    sticky_days: int
    wait_s: int
    offer_s: int
    ask_again_s: int
    rescue_s: int
    flood: int
    weights: dict[str, int]


class LimitView(TypedDict):
    least: int
    most: int


class TeamView(TypedDict):
    """`weights`: capacity units by kind of channel, where they differ from the company's; `agents`: how many."""

    id: str
    name: str
    strategy: Literal["most_room", "longest_idle", "best_skill"]
    mode: Literal["assign", "offer"]
    weights: dict[str, int]
    hours: str | None
    agents: int


class SkillView(TypedDict):
    """`agents`: how many have it."""

    id: str
    name: str
    agents: int


class OpeningView(TypedDict):
    """Minutes since midnight by the wall clock."""

    start: int
    end: int


class HolidayView(TypedDict):
    date: str
    name: str
    openings: list[OpeningView]


class HoursView(TypedDict):
    """`week` maps the ISO weekday ("1" is Monday) to its openings."""

    id: str
    name: str
    time_zone: str
    week: dict[str, list[OpeningView]]
    holidays: list[HolidayView]


class StaffView(TypedDict):
    """An agent as rules see them. `caps`: units at most, by kind of channel."""

    id: str
    name: str
    role: str
    availability: str
    teams: list[str]
    skills: dict[str, int]
    capacity: int
    caps: dict[str, int]


class FieldView(TypedDict):
    """What a condition may ask. `values` are the only ones there are, or those of the company's that `source` says:
    kinds (of channels), addresses (the channels' names); null: any. `named`: asked with a name, `attribute:tier`."""

    name: str
    type: str
    operators: list[str]
    values: list[str] | None
    source: str
    named: bool


class RoutingView(TypedDict):
    """`limits`: of the settings that are numbers, by name; those of `weights` hold for each kind of channel."""

    live: LiveView
    draft: DraftView | None
    settings: SettingsView
    limits: dict[str, LimitView]
    teams: list[TeamView]
    skills: list[SkillView]
    hours: list[HoursView]
    agents: list[StaffView]
    channels: list[ChannelMark]
    fields: list[FieldView]


class Checked(TypedDict):
    """Faults keep rules from being published; warnings do not."""

    faults: list[FaultView]
    warnings: list[FaultView]


class Saved(Checked):
    draft: DraftView | None


class VersionMark(TypedDict):
    """`author` is null for what came with the demo; `restored`: the older version that it brought back; the names are
    those of the rules that differ from the version before, `moved`: how many only stand elsewhere."""

    number: int
    at: Time
    author: Named | None
    restored: int | None
    note: str
    added: list[str]
    changed: list[str]
    removed: list[str]
    moved: int


class VersionView(TypedDict):
    number: int
    at: Time
    author: Named | None
    restored: int | None
    note: str
    rules: list[Rule]


class RuleChange(TypedDict):
    """One rule in two versions; `before` is null for an added one, `after` for a removed one."""

    id: str
    name: str
    what: Literal["added", "changed", "removed", "moved"]
    before: Rule | None
    after: Rule | None


class MatchedView(TypedDict):
    id: str
    name: str
    index: int


class FactsView(TypedDict):
    """What the rules saw, without the text itself. `open`: by the id of the opening hours, "" is the company's."""

    channel: str
    address: str
    language: str | None
    open: dict[str, bool]
    first_contact: bool
    lifecycle: str
    tags: list[str]
    order_count: int
    order_value: float
    previous_agent: Named | None
    attachment: bool
    verified: bool


class StageView(TypedDict):
    """What is asked from `after_s` of waiting on. `rules`: whose steps these are; `over`: other rules, of whose skills
    or team they ask less."""

    after_s: int
    require: list[LevelView]
    teams: list[Named]
    rules: list[Named]
    over: list[Named]


class TrialView(TypedDict):
    """`held_by`: who has the conversation now; the decision is as if it were waiting. `stages`: what comes if nobody
    takes it."""

    matched: list[MatchedView]
    facts: FactsView
    answers: list[str]
    decision: DecisionView
    held_by: Named | None
    stages: list[StageView]


class TallyView(TypedDict):
    """Of those looked at: how many would go to somebody at once, how many wait for room (or for somebody, or opening),
    how many nobody who is here could serve. Together they are all of them."""

    at_once: int
    waits: int
    nobody: int


class FateView(TypedDict):
    """`fate`: which count of the tally it is in. `agent`: to whom it would go, or who is waited for; `why` and `lacks`
    as in a decision."""

    fate: str
    agent: Named | None
    why: str
    lacks: list[LevelView]


class HolderView(TypedDict):
    """Somebody who has the skill and is not here. `until`: when they said that they come back."""

    id: str
    name: str
    availability: str
    until: Time | None


class MissingView(TypedDict):
    """A skill that conversations wait for under the draft, and nobody who is here has."""

    skill: str
    name: str
    level: int
    conversations: int
    longest_since: Time
    agents: list[HolderView]


class WaitingMark(TypedDict):
    id: str
    number: int
    customer: Named
    channel: ChannelMark
    subject: str | None
    text: str
    waiting_since: Time | None


class MoveView(TypedDict):
    """A conversation that the draft would give to somebody else."""

    conversation: WaitingMark
    live: Named | None
    draft: Named | None


class WaitingRow(TypedDict):
    """A conversation that waits, and what would become of it."""

    conversation: WaitingMark
    live: FateView
    draft: FateView


class QueueView(TypedDict):
    """`checked`: how many of the waiting were looked at (the most urgent); `changes`: the first hundred."""

    waiting: int
    checked: int
    live: TallyView
    draft: TallyView
    different: int
    missing: list[MissingView]
    changes: list[MoveView]
    rows: list[WaitingRow]


def plain(value: Any) -> Any:
    """A stored rule as JSON has it: mappings as dicts, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def person(id: str, directory: Directory) -> Named:
    return {"id": id, "name": directory.name_of(id)}

"""The rules, compiled once per version; and what is wrong with rules before they are.

A rule is `{"id", "name", "enabled" (default true), "when" (default always), "then", "stop" (default false)}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from hub.routing.actions import Actions, compile_then
from hub.routing.conditions import compile_when
from hub.routing.facts import Facts
from hub.routing.faults import BadRules, Fault, Place, echo
from hub.routing.operators import Asked
from hub.routing.reading import Reading, Test
from hub.routing.shapes import a_flag, a_mapping, a_text, near_to, nearest

RULES_MOST = 500
ID_MOST = 80  # characters
NAME_MOST = 200  # characters
PROGRAMS_MOST = 10_000  # instructions of all patterns together, in RE2's own count: one rule may have 600
NEAR_MOST = 50  # unknown names for which a known one is looked for: that takes milliseconds each
_KEYS = frozenset({"id", "name", "enabled", "when", "then", "stop"})


@dataclass(frozen=True, slots=True)
class Rule:
    """`fields`: what it asks for, with the name behind the colon; `names`: the skills, teams, hours and agents it
    names, as (kind, path, id); `always`: it has no conditions; `program`: what its patterns may cost, in
    instructions."""

    id: str
    name: str
    when: Test
    then: Actions
    enabled: bool = True
    stop: bool = False
    always: bool = False
    fields: frozenset[str] = frozenset()
    names: tuple[tuple[str, str, str], ...] = ()
    program: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """In order."""

    every: tuple[Rule, ...] = ()

    def matching(self, facts: Facts) -> tuple[Rule, ...]:
        """The enabled rules that hold, in order, up to the first that stops."""
        return tuple(_until_stop(self.every, Reading(facts)))

    @property
    def fields(self) -> frozenset[str]:
        """What the enabled rules ask for: what changes besides need not be looked at again."""
        return frozenset().union(*(rule.fields for rule in self.every if rule.enabled))

    def naming(self, kind: str, id: str) -> tuple[Rule, ...]:
        """The rules that name this skill, team, these hours or this agent (`skill`, `team`, `hours`, `agent`)."""
        return tuple(rule for rule in self.every if any(each[0] == kind and each[2] == id for each in rule.names))


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to be named in rules: names by id. None: nobody knows, so nothing is warned of."""

    skills: Mapping[str, str] | None = None
    teams: Mapping[str, str] | None = None
    hours: Mapping[str, str] | None = None
    agents: Mapping[str, str] | None = None

    def of(self, kind: str) -> Mapping[str, str] | None:
        return {"skill": self.skills, "team": self.teams, "hours": self.hours, "agent": self.agents}[kind]


def compile_rules(rules: Sequence[Any]) -> Rules:
    """Raises `BadRules` with every fault. Takes some milliseconds for hundreds of rules."""
    compiled, faults = _compiled(rules)
    if faults:
        raise BadRules(faults)
    return compiled


def check(rules: object, known: Known) -> tuple[list[Fault], list[Fault]]:
    """Faults, with which they cannot be published, and warnings: unknown names, and rules that are never reached.

    Whatever comes, nothing is raised.
    """
    compiled, faults = _compiled(rules)
    _too_many_patterns(compiled.every, faults)
    return faults, [*_unknown_names(compiled, known), *_never_reached(compiled)]


def _compiled(raw: object) -> tuple[Rules, list[Fault]]:
    faults: list[Fault] = []
    place = Place(faults)
    if not isinstance(raw, list | tuple):
        place.fault("not_a_list", f"Expected a list of rules, not {echo(raw)}.")
        return Rules(), faults
    if len(raw) > RULES_MOST:
        place.fault("too_many", f"Expected at most {RULES_MOST} rules, not {len(raw):,}.", most=RULES_MOST)
        return Rules(), faults
    every = tuple(_rule(each, Place(faults, index)) for index, each in enumerate(raw))
    _same_ids(every, faults)
    return Rules(every), faults


def _rule(raw: object, place: Place) -> Rule:
    told = a_mapping(raw, place, _KEYS)
    if told is None:
        return Rule("", "", lambda reading: False, Actions(), enabled=False)
    asked = Asked()
    when = compile_when(told.get("when"), place.at("when"), asked)
    then = compile_then(told.get("then"), place.at("then"))
    return Rule(
        id=a_text(told.get("id"), place.at("id"), ID_MOST) or "",
        name=a_text(told.get("name"), place.at("name"), NAME_MOST) or "",
        when=when,
        then=then,
        enabled=a_flag(told.get("enabled", True), place.at("enabled")) is not False,
        stop=a_flag(told.get("stop", False), place.at("stop")) is True,
        always=not told.get("when"),
        fields=frozenset(asked.fields),
        names=(*_named_in(asked), *_named_by(then)),
        program=asked.program,
    )


def _named_in(asked: Asked) -> Iterator[tuple[str, str, str]]:
    yield from (("hours", path, id) for path, id in asked.hours.items())
    yield from (("agent", path, id) for path, id in asked.agents.items())


def _named_by(then: Actions) -> Iterator[tuple[str, str, str]]:
    for key, skills in (("require", then.require), ("prefer", then.prefer)):
        yield from (("skill", f"then.{key}", skill) for skill in skills)
    if then.team:
        yield "team", "then.team", then.team
    if then.sticky and then.sticky.agent:
        yield "agent", "then.sticky.agent", then.sticky.agent
    if then.hold and then.hold.hours:
        yield "hours", "then.hold.hours", then.hold.hours
    for index, step in enumerate(then.relax):
        for kind, key, id in (
            ("skill", "drop", step.drop),
            ("skill", "lower", step.lower),
            ("team", "team", step.team),
        ):
            if id:
                yield kind, f"then.relax.{index}.{key}", id


def _too_many_patterns(every: Sequence[Rule], faults: list[Fault]) -> None:
    """Told of the first rule that is one too many. Asked before rules are published, never of those that are live."""
    for index, whole in enumerate(accumulate(rule.program * rule.enabled for rule in every)):
        if whole > PROGRAMS_MOST:
            Place(faults, index).at("when").fault(
                "patterns_too_many", "The patterns of all rules together are too large: use mentions in some of them."
            )
            return


def _same_ids(every: Sequence[Rule], faults: list[Fault]) -> None:
    seen: set[str] = set()
    for index, rule in enumerate(every):
        if rule.id and rule.id in seen:
            Place(faults, index, "id").fault("same_id", f"Two rules have the id {rule.id}.", got=rule.id)
        seen.add(rule.id)


def _unknown_names(rules: Rules, known: Known) -> Iterator[Fault]:
    nears: dict[tuple[str, str], str] = {}
    for index, rule in enumerate(rules.every):
        for kind, path, id in rule.names:
            there = known.of(kind)
            if there is None or id in there:
                continue
            if (kind, id) not in nears and len(nears) < NEAR_MOST:
                nears[kind, id] = nearest(id, list(there)) or _by_name(id, there)
            near = nears.get((kind, id), "")
            message = f"There is no {kind} {echo(id)}."
            told = f"{message} Did you mean {near}?" if near else message
            yield Fault(index, path, f"unknown_{kind}", told, {"got": echo(id), **near_to(near)})


def _by_name(id: str, there: Mapping[str, str]) -> str:
    name = nearest(id, list(there.values()))
    return next((each for each, called in there.items() if name and called == name), "")


def _never_reached(rules: Rules) -> Iterator[Fault]:
    end = next((rule for rule in rules.every if rule.enabled and rule.always and rule.stop), None)
    if end is None:
        return
    for index, rule in enumerate(rules.every[rules.every.index(end) + 1 :], rules.every.index(end) + 1):
        message = f"This rule is never reached: {end.name} always holds and stops."
        if rule.enabled:
            yield Fault(index, "", "never_reached", message, {"rule": end.name})


def _until_stop(rules: Sequence[Rule], reading: Reading) -> Iterator[Rule]:
    for rule in rules:
        if rule.enabled and rule.when(reading):
            yield rule
            if rule.stop:
                return

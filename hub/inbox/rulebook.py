"""Drafts and versions of the rules: nothing routes by a rule before it was published, and no version is ever lost."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from hub.errors import Fault, Invalid, NotFound, Refused
from hub.events import Kind
from hub.inbox.hand_over import ROUTING, settings_of
from hub.inbox.house import House
from hub.inbox.routing_settings import touch
from hub.model import Person, RuleDraft, RuleVersion, User
from hub.names import free
from hub.ports import Ref, Sheet
from hub.routing.changes import RuleChange, changes
from hub.routing.faults import Fault as RuleFault
from hub.routing.rules import ID_MOST, RULES_MOST, Known, check

DRAFT = Ref(RuleDraft, "draft")
NOTE_MOST = 500  # characters
PAGE = 30  # versions
RULES_BYTES = 1_000_000  # what a whole set of rules may come to
SAFE_INTEGER = 2**53  # beyond it JavaScript no longer tells one from the next

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """With faults rules cannot be published; warnings are only told."""

    faults: Sequence[RuleFault]
    warnings: Sequence[RuleFault]


async def save_draft(
    house: House, person: Person, rules: Sequence[Rule], revision: int | None
) -> tuple[RuleDraft, Checked]:
    """Keeps the rules as the draft, faulty ones too: they are only refused when they are to be published.

    `revision`: of the draft that these rules came from, None when there was none. Gives the draft and what is wrong
    with it. Raises Refused `draft_changed` (`who`), `draft_gone`; Invalid `too_many_rules`, `odd_value`.
    """
    if len(rules) > RULES_MOST:
        raise Invalid("too_many_rules", f"There may be {RULES_MOST} rules at most.", most=RULES_MOST)
    refuse_odd(rules)
    draft = await house.filing.submit(SaveDraft(person, tuple(rules), revision))
    return draft, await checked(house, draft.rules)


async def discard_draft(house: House, person: Person, revision: int) -> None:
    """Raises Refused `draft_changed`, `draft_gone`."""
    await house.filing.submit(DiscardDraft(person, revision))


async def publish(house: House, person: Person, revision: int, note: str = "", over: int | None = None) -> RuleVersion:
    """The draft at this revision goes live as a new version. `over`: the live version that the person saw; it is the
    one the draft began from unless they say that they have seen a newer one.

    Raises Refused `draft_changed`, `draft_gone`, `live_changed` (`who`, `version`), `nothing_changed`; Invalid
    `rules_faulty`.
    """
    draft = await house.reader.draft()
    if draft and draft.revision == revision:
        await refuse_faulty(house, draft.rules)
    return await _live(house, Publish(person, revision, " ".join(note.split())[:NOTE_MOST], over))


async def restore(house: House, person: Person, number: int) -> RuleVersion:
    """An older version's rules go live as a new version; a draft stays as it is.

    Raises NotFound; Refused `already_live`; Invalid `rules_faulty`.
    """
    older = await version(house, number)
    await refuse_faulty(house, older.rules)
    return await _live(house, Restore(person, number))


async def version(house: House, number: int) -> RuleVersion:
    """Raises NotFound."""
    found = await house.reader.rule_version(number)
    if found is None:
        raise NotFound("not_found", "There is no such version of the rules.")
    return found


async def versions(
    house: House, before: int | None = None, limit: int = PAGE
) -> Sequence[tuple[RuleVersion, Sequence[RuleChange]]]:
    """Newest first, each with what it changed in the version before it; `before` is a number."""
    found = await house.reader.rule_versions(limit + 1, before)
    older = [*(each.rules for each in found[1:]), ()][: len(found)]
    return [(each, changes(rules, each.rules)) for each, rules in zip(found, older, strict=True)][:limit]


async def differences(house: House, number: int, since: int) -> Sequence[RuleChange]:
    """From version `since` (0: no rules) to version `number`. Raises NotFound."""
    before = (await version(house, since)).rules if since else ()
    return changes(before, (await version(house, number)).rules)


async def checked(house: House, rules: Sequence[Rule]) -> Checked:
    """What is wrong with these rules, and what probably is: in a thread, for they may be many."""
    return Checked(*await asyncio.to_thread(check, rules, known_names(house)))


def known_names(house: House) -> Known:
    """What rules may name: of the people, who may still sign in."""
    book, users = house.directory.book, house.directory.users
    return Known(
        skills={skill.id: skill.name for skill in book.skills.values()},
        teams={team.id: team.name for team in book.teams.values()},
        hours={hours.id: hours.name for hours in book.hours.values()},
        agents={user.id: user.name for user in users.values() if not user.disabled_at},
    )


async def refuse_faulty(house: House, rules: Sequence[Rule]) -> None:
    found = await checked(house, rules)
    if found.faults:
        faults = [Fault(f"rules.{fault.rule}.{fault.path}", fault.code, fault.message) for fault in found.faults]
        raise Invalid("rules_faulty", "Some rules cannot be used as they are: see fields.", faults, count=len(faults))


def refuse_odd(rules: Sequence[Rule]) -> None:
    """Faulty rules are kept, but not what no store and no JSON can hold. Raises Invalid `odd_value`."""
    level: list[Any] = list(rules)
    while level:
        if any(_is_odd(each) for each in level):
            raise Invalid("odd_value", "The rules hold a number or a name that cannot be kept.")
        level = [child for each in level for child in _children(each)]


def _is_odd(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) > SAFE_INTEGER
    if isinstance(value, float):
        return not isfinite(value)
    return isinstance(value, Mapping) and any(not name or name[0] == "$" or "\0" in name for name in value)


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


async def _live(house: House, change: "Publish | Restore") -> RuleVersion:
    made = await house.filing.submit(change)
    await house.directory.refresh_book()
    return made


@dataclass(frozen=True, slots=True)
class SaveDraft:
    person: Person
    rules: tuple[Rule, ...]
    revision: int | None
    weight = RULES_BYTES

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield ROUTING
        yield from _wanted(sheet)
        yield Ref(RuleVersion, str(settings_of(sheet).version))

    def decide(self, sheet: Sheet) -> RuleDraft:
        known = sheet.get(RuleDraft, DRAFT.id)
        if known is not None or self.revision is not None:
            known = _draft_at(sheet, self.revision)
        live = sheet.get(RuleVersion, str(settings_of(sheet).version))
        draft = RuleDraft(
            with_ids(self.rules, live.rules if live else ()),
            known.base if known else settings_of(sheet).version,
            sheet.now,
            _authors(known, self.person.id),
            # A revision is never used again, not even by a later draft: whoever still has the older one is told.
            known.revision + 1 if known else int(sheet.now.timestamp() * 1000),
        )
        sheet.put(draft)
        _tell_draft(sheet, self.person)
        return draft


@dataclass(frozen=True, slots=True)
class DiscardDraft:
    person: Person
    revision: int

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return _wanted(sheet)

    def decide(self, sheet: Sheet) -> None:
        _draft_at(sheet, self.revision)
        sheet.remove(RuleDraft, DRAFT.id)
        _tell_draft(sheet, self.person)


@dataclass(frozen=True, slots=True)
class Publish:
    """Of a draft that has been found without faults at this revision."""

    person: Person
    revision: int
    note: str
    over: int | None
    weight = RULES_BYTES

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from _wanted(sheet)
        yield from _next_version(sheet)

    def decide(self, sheet: Sheet) -> RuleVersion:
        draft = _draft_at(sheet, self.revision)
        live = sheet.get(RuleVersion, str(settings_of(sheet).version))
        if live and live.number != (draft.base if self.over is None else self.over):
            who = sheet.get(User, live.author)
            raise Refused(
                "live_changed",
                "Another version was published since this draft was begun. Look at it, then publish again.",
                who=who.name if who else "",
                version=live.number,
            )
        if not changes(live.rules if live else (), draft.rules):
            raise Refused("nothing_changed", "The draft is the same as the rules that are live.")
        sheet.remove(RuleDraft, DRAFT.id)
        return _put_live(sheet, self.person, draft.rules, note=self.note)


@dataclass(frozen=True, slots=True)
class Restore:
    person: Person
    number: int
    weight = RULES_BYTES

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from _next_version(sheet)
        yield Ref(RuleVersion, str(self.number))

    def decide(self, sheet: Sheet) -> RuleVersion:
        older = sheet.get(RuleVersion, str(self.number))
        if older is None:
            raise NotFound("not_found", "There is no such version of the rules.")
        if settings_of(sheet).version == self.number:
            raise Refused("already_live", "This version is live already.")
        return _put_live(sheet, self.person, older.rules, restored=self.number)


def with_ids(rules: Sequence[Rule], live: Sequence[Rule]) -> tuple[Rule, ...]:
    """Each rule with an id of its own: the one it has, else one made of its name that no rule has or lately had."""
    first: dict[str, int] = {}
    for n, rule in enumerate(rules):
        if _is_id(rule.get("id")):
            first.setdefault(rule["id"], n)
    taken = {*first, *(str(rule["id"]) for rule in live)}
    named: list[Rule] = []
    for n, rule in enumerate(rules):
        id = rule.get("id")
        if not _is_id(id) or first[rule["id"]] != n:
            id = free(str(rule.get("name", "")) or "rule", taken)
            taken.add(id)
        named.append({**rule, "id": id})
    return tuple(named)


def _is_id(id: Any) -> bool:
    return isinstance(id, str) and 0 < len(id) <= ID_MOST


def _wanted(sheet: Sheet) -> Iterable[Ref]:
    yield DRAFT
    draft = sheet.get(RuleDraft, DRAFT.id)
    yield from (Ref(User, id) for id in (draft.authors[-1:] if draft else ()))


def _next_version(sheet: Sheet) -> Iterable[Ref]:
    yield ROUTING
    live = settings_of(sheet).version
    yield Ref(RuleVersion, str(live))
    yield Ref(RuleVersion, str(live + 1))
    known = sheet.get(RuleVersion, str(live))
    yield from (Ref(User, known.author) for known in (known,) if known)


def _draft_at(sheet: Sheet, revision: int | None) -> RuleDraft:
    draft = sheet.get(RuleDraft, DRAFT.id)
    if draft is None:
        raise Refused("draft_gone", "This draft was published or discarded meanwhile.")
    if draft.revision != revision:
        last = sheet.get(User, draft.authors[-1]) if draft.authors else None
        raise Refused("draft_changed", "Somebody else changed this draft meanwhile.", who=last.name if last else "")
    return draft


def _authors(known: RuleDraft | None, person: str) -> tuple[str, ...]:
    return (*(id for id in (known.authors if known else ()) if id != person), person)


def _tell_draft(sheet: Sheet, person: Person) -> None:
    sheet.tell(Kind.ROUTING_CHANGED, actor=person.actor, data={"what": "draft"})


def _put_live(
    sheet: Sheet, person: Person, rules: tuple[Rule, ...], *, note: str = "", restored: int | None = None
) -> RuleVersion:
    number = settings_of(sheet).version + 1
    made = RuleVersion(str(number), number, sheet.now, person.id, rules, restored, note)
    sheet.put(made)
    touch(sheet, "rules", person.actor, data={"version": number}, version=number)
    return made

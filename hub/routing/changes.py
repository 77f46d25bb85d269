"""What differs between two sets of rules, told rule by rule."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Rule = Mapping[str, Any]


class What(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """`before` is None for an added rule, `after` for a removed one. What was changed and moved counts as changed."""

    id: str
    what: What
    before: Rule | None
    after: Rule | None

    @property
    def name(self) -> str:
        rule = self.after or self.before or {}
        return str(rule.get("name") or self.id)


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> Sequence[RuleChange]:
    """By the rules' ids, in the order of `after`, the removed ones last."""
    old, new = _by_id(before), _by_id(after)
    moved = _moved(list(old), list(new))
    told = []
    for id, rule in new.items():
        if id not in old:
            told.append(RuleChange(id, What.ADDED, None, rule))
        elif old[id] != rule:
            told.append(RuleChange(id, What.CHANGED, old[id], rule))
        elif id in moved:
            told.append(RuleChange(id, What.MOVED, old[id], rule))
    return [*told, *(RuleChange(id, What.REMOVED, rule, None) for id, rule in old.items() if id not in new)]


def _by_id(rules: Sequence[Rule]) -> dict[str, Rule]:
    return {str(rule.get("id", n)): rule for n, rule in enumerate(rules)}


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest that have to be taken out and put elsewhere: those outside the longest run that kept its order."""
    place = {id: n for n, id in enumerate(before)}
    kept = [id for id in after if id in place]
    ends: list[int] = []  # the smallest last place of a run, by its length
    last: list[str] = []  # and whose it is
    came: dict[str, str | None] = {}  # who stands before, in the run that ends here
    for id in kept:
        n = bisect_left(ends, place[id])
        came[id] = last[n - 1] if n else None
        ends[n : n + 1] = [place[id]]
        last[n : n + 1] = [id]
    run: set[str] = set()
    at = last[-1] if last else None
    while at is not None:
        run.add(at)
        at = came[at]
    return set(kept) - run

"""What is wrong with a rule, and where: collected as values, so that a form can show every fault at its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub import errors
from hub.errors import Invalid

ECHOED = 60  # characters of what came that a message repeats


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule` is the rule's index (-1: the list itself); `path` leads to the place in it (`when.all.0.value`);
    `params` fill the words that the catalogues hold under `fault.<code>`; `message` is the same in English."""

    rule: int
    path: str
    code: str
    message: str
    params: Mapping[str, str | int] = field(default_factory=dict)


class BadRules(Invalid):
    """Rules that cannot be compiled; `found` has every fault."""

    def __init__(self, found: Sequence[Fault]) -> None:
        told = [errors.Fault(f"rules.{each.rule}.{each.path}", each.code, each.message) for each in found]
        super().__init__("bad_rules", f"The rules have {len(found)} faults: {found[0].message}", told)
        self.found = tuple(found)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in a rule; what is wrong there is added to `faults`."""

    faults: list[Fault]
    rule: int = -1
    path: str = ""

    def at(self, step: str | int) -> "Place":
        return Place(self.faults, self.rule, f"{self.path}.{step}" if self.path else str(step))

    def fault(self, code: str, message: str, **params: str | int) -> None:
        self.faults.append(Fault(self.rule, self.path, code, message, params))


def echo(raw: object) -> str:
    """What came, short and printable, for a message."""
    if raw is None:
        return "nothing"
    if isinstance(raw, str):
        return _printable(raw)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float):
        return str(raw) if abs(raw) < _LONG else "a very large number"
    return "a table" if isinstance(raw, Mapping) else "a list" if isinstance(raw, list | tuple) else "a date or time"


_LONG = 10**15


def _printable(text: str) -> str:
    told = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text[: ECHOED + 1])
    return told if len(told) <= ECHOED else told[:ECHOED] + "…"

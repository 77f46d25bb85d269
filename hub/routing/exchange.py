"""Rules as a file: TOML, as in `config/routing.example.toml`. What is written is read back the same."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from math import isfinite
from typing import Any

from hub.names import free
from hub.routing.faults import Fault, Place, echo

FILE_MOST = 1_000_000  # characters
DEEPEST = 20  # values within values; rules that can be used are far from it
WIDTH = 110  # characters of a line, roughly

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
# What tomllib says, as the kinds that the pages have words for; the first that fits.
_KINDS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("twice", re.compile("twice|overwrite|redefine|Duplicate|mutate")),
    ("text", re.compile(r"string|Unescaped|Escaped|hex|'\\n'")),
    ("bracket", re.compile("Unclosed|Expected '[]}]")),
    ("equals", re.compile("Expected '='")),
    ("rest", re.compile("newline")),
    ("name", re.compile("key part|statement")),
    ("character", re.compile("character")),
    ("value", re.compile("value|date")),
)
_FIRST = ("id", "name", "enabled", "stop", "when")  # of a rule's keys; `then` has its own table behind them
_STORED = 2**63  # what a whole number stays below


def from_toml(text: str) -> tuple[list[dict[str, Any]], list[Fault]]:
    """The rules in the file as plain mappings, each with an id (of its name, where the file gives none); and what is
    wrong with the file itself, its line in `params`. What is wrong with the rules `check` says."""
    faults: list[Fault] = []
    place = Place(faults)
    try:
        read = _plain(_parsed(text))
    except ValueError as error:  # whatever tomllib cannot read, endless numbers and depths included
        _not_toml(str(error), text, place)
        return [], faults
    for key in read:
        if key != "rule":
            place.at(key[:80]).fault(
                "unknown_key", "A file of rules has [[rule]] tables and nothing else.", got=key[:80]
            )
    rules = read.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        place.at("rule").fault("not_a_list", "Expected [[rule]] tables.")
        return [], faults
    return _with_ids(rules), faults


def to_toml(rules: Sequence[Mapping[str, Any]]) -> str:
    """The rules as a file for people to read and change, ended by a line break."""
    return "\n".join(_rule(rule) for rule in rules)


def _parsed(text: str) -> dict[str, Any]:
    """Raises ValueError."""
    if len(text) > FILE_MOST:
        raise ValueError(f"The file has more than {FILE_MOST:,} characters.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("Its values stand too deep in one another.") from None


def _not_toml(why: str, text: str, place: Place) -> None:
    """`what`: of the kinds, or other; `text`: the line itself, as far as it is short."""
    found = _PLACE.search(why)
    if not found:
        place.fault("unreadable_toml", f"The file cannot be read: {why}", why=why)
        return
    told = why.replace(found[0], "")
    line = int(found[1] or _last_line(text))
    what = next((kind for kind, pattern in _KINDS if pattern.search(told)), "other")
    itself = echo(text.split("\n")[line - 1].strip())
    place.fault("bad_toml", f"Line {line} is no TOML: {told}.", line=line, why=told, what=what, text=itself)


def _last_line(text: str) -> int:
    """The last one on which something stands, from 1."""
    return len(text.rstrip().split("\n"))


def _plain(value: Any, depth: int = 0) -> Any:
    """As JSON could have it: dates and numbers beyond reckoning become texts, of which `check` then complains."""
    if depth > DEEPEST:
        raise ValueError("Its values stand too deep in one another.")
    if isinstance(value, dict):
        return {key: _plain(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, int) and not -_STORED <= value < _STORED:
        return hex(value)
    return value


def _with_ids(rules: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    taken = {rule["id"] for rule in rules if isinstance(rule.get("id"), str)}
    named = []
    for rule in rules:
        id = rule.get("id") or free(str(rule.get("name") or "rule"), taken)
        taken.add(id if isinstance(id, str) else "")
        named.append({"id": id} | rule)
    return named


def _rule(rule: Mapping[str, Any]) -> str:
    then = rule.get("then")
    first = [key for key in _FIRST if rule.get(key) is not None]
    rest = [
        key
        for key in rule
        if key not in _FIRST and rule[key] is not None and (key != "then" or not isinstance(then, Mapping))
    ]
    lines = ["[[rule]]", *(_line(key, rule[key]) for key in (*first, *rest))]
    if isinstance(then, Mapping):
        lines += ["", "[rule.then]", *(_line(key, value) for key, value in then.items() if value is not None)]
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value, len(key) + 3)}"


def _value(value: Any, used: int, indent: str = "") -> str:
    """On one line where that fits; a longer list has a line for each."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inner = used + len(indent) + 2
        told = ", ".join(f"{_key(k)} = {_value(v, inner + len(k), indent)}" for k, v in value.items() if v is not None)
        return f"{{ {told} }}" if told else "{}"
    if isinstance(value, list | tuple):
        return _list([each for each in value if each is not None], used, indent)
    return _text(str(value))


def _list(values: Sequence[Any], used: int, indent: str) -> str:
    short = f"[{', '.join(_value(each, 0, indent) for each in values)}]"
    if "\n" not in short and len(indent) + used + len(short) <= WIDTH:
        return short
    deeper = indent + "  "
    return "[\n" + "".join(f"{deeper}{_value(each, 0, deeper)},\n" for each in values) + indent + "]"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    """A basic string; JSON escapes as TOML does, but for the one control character that it leaves alone."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")

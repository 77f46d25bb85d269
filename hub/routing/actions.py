"""`then`: what a matching rule asks for, as values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.model import Relax
from hub.routing.faults import Place, echo
from hub.routing.shapes import a_list, a_mapping, a_text, a_whole_number, an_unknown

NAME_MOST = 100  # characters of an id or a tag
SEVERAL = 20  # skills, tags, steps of relaxation, languages of an answer
LEVELS = (1, 5)
WAIT_MOST = 86_400  # seconds
AFTER_MOST = 7 * 86_400  # seconds
ANSWER_MOST = 4_000  # characters
UNTIL_OPEN = "until open"

_SKILL = re.compile(r"([^\s:]+)(?::([0-9]))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Sticky:
    """The customer's last agent goes first, or `agent`, waited for `wait_s` seconds (None: what the settings say);
    `off`: nobody does."""

    wait_s: int | None = None
    agent: str | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """Kept until these hours open; none: the team's, else the company's."""

    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Actions:
    """None and empty: the rule says nothing about it. `answer`: texts by language, "" for whatever language."""

    require: Mapping[str, int] = field(default_factory=dict)
    prefer: Mapping[str, int] = field(default_factory=dict)
    priority: int | None = None
    team: str | None = None
    weight: int | None = None
    sticky: Sticky | None = None
    relax: tuple[Relax, ...] = ()
    tag: tuple[str, ...] = ()
    answer: Mapping[str, str] | None = None
    hold: Hold | None = None


def compile_then(raw: object, place: Place) -> Actions:
    """What has a fault is left out, and noted."""
    if raw is None:
        return Actions()
    told = a_mapping(raw, place, _ACTIONS.keys())
    if told is None:
        return Actions()
    read = {key: _ACTIONS[key](value, place.at(key)) for key, value in told.items() if key in _ACTIONS}
    return Actions(**{key: value for key, value in read.items() if value is not None})


def a_skill(raw: object, place: Place, bare: bool = True) -> tuple[str, int] | None:
    """`billing:2`; without a level it means the first, where `bare` allows that."""
    text = a_text(raw, place, NAME_MOST)
    if text is None:
        return None
    found = _SKILL.fullmatch(text)
    least, most = LEVELS
    if found is None or not (bare or found[2]) or not least <= int(found[2] or 1) <= most:
        place.fault("not_a_skill", f"Expected a skill and a level from 1 to 5, as billing:2, not {echo(text)}.")
        return None
    return found[1], int(found[2] or 1)


def _skills(raw: object, place: Place) -> dict[str, int] | None:
    found = a_list([raw] if isinstance(raw, str) else raw, place, a_skill, SEVERAL)
    if found is None:
        return None
    levels: dict[str, int] = {}
    for skill, level in found:
        levels[skill] = max(level, levels.get(skill, 0))
    return levels


def _name(raw: object, place: Place) -> str | None:
    return a_text(raw, place, NAME_MOST)


def _tags(raw: object, place: Place) -> tuple[str, ...] | None:
    found = a_list([raw] if isinstance(raw, str) else raw, place, _name, SEVERAL)
    return None if found is None else tuple(dict.fromkeys(found))


def _sticky(raw: object, place: Place) -> Sticky | None:
    if isinstance(raw, bool):
        return Sticky(off=not raw)
    told = a_mapping(raw, place, {"wait_s", "agent"})
    if told is None:
        return None
    wait_s = a_whole_number(told["wait_s"], place.at("wait_s"), 0, WAIT_MOST) if "wait_s" in told else None
    return Sticky(wait_s, _name(told["agent"], place.at("agent")) if "agent" in told else None)


def _relax(raw: object, place: Place) -> tuple[Relax, ...] | None:
    found = a_list(raw, place, _step, SEVERAL)
    return None if found is None else tuple(sorted(found, key=lambda step: step.after_s))


_WAYS = ("drop", "lower", "team", "anybody")


def _step(raw: object, place: Place) -> Relax | None:
    told = a_mapping(raw, place, {"after_s", *_WAYS})
    if told is None:
        return None
    after_s = a_whole_number(told.get("after_s"), place.at("after_s"), 0, AFTER_MOST)
    ways = [way for way in _WAYS if way in told]
    if len(ways) != 1:
        place.fault("one_way", "Expected one of drop, lower, team and anybody.")
        return None
    way = _way(ways[0], told[ways[0]], place.at(ways[0]))
    return None if after_s is None or way is None else Relax(after_s, **way)


def _way(kind: str, raw: object, place: Place) -> dict[str, Any] | None:
    if kind == "anybody":
        if raw is not True:
            place.fault("only_true", "Expected true, or leave it out.")
        return {"anybody": True} if raw is True else None
    if kind == "lower":
        skill = a_skill(raw, place, bare=False)
        return skill and {"lower": skill[0], "level": skill[1]}
    name = _name(raw, place)
    return None if name is None else {kind: name}


def _answer(raw: object, place: Place) -> Mapping[str, str] | None:
    if isinstance(raw, str):
        text = a_text(raw, place, ANSWER_MOST)
        return None if text is None else {"": text}
    if not isinstance(raw, Mapping):
        a_text(raw, place, ANSWER_MOST)
        return None
    if not raw or len(raw) > SEVERAL:
        place.fault("missing" if not raw else "too_many", f"Expected texts in 1 to {SEVERAL} languages.", most=SEVERAL)
        return None
    return _texts(raw, place)


def _texts(raw: Mapping[Any, Any], place: Place) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for language, each in raw.items():
        at = place.at(echo(language))
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            at.fault("not_a_language", f"Expected a language, as en or pt-BR, not {echo(language)}.")
            continue
        text = a_text(each, at, ANSWER_MOST)
        if text is not None:
            texts[language] = text
    return texts


def _hold(raw: object, place: Place) -> Hold | None:
    if isinstance(raw, Mapping):
        told = a_mapping(raw, place, {"hours"})
        hours = _name(told.get("hours"), place.at("hours")) if told is not None else None
        return None if hours is None else Hold(hours)
    if raw == UNTIL_OPEN:
        return Hold()
    an_unknown(raw, place, "unknown_value", [UNTIL_OPEN])
    return None


_ACTIONS: Mapping[str, Callable[[object, Place], Any]] = {
    "require": _skills,
    "prefer": _skills,
    "priority": lambda raw, place: a_whole_number(raw, place, 0, 9),
    "team": _name,
    "weight": lambda raw, place: a_whole_number(raw, place, 0, 100),
    "sticky": _sticky,
    "relax": _relax,
    "tag": _tags,
    "answer": _answer,
    "hold": _hold,
}

"""`when`: conditions and groups of them, compiled to functions that ask one conversation's facts.

A condition is `{"field": …, "op": …, "value": …}`; a group is `{"all": […]}`, `{"any": […]}` or `{"none": […]}`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hub.routing.faults import Place, echo
from hub.routing.fields import FIELDS, Field, Op, Type
from hub.routing.operators import OPERATORS, VALUE_MOST, Asked
from hub.routing.reading import Reading, Subject, Test
from hub.routing.shapes import a_list, a_mapping, a_text, an_unknown

DEEPEST = 3  # groups within groups
CONDITIONS_MOST = 50  # in one rule

_GROUPS: Mapping[str, Callable[[Iterable[bool]], bool]] = {
    "all": all,
    "any": any,
    "none": lambda answers: not any(answers),
}


def compile_when(raw: object, place: Place, asked: Asked) -> Test:
    """Nothing at all means always. What has a fault never holds."""
    if raw is None or raw == {}:
        return _always
    return _compiled(raw, place, asked, 1)


def _compiled(raw: object, place: Place, asked: Asked, depth: int) -> Test:
    if isinstance(raw, Mapping) and any(key in _GROUPS for key in raw):
        return _group(raw, place, asked, depth)
    asked.count += 1
    if asked.count == CONDITIONS_MOST + 1:
        place.fault("too_many", f"A rule has at most {CONDITIONS_MOST} conditions.", most=CONDITIONS_MOST)
    if asked.count > CONDITIONS_MOST:
        return _never
    return _condition(raw, place, asked)


def _group(raw: Mapping[str, Any], place: Place, asked: Asked, depth: int) -> Test:
    if len(raw) != 1:
        place.fault("one_group", "Expected one of all, any and none, and nothing beside it.")
        return _never
    if depth > DEEPEST:
        place.fault("too_deep", f"Groups stand at most {DEEPEST} deep in one another.", most=DEEPEST)
        return _never
    ((kind, members),) = raw.items()
    found = a_list(members, place.at(kind), lambda each, at: _compiled(each, at, asked, depth + 1), CONDITIONS_MOST)
    if found is None:
        return _never
    if len(found) == 1 and kind != "none":
        return found[0]
    tests, holds = tuple(found), _GROUPS[kind]
    return lambda reading: holds(test(reading) for test in tests)


def _condition(raw: object, place: Place, asked: Asked) -> Test:
    told = a_mapping(raw, place, {"field", "op", "value"})
    if told is None:
        return _never
    named = _field(told.get("field"), place.at("field"))
    if named is None:
        return _never
    about, name = named
    op = told.get("op")
    if not isinstance(op, str) or op not in about.operators:
        an_unknown(op, place.at("op"), "unknown_operator", [str(each) for each in about.operators])
        return _never
    _note(about, name, told.get("value"), place, asked)
    test = OPERATORS[Op(op)](Subject(about, name, _key(about, name)), told.get("value"), place.at("value"), asked)
    return test or _never


def _field(raw: object, place: Place) -> tuple[Field, str] | None:
    told = a_text(raw, place, VALUE_MOST)
    if told is None:
        return None
    kind, _, name = told.partition(":")
    about = FIELDS.get(kind)
    if about is None:
        an_unknown(told, place, "unknown_field", list(FIELDS))
    elif about.named and not name:
        place.fault("no_name", f"Expected a name behind the colon: {kind}:NAME.", field=kind)
    elif name and not about.named and about.type is not Type.HOURS:
        place.fault("no_such_part", f"The field {kind} has no parts; {echo(told)} was asked for.", field=kind)
    else:
        return about, name
    return None


def _key(about: Field, name: str) -> str:
    return f"{about.name}:{name}" if name else about.name


def _note(about: Field, name: str, value: object, place: Place, asked: Asked) -> None:
    asked.fields.add(_key(about, name))
    if about.type is Type.HOURS and name:
        asked.hours[place.at("field").path] = name
    if about.name == "previous_agent":
        several = isinstance(value, list | tuple)
        for index, each in enumerate(value if isinstance(value, list | tuple) else [value]):
            if isinstance(each, str):
                asked.agents[(place.at("value").at(index) if several else place.at("value")).path] = each


def _always(reading: Reading) -> bool:
    return True


def _never(reading: Reading) -> bool:
    return False

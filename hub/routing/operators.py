"""The operators: each makes a test out of a condition's value, or notes what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hub.routing.faults import Place, echo
from hub.routing.fields import Field, Op, Type
from hub.routing.fold import fold, words
from hub.routing.patterns import matcher
from hub.routing.reading import Reading, Subject, Test
from hub.routing.shapes import a_flag, a_list, a_number, a_text, an_unknown, is_number

VALUES_MOST = 100  # in one condition
VALUE_MOST = 200  # characters
WORDS_MOST = 10  # in one phrase
# What one rule may cost on the longest text (`make bench` says how long that takes): characters that `contains` looks
# for; instructions of its patterns' programs, in RE2's own count; and these times the bytes that the patterns read.
PARTS_MOST = 2_000
PROGRAM_MOST = 600
STEPS_MOST = 5_000_000


@dataclass(slots=True)
class Asked:
    """What a rule's conditions come to: the fields they ask for, and what they may still cost."""

    fields: set[str] = field(default_factory=set)  # with the name behind the colon: `attribute:tier`
    agents: dict[str, str] = field(default_factory=dict)  # path -> id
    hours: dict[str, str] = field(default_factory=dict)
    count: int = 0
    parts: int = 0  # characters that `contains` looks for
    program: int = 0  # instructions of the patterns' programs

    @property
    def reads(self) -> int:
        """How many of the newest bytes the patterns read: everything, but where they are large and the text is long."""
        return STEPS_MOST // max(self.program, 1)


def _is(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    value = _one(subject.field, raw, place)
    if value is None:
        return None
    if isinstance(value, str):
        return lambda reading: value in reading.folded(subject)
    other: float | bool = value
    return lambda reading: _same(subject.value(reading), other)


def _is_not(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    test = _is(subject, raw, place, asked)
    return test and (lambda reading: not test(reading))


def _in(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    values = a_list(raw, place, lambda each, at: _one(subject.field, each, at), VALUES_MOST)
    if values is None:
        return None
    texts = frozenset(each for each in values if isinstance(each, str))
    others = [each for each in values if isinstance(each, int | float)]
    return lambda reading: (
        not texts.isdisjoint(reading.folded(subject)) or any(_same(subject.value(reading), other) for other in others)
    )


def _contains(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    """A part of a text; one of several tags. Several values: any of them."""
    found = _several(raw, place)
    if found is None:
        return None
    parts = tuple(fold(each) for each in found)
    if not all(parts):
        place.fault("missing", "Expected some letters.")
    if subject.field.type is Type.TAGS:
        return lambda reading: not reading.folded(subject).isdisjoint(parts)
    asked.parts += sum(len(part) for part in parts)
    if asked.parts > PARTS_MOST:
        place.fault("too_much", f"A rule looks for at most {PARTS_MOST:,} characters by contains.", most=PARTS_MOST)
    return lambda reading: any(part in text for text in reading.folded(subject) for part in parts)


def _mentions(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    found = _several(raw, place)
    if found is None:
        return None
    by_length: dict[int, set[str]] = {}
    for index, each in enumerate(found):
        phrase = words(fold(each))
        if not 0 < len(phrase) <= WORDS_MOST:
            at = place if isinstance(raw, str) else place.at(index)
            at.fault("not_a_phrase", f"Expected 1 to {WORDS_MOST} words, not {echo(each)}.", most=WORDS_MOST)
        by_length.setdefault(len(phrase), set()).add(" ".join(phrase))
    runs = tuple(by_length.items())
    return lambda reading: any(not reading.phrases(subject, length).isdisjoint(wanted) for length, wanted in runs)


def _matches(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    found = matcher(raw, place)
    if found is None:
        return None
    search, size = found
    asked.program += size
    if asked.program > PROGRAM_MOST:
        place.fault("pattern_too_big", "This rule's patterns repeat too much: shorten them, or use mentions.")
    return lambda reading: search(reading.encoded(subject, asked.reads))


def _greater(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    least = a_number(raw, place)
    return None if least is None else _compared(subject, lambda value: value > least)


def _less(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    most = a_number(raw, place)
    return None if most is None else _compared(subject, lambda value: value < most)


def _between(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    if not isinstance(raw, list | tuple) or len(raw) != 2:
        place.fault("not_two", "Expected two numbers, the lower one first.")
        return None
    low, high = a_number(raw[0], place.at(0)), a_number(raw[1], place.at(1))
    if low is None or high is None:
        return None
    if low > high:
        place.fault("not_two", "Expected two numbers, the lower one first.")
        return None
    return _compared(subject, lambda value: low <= value <= high)


def _exists(subject: Subject, raw: object, place: Place, asked: Asked) -> Test | None:
    wanted = True if raw is None else a_flag(raw, place)
    if wanted is None:
        return None
    return lambda reading: (subject.value(reading) not in (None, "", (), [])) is wanted


OPERATORS: Mapping[Op, Callable[[Subject, object, Place, Asked], Test | None]] = {
    Op.IS: _is,
    Op.IS_NOT: _is_not,
    Op.IN: _in,
    Op.CONTAINS: _contains,
    Op.MENTIONS: _mentions,
    Op.MATCHES: _matches,
    Op.GREATER: _greater,
    Op.LESS: _less,
    Op.BETWEEN: _between,
    Op.EXISTS: _exists,
}


def _one(about: Field, raw: object, place: Place) -> str | float | bool | None:
    """A value as this field can have it; a text comes back folded."""
    if about.type is Type.FLAG or (about.type is Type.ANY and isinstance(raw, bool)):
        return a_flag(raw, place)
    if about.type is Type.NUMBER or (about.type is Type.ANY and is_number(raw)):
        return a_number(raw, place)
    text = a_text(raw, place, VALUE_MOST)
    if text is not None and about.values and text not in about.values:
        an_unknown(text, place, "unknown_value", [str(each) for each in about.values])
        return None
    return None if text is None else fold(text)


def _several(raw: object, place: Place) -> list[str] | None:
    """One text, or a list of them."""
    if isinstance(raw, str):
        one = a_text(raw, place, VALUE_MOST)
        return None if one is None else [one]
    return a_list(raw, place, lambda each, at: a_text(each, at, VALUE_MOST), VALUES_MOST)


def _compared(subject: Subject, holds: Callable[[float], bool]) -> Test:
    def test(reading: Reading) -> bool:
        value = subject.value(reading)
        return is_number(value) and holds(value)

    return test


def _same(value: object, wanted: float | bool) -> bool:
    """One is not true."""
    return value == wanted and isinstance(value, bool) == isinstance(wanted, bool)

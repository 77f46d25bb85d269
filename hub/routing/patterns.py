"""Regular expressions by RE2, which takes time in proportion to the text, whatever the expression is."""

from collections.abc import Callable
from dataclasses import dataclass

import re2

from hub.routing.faults import Place
from hub.routing.shapes import a_text

PATTERN_MOST = 1_000  # characters
# Instructions of RE2's programs, in all patterns of one rule: at worst each costs something at every character.
PROGRAM_MOST = 1_000


@dataclass(slots=True)
class Allowance:
    """What the patterns of a rule may still cost, in instructions."""

    left: int = PROGRAM_MOST


def matcher(raw: object, place: Place, allowance: Allowance) -> Callable[[bytes], bool] | None:
    """A search that ignores case (`(?-i)` makes it mind). None, with the fault noted, when RE2 cannot read it or when
    it would cost too much."""
    text = a_text(raw, place, PATTERN_MOST)
    if text is None:
        return None
    try:
        pattern = re2.compile(text, _options())
    except re2.error as error:
        why = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        place.fault("bad_pattern", f"RE2 cannot read this pattern: {why}.", why=why)
        return None
    allowance.left -= pattern.programsize
    if allowance.left < 0:
        place.fault("pattern_too_big", "The patterns of this rule are too big together: shorten them or say {n} less.")
        return None
    return lambda text: pattern.search(text) is not None


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return options

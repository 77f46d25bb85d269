"""Regular expressions by RE2, which takes time in proportion to the text, whatever the expression is."""

from collections.abc import Callable

import re2

from hub.routing.faults import Place
from hub.routing.shapes import a_text

PATTERN_MOST = 1_000  # characters


def matcher(raw: object, place: Place) -> tuple[Callable[[bytes], bool], int] | None:
    """A search that ignores case (`(?-i)` makes it mind), and the size of its program in instructions: at worst each of
    them costs something at every byte. None, with the fault noted, when RE2 cannot read the pattern."""
    text = a_text(raw, place, PATTERN_MOST)
    if text is None:
        return None
    try:
        pattern = re2.compile(text, _options())
    except re2.error as error:
        why = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        place.fault("bad_pattern", f"RE2 cannot read this pattern: {why}.", why=why)
        return None
    return lambda text: pattern.search(text) is not None, pattern.programsize


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return options

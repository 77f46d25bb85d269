"""Foreign values into ours: each function returns what was asked for, or notes the fault and returns None."""

from collections.abc import Callable, Mapping, Sequence, Set
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeVar

from hub.routing.faults import Place, echo

T = TypeVar("T")

NUMBER_MOST = 10**15  # either side of nought; what a double holds exactly


def a_text(raw: object, place: Place, most: int) -> str | None:
    if raw is None or raw == "" or (isinstance(raw, str) and raw.isspace()):
        place.fault("missing", "Expected some text.")
        return None
    if not isinstance(raw, str) or _has_surrogates(raw):
        place.fault("not_text", f"Expected a text, not {echo(raw)}.")
        return None
    if len(raw) > most:
        place.fault("too_long", f"Expected at most {most:,} characters, not {len(raw):,}.", most=most)
        return None
    return raw


def a_whole_number(raw: object, place: Place, least: int, most: int) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool) and least <= raw <= most:
        return raw
    message = f"Expected a whole number from {least:,} to {most:,}, not {echo(raw)}."
    place.fault("not_in_range", message, least=least, most=most)
    return None


def a_number(raw: object, place: Place) -> float | None:
    """Finite, and of a size that a double holds exactly."""
    if isinstance(raw, int | float) and is_number(raw) and abs(raw) <= NUMBER_MOST:
        return raw
    place.fault("not_a_number", f"Expected a number, not {echo(raw)}.")
    return None


def is_number(raw: Any) -> bool:
    """Whether it can be compared: true and false are no numbers here."""
    return (isinstance(raw, int) and not isinstance(raw, bool)) or (isinstance(raw, float) and isfinite(raw))


def a_flag(raw: object, place: Place) -> bool | None:
    if isinstance(raw, bool):
        return raw
    place.fault("not_yes_or_no", f"Expected true or false, not {echo(raw)}.")
    return None


def a_list(raw: object, place: Place, each: Callable[[object, Place], T | None], most: int) -> list[T] | None:
    """One or more of them. None when any has a fault."""
    if raw is None or raw == "":
        place.fault("missing", "Expected a list.")
        return None
    if not isinstance(raw, list | tuple):
        place.fault("not_a_list", f"Expected a list, not {echo(raw)}.")
        return None
    if not raw:
        place.fault("missing", "Expected at least one.")
        return None
    if len(raw) > most:
        place.fault("too_many", f"Expected at most {most:,}, not {len(raw):,}.", most=most)
        return None
    taken = [each(item, place.at(index)) for index, item in enumerate(raw)]
    sound = [item for item in taken if item is not None]
    return sound if len(sound) == len(taken) else None


def a_mapping(raw: object, place: Place, keys: Set[str]) -> Mapping[str, Any] | None:
    """One whose keys are all among these; of what it has besides, each is a fault."""
    if not isinstance(raw, Mapping):
        place.fault("not_a_table", f"Expected a table, not {echo(raw)}.")
        return None
    for key in raw:
        if key not in keys:
            an_unknown(key, place.at(echo(key)), "unknown_key", sorted(keys))
    return raw


def an_unknown(raw: object, place: Place, code: str, known: Sequence[str]) -> None:
    """Notes that this is none of the known, with the nearest of them; `missing` when there is nothing at all."""
    if raw is None or raw == "":
        place.fault("missing", f"Expected one of {', '.join(known)}.")
        return
    near = nearest(raw, known)
    told = f"Expected one of {', '.join(known)}, not {echo(raw)}."
    place.fault(code, f"{told} Did you mean {near}?" if near else told, got=echo(raw), **near_to(near))


def nearest(raw: object, known: Sequence[str]) -> str:
    """The known word that is most like this one; empty when none is."""
    found = get_close_matches(echo(raw).casefold(), [each.casefold() for each in known], n=1, cutoff=0.6)
    return next((each for each in known if found and each.casefold() == found[0]), "")


def near_to(near: str) -> dict[str, str]:
    return {"near": near} if near else {}


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)

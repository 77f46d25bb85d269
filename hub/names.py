"""One spelling for a name that somebody typed, and the ids that are made of names."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

from hub.errors import Invalid

MOST = 80  # characters
SLUG_MOST = 40


def tidy(name: str) -> str:
    """Without stray spaces. Raises Invalid (`bad_name`)."""
    line = " ".join(name.split())
    if not 1 <= len(line) <= MOST:
        raise Invalid("bad_name", f"A name has 1 to {MOST} characters.", most=MOST)
    return line


def slug(name: str) -> str:
    """`Segunda via, atenção!` → `segunda-via-atencao`; what has no letter or figure at all is an `x`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_MOST].strip("-") or "x"


def free(name: str, taken: Container[str]) -> str:
    """The name's slug, with a number behind it where that is taken: `sales`, `sales-2`, …"""
    first = slug(name)
    if first not in taken:
        return first
    room = (f"{first[: SLUG_MOST - len(f'-{n}')]}-{n}" for n in count(2))
    return next(each for each in room if each not in taken)

"""One spelling for a name that somebody typed."""

from hub.errors import Invalid

MOST = 80  # characters


def tidy(name: str) -> str:
    """Without stray spaces. Raises Invalid (`bad_name`)."""
    line = " ".join(name.split())
    if not 1 <= len(line) <= MOST:
        raise Invalid("bad_name", f"A name has 1 to {MOST} characters.", most=MOST)
    return line

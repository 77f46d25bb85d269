"""What was said in the demo company, as `talks.toml` tells of it. How a script is written stands at the head of it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from hub.demo.cast import HERE, Words, span

CUSTOMER = "customer"
SAYS = "says"


@dataclass(frozen=True, slots=True)
class Line:
    """Who does what, `after` the line before. `what` is a colleague's key or a file's name."""

    after: timedelta
    who: str
    does: str = SAYS
    what: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    who: str  # the customer's key
    by: str
    ago: str
    lines: Sequence[Line]
    device: str = ""
    subject: str | None = None
    team: str | None = None
    tags: tuple[str, ...] = ()
    reached: str = "read"

    def times(self, now: datetime, zone: ZoneInfo) -> Sequence[datetime]:
        """When each line was said, in UTC."""
        since_first = list(accumulate(line.after for line in self.lines))
        first = _last_line(self.ago, now, zone) - since_first[-1]
        return [first + gap for gap in since_first]


def read_talks(words: Words) -> Sequence[Talk]:
    told = tomllib.loads((HERE / "talks.toml").read_text("utf-8"))
    return [_talk(each, words) for each in told["talks"]]


def read_lines(script: str) -> Sequence[Line]:
    """Raises ValueError for a line that says nothing of the kind."""
    lines: list[Line] = []
    for written in script.strip().splitlines():
        found = _LINE.fullmatch(written)
        if found:
            who, does, what, text = (part or "" for part in found.group("who", "does", "what", "text"))
            lines.append(Line(span(found["gap"]), who, does or SAYS, what, text))
        elif lines and not written.startswith("+"):
            lines[-1] = _longer(lines[-1], written)
        else:
            raise ValueError(f"expected `+<gap> <who> [does]: <text>`, not {written!r}")
    return lines


_LINE = re.compile(
    r"\+(?P<gap>\w+) (?P<who>\w+)"
    r"(?: (?P<does>takes|releases|gives|notes|resolves|sends)(?: (?P<what>\S+?))?)?"
    r"(?:: (?P<text>.+))?"
)


def _longer(line: Line, more: str) -> Line:
    return Line(line.after, line.who, line.does, line.what, f"{line.text}\n{more}")


def _talk(told: Mapping[str, Any], words: Words) -> Talk:
    given = {name: value for name, value in told.items() if name not in ("with", "script", "tags", "team")}
    team = told.get("team")
    return Talk(
        who=told["with"],
        lines=read_lines(told["script"]),
        team=words[team] if team else None,
        tags=tuple(words[tag] for tag in told.get("tags", ())),
        **given,
    )


def _last_line(ago: str, now: datetime, zone: ZoneInfo) -> datetime:
    """`6m`, or `2d 14:20`: that long ago, at that hour there."""
    gap, _, hour = ago.partition(" ")
    then = now - span(gap)
    if not hour:
        return then
    day = then.astimezone(zone).date()
    return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(now.tzinfo)

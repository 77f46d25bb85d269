"""The smallest parts of what browsers are given: a name with its id, and a time."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints
from typing_extensions import TypedDict

from hub.inbox.directory import Directory

# Ids that are made of names: teams, skills, opening hours.
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]

# A time that somebody gives, in whatever zone. Calendars end, and opening hours look a year ahead.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
    AfterValidator(lambda at: at.astimezone(UTC)),
]

Time = str  # ISO 8601, UTC, milliseconds


class Named(TypedDict):
    id: str
    name: str


def named(user: str | None, directory: Directory) -> Named | None:
    return {"id": user, "name": directory.name_of(user)} if user else None


def time(at: datetime) -> Time:
    """`2026-11-22T09:41:07.120Z`"""
    return f"{at.isoformat(timespec='milliseconds')[:23]}Z"


def maybe_time(at: datetime | None) -> Time | None:
    return time(at) if at else None

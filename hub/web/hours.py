"""Opening hours, for supervisors."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from hub.inbox import hours as inbox
from hub.model import Holiday, Hours, Opening
from hub.web.api import Body, Call
from hub.web.named import Slug
from hub.web.routing_views import HolidayView, HoursView, OpeningView
from hub.web.start import Line

Minutes = Annotated[int, Field(ge=0, le=1440)]


class OpeningGiven(Body):
    """Minutes since midnight by the wall clock; `end` up to 1440."""

    start: Minutes
    end: Minutes


Openings = Annotated[list[OpeningGiven], Field(max_length=12)]


class HolidayGiven(Body):
    """`date` as ISO 8601; without openings it is closed."""

    date: str = Field(max_length=10)
    name: Line
    openings: Openings = Field(default_factory=list)


Holidays = Annotated[list[HolidayGiven], Field(max_length=400)]


class NewHours(Body):
    """`week` maps the ISO weekday ("1" is Monday) to its openings; a day left out is closed."""

    name: Line
    time_zone: Line
    week: dict[str, Openings] = Field(default_factory=dict)
    holidays: Holidays = Field(default_factory=list)


class HoursChange(Body):
    """What is left out stays; `week` and `holidays` are replaced as a whole."""

    name: Line = ""
    time_zone: Line = ""
    week: dict[str, Openings] = Field(default_factory=dict)
    holidays: Holidays = Field(default_factory=list)


async def add(call: Call, body: NewHours) -> HoursView:
    """New opening hours; their id is made of their name."""
    return hours(await inbox.add_hours(call.house, call.person, **_given(body)))


async def change(call: Call, id: Slug, body: HoursChange) -> HoursView:
    """Change opening hours."""
    return hours(await inbox.change_hours(call.house, call.person, id, **_given(body)))


async def remove(call: Call, id: Slug) -> None:
    """Remove opening hours that no rule names and nobody keeps."""
    await inbox.remove_hours(call.house, call.person, id)


def hours(hours: Hours) -> HoursView:
    return {
        "id": hours.id,
        "name": hours.name,
        "time_zone": hours.time_zone,
        "week": {day: _views(openings) for day, openings in hours.week.items()},
        "holidays": [_holiday(each) for each in hours.holidays],
    }


def _holiday(holiday: Holiday) -> HolidayView:
    return {"date": holiday.date, "name": holiday.name, "openings": _views(holiday.openings)}


def _views(openings: Sequence[Opening]) -> list[OpeningView]:
    return [{"start": each.start, "end": each.end} for each in openings]


def _given(body: NewHours | HoursChange) -> dict[str, Any]:
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "week" in given:
        given["week"] = {day: _openings(each) for day, each in body.week.items()}
    if "holidays" in given:
        given["holidays"] = tuple(Holiday(each.date, each.name, _openings(each.openings)) for each in body.holidays)
    return given


def _openings(given: Sequence[OpeningGiven]) -> tuple[Opening, ...]:
    return tuple(Opening(each.start, each.end) for each in given)

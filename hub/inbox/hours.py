"""Opening hours: by weekday and holiday, by the wall clock of a time zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from hub.errors import Fault, Invalid, NotFound
from hub.inbox.agents import refuse
from hub.inbox.hand_over import ROUTING, settings_of
from hub.inbox.house import House
from hub.inbox.in_use import refuse_in_use, refuse_more, refuse_twice, still_unnamed, unnamed
from hub.inbox.routing_settings import touch
from hub.model import Holiday, Hours, Opening, Person, Team
from hub.names import free, tidy
from hub.ports import Ref, Sheet

MOST = 100
HOLIDAYS_MOST = 400
OPENINGS_MOST = 12  # a day
DAY = 24 * 60  # minutes
WEEKDAYS = frozenset("1234567")

Week = Mapping[str, Sequence[Opening]]


async def add_hours(
    house: House,
    person: Person,
    *,
    name: str,
    time_zone: str,
    week: Week | None = None,
    holidays: Sequence[Holiday] = (),
) -> Hours:
    """Raises Invalid `bad_name`, `bad_time_zone`, or with the fields that are wrong; Refused `name_taken`, `enough`."""
    name, there = tidy(name), await house.reader.hours()
    refuse_more(there, MOST)
    refuse_twice(name, (hours.name for hours in there))
    given = _checked({"time_zone": time_zone, "week": week or {}, "holidays": holidays})
    id = free(name, {hours.id for hours in there})
    return await _put(house, PutHours(person, id, {}, new=Hours(id, name, **given)))


async def change_hours(house: House, person: Person, id: str, **changes: Any) -> Hours:
    """Only what is given of name, time_zone, week and holidays (each replaced as a whole).

    Raises NotFound; Invalid `bad_name`, `bad_time_zone`, or with the fields that are wrong; Refused `name_taken`.
    """
    given = _checked(changes)
    if "name" in given:
        given["name"] = tidy(given["name"])
        refuse_twice(given["name"], (hours.name for hours in await house.reader.hours() if hours.id != id))
    return await _put(house, PutHours(person, id, given))


async def remove_hours(house: House, person: Person, id: str) -> None:
    """Raises NotFound; Refused `in_use` while a rule names them, or a team or the company keeps them."""
    version = unnamed(house, "hours", id)
    teams = tuple(team.id for team in await house.reader.teams())
    await house.filing.submit(RemoveHours(person, id, version, teams, house.directory.company.name))
    await house.directory.refresh_book()


async def _put(house: House, change: "PutHours") -> Hours:
    put = await house.filing.submit(change)
    await house.directory.refresh_book()
    return put


# --- what is right ---------------------------------------------------------------------------------------


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """In order of time. Raises Invalid."""
    if "time_zone" in given and given["time_zone"] not in available_timezones():
        raise Invalid("bad_time_zone", "Choose a time zone from the list, for example America/Recife.")
    refuse((*_week_faults(given.get("week", {})), *_holiday_faults(given.get("holidays", ()))))
    checked = dict(given)
    if "week" in given:
        checked["week"] = {day: _in_order(given["week"][day]) for day in sorted(given["week"]) if given["week"][day]}
    if "holidays" in given:
        holidays = sorted(given["holidays"], key=lambda each: each.date)
        checked["holidays"] = tuple(
            replace(each, name=tidy(each.name), openings=_in_order(each.openings)) for each in holidays
        )
    return checked


def _week_faults(week: Week) -> Iterable[Fault]:
    for day, openings in week.items():
        if day not in WEEKDAYS:
            yield Fault(f"week.{day}", "unknown_field", 'The days are "1" (Monday) to "7".')
        else:
            yield from _opening_faults(f"week.{day}", openings)


def _holiday_faults(holidays: Sequence[Holiday]) -> Iterable[Fault]:
    if len(holidays) > HOLIDAYS_MOST:
        yield Fault("holidays", "out_of_range", f"There may be {HOLIDAYS_MOST} at most.")
    seen: set[str] = set()
    for n, holiday in enumerate(holidays):
        if not _is_date(holiday.date):
            yield Fault(f"holidays.{n}.date", "wrong_form", "A date is written 2026-12-25.")
        elif holiday.date in seen:
            yield Fault(f"holidays.{n}.date", "twice", f"{holiday.date} is there twice.")
        seen.add(holiday.date)
        yield from _opening_faults(f"holidays.{n}.openings", holiday.openings)


def _opening_faults(field: str, openings: Sequence[Opening]) -> Iterable[Fault]:
    if len(openings) > OPENINGS_MOST:
        yield Fault(field, "out_of_range", f"A day has {OPENINGS_MOST} openings at most.")
    for n, opening in enumerate(openings):
        if not 0 <= opening.start < opening.end <= DAY:
            yield Fault(f"{field}.{n}", "bad_opening", "It opens before it closes, within one day (0 to 1440 minutes).")
    for earlier, later in zip(ordered := _in_order(openings), ordered[1:], strict=False):
        if later.start < earlier.end:
            yield Fault(field, "overlap", "Two openings overlap.")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _in_order(openings: Sequence[Opening]) -> tuple[Opening, ...]:
    return tuple(sorted(openings, key=lambda opening: opening.start))


# --- the changes -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PutHours:
    """`new`: they are not there yet."""

    person: Person
    id: str
    changes: Mapping[str, Any]
    new: Hours | None = None

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [ROUTING, Ref(Hours, self.id)]

    def decide(self, sheet: Sheet) -> Hours:
        known = sheet.get(Hours, self.id)
        hours = self._hours(known)
        if hours != known:
            sheet.put(hours)
            touch(sheet, "hours", self.person.actor, data={"id": hours.id})
        return hours

    def _hours(self, known: Hours | None) -> Hours:
        if self.new:
            refuse_twice(self.new.name, [known.name] if known else [])
            return self.new
        if known is None:
            raise _no_hours()
        return replace(known, **self.changes)


@dataclass(frozen=True, slots=True)
class RemoveHours:
    """`teams`: all there are; `company`: the company's name."""

    person: Person
    id: str
    version: int
    teams: tuple[str, ...]
    company: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [ROUTING, Ref(Hours, self.id), *(Ref(Team, id) for id in self.teams)]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Hours, self.id) is None:
            raise _no_hours()
        still_unnamed(sheet, self.version)
        refuse_in_use(self._keepers(sheet))
        sheet.remove(Hours, self.id)
        touch(sheet, "hours", self.person.actor, data={"id": self.id})

    def _keepers(self, sheet: Sheet) -> Iterable[str]:
        if settings_of(sheet).hours == self.id:
            yield self.company
        for team in (sheet.get(Team, id) for id in self.teams):
            if team and team.hours == self.id:
                yield team.name


def _no_hours() -> NotFound:
    return NotFound("not_found", "There are no such opening hours.")

"""When a company or a team is open: by the wall clock of its time zone, whatever the clocks do on the day."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.model import Hours, Opening

LOOKS_AHEAD_DAYS = 400  # a year, its holidays and some more


def open_at(hours: Hours | None, now: datetime) -> bool:
    """No hours are always open. An hour that the clocks repeat counts twice, one that they skip never comes."""
    if hours is None:
        return True
    wall = now.astimezone(ZoneInfo(hours.time_zone))
    minute = wall.hour * 60 + wall.minute
    return any(opening.start <= minute < opening.end for opening in openings_on(hours, wall.date()))


def opens_next(hours: Hours | None, now: datetime) -> datetime | None:
    """The first moment after now at which it is open, in UTC; None: it is open already, or never within
    `LOOKS_AHEAD_DAYS`."""
    if hours is None or open_at(hours, now):
        return None
    zone = ZoneInfo(hours.time_zone)
    first = now.astimezone(zone).date() - timedelta(days=1)  # the clocks may go back over midnight
    holidays = {holiday.date: holiday.openings for holiday in hours.holidays}
    for day in (first + timedelta(days=n) for n in range(LOOKS_AHEAD_DAYS + 2)):
        openings = holidays.get(day.isoformat(), hours.week.get(str(day.isoweekday()), ()))
        starts = (at for opening in openings for at in _begins(day, opening, zone))
        if later := [at for at in starts if at > now and open_at(hours, at)]:
            return min(later)
    return None


def openings_on(hours: Hours, day: date) -> Sequence[Opening]:
    """A holiday's own openings stand instead of its weekday's."""
    wanted = day.isoformat()
    for holiday in hours.holidays:
        if holiday.date == wanted:
            return holiday.openings
    return hours.week.get(str(day.isoweekday()), ())


def _begins(day: date, opening: Opening, zone: ZoneInfo) -> Iterable[datetime]:
    """The moments, in UTC, at which this opening may begin: two where the clocks repeat the hour; where they skip it,
    the first moment after the gap."""
    midnight = datetime.combine(day, time())
    wall = midnight + timedelta(minutes=opening.start)
    for fold in (0, 1):
        at = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        yield at if at.astimezone(zone).replace(tzinfo=None) == wall else _after_gap(wall, zone)


def _after_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment at which the clocks show more than this time, which they never show. Clocks are put forward by
    whole minutes, and at most by a day (Samoa left one out)."""
    at = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # by the offset after the gap: that is before it
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += timedelta(minutes=1)
    return at

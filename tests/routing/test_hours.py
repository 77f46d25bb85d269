"""Open or not, and when next: by the wall clock, over holidays and over every trick that clocks play."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model import Holiday, Hours, Opening
from hub.routing.hours import open_at, opens_next

OFFICE = (Opening(9 * 60, 12 * 60), Opening(13 * 60, 18 * 60))
RECIFE = Hours(
    "office",
    "Office",
    "America/Recife",
    {"1": OFFICE, "2": OFFICE, "3": OFFICE, "4": OFFICE, "5": OFFICE, "6": (Opening(9 * 60, 13 * 60),)},
    (
        Holiday("2026-12-25", "Natal"),
        Holiday("2026-12-24", "Véspera", (Opening(9 * 60, 12 * 60),)),
        Holiday("2026-12-27", "Plantão", (Opening(10 * 60, 11 * 60),)),
    ),
)


def at(wall: str, zone: str = "America/Recife", fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def daily(zone: str, *openings: Opening) -> Hours:
    return Hours("h", "h", zone, {str(day): openings for day in range(1, 8)})


@pytest.mark.parametrize(
    ("wall", "is_open"),
    [
        ("2026-12-21T09:00", True),
        ("2026-12-21T08:59", False),
        ("2026-12-21T11:59", True),
        ("2026-12-21T12:00", False),
        ("2026-12-21T13:00", True),
        ("2026-12-21T18:00", False),
        ("2026-12-26T12:59", True),  # Saturday
        ("2026-12-20T10:00", False),  # Sunday
        ("2026-12-24T11:00", True),
        ("2026-12-24T14:00", False),
        ("2026-12-25T10:00", False),
        ("2026-12-27T10:30", True),  # a Sunday on duty
    ],
)
def test_a_week_with_holidays(wall: str, is_open: bool) -> None:
    assert open_at(RECIFE, at(wall)) is is_open


@pytest.mark.parametrize(
    ("wall", "opens"),
    [
        ("2026-12-21T07:00", "2026-12-21T09:00"),
        ("2026-12-21T12:30", "2026-12-21T13:00"),
        ("2026-12-21T18:00", "2026-12-22T09:00"),
        ("2026-12-19T20:00", "2026-12-21T09:00"),  # Saturday evening
        ("2026-12-24T12:00", "2026-12-26T09:00"),  # over Christmas
        ("2026-12-26T15:00", "2026-12-27T10:00"),
    ],
)
def test_the_next_opening(wall: str, opens: str) -> None:
    assert opens_next(RECIFE, at(wall)) == at(opens)


def test_no_hours_are_always_open() -> None:
    assert open_at(None, at("2026-12-25T03:00"))
    assert opens_next(None, at("2026-12-25T03:00")) is None


def test_who_is_open_does_not_open_next() -> None:
    assert opens_next(RECIFE, at("2026-12-21T10:00")) is None


def test_who_never_opens_never_opens() -> None:
    assert opens_next(Hours("h", "h", "UTC"), at("2026-12-25T03:00")) is None


def test_a_holiday_more_than_a_year_long_is_seen_through() -> None:
    closed = [Holiday((datetime(2026, 1, 1) + timedelta(days=n)).date().isoformat(), "") for n in range(380)]
    hours = Hours("h", "h", "UTC", {"1": OFFICE}, tuple(closed))
    assert opens_next(hours, at("2026-01-01T00:00", "UTC")) == at("2027-01-18T09:00", "UTC")


def test_a_night_is_two_openings_and_one_stretch() -> None:
    night = daily("America/Recife", Opening(22 * 60, 1440), Opening(0, 6 * 60))
    assert open_at(night, at("2026-03-02T23:59"))
    assert open_at(night, at("2026-03-03T00:00"))
    assert not open_at(night, at("2026-03-03T06:00"))
    assert opens_next(night, at("2026-03-03T06:00")) == at("2026-03-03T22:00")


def test_the_same_moment_is_another_hour_elsewhere() -> None:
    nine = daily("Asia/Kathmandu", Opening(9 * 60, 10 * 60))
    assert open_at(nine, datetime(2026, 3, 2, 3, 15, tzinfo=UTC))
    assert not open_at(nine, datetime(2026, 3, 2, 3, 14, tzinfo=UTC))


def test_an_opening_that_the_clocks_skip_begins_after_the_gap() -> None:
    """Lisbon, 29 March 2026: 01:00 is 02:00."""
    hours = daily("Europe/Lisbon", Opening(90, 180))
    assert opens_next(hours, at("2026-03-29T00:30", "Europe/Lisbon")) == at("2026-03-29T02:00", "Europe/Lisbon")


def test_an_opening_that_lies_in_the_gap_does_not_come_that_day() -> None:
    hours = daily("Europe/Lisbon", Opening(70, 110))
    assert opens_next(hours, at("2026-03-29T00:30", "Europe/Lisbon")) == at("2026-03-30T01:10", "Europe/Lisbon")


def test_a_day_may_begin_with_a_gap() -> None:
    """São Paulo, 4 November 2018: midnight is 01:00."""
    zone = "America/Sao_Paulo"
    hours = Hours("h", "h", zone, {"7": (Opening(0, 480),)})
    assert opens_next(hours, at("2018-11-03T12:00", zone)) == at("2018-11-04T01:00", zone)


def test_an_hour_that_comes_twice_opens_twice() -> None:
    """Lisbon, 25 October 2026: 02:00 is 01:00 again."""
    zone = "Europe/Lisbon"
    hours = daily(zone, Opening(90, 120))
    assert opens_next(hours, at("2026-10-25T01:00", zone)) == at("2026-10-25T01:30", zone)
    assert open_at(hours, at("2026-10-25T01:45", zone, fold=1))
    assert opens_next(hours, at("2026-10-25T01:10", zone, fold=1)) == at("2026-10-25T01:30", zone, fold=1)


def test_a_day_that_was_left_out_is_no_day() -> None:
    """Samoa had no 30 December 2011, a Friday."""
    zone = "Pacific/Apia"
    friday = Hours("h", "h", zone, {"5": (Opening(0, 1440),)})
    assert opens_next(friday, at("2011-12-29T12:00", zone)) == at("2012-01-06T00:00", zone)


MOMENTS = st.sampled_from(
    [
        at("2026-03-28T20:00", "Europe/Lisbon"),
        at("2026-10-24T20:00", "Europe/Lisbon"),
        at("2018-11-03T20:00", "America/Sao_Paulo"),
        at("2018-02-17T20:00", "America/Sao_Paulo"),
        at("2026-04-04T20:00", "Australia/Lord_Howe"),  # by half an hour
        at("2026-10-03T20:00", "Australia/Lord_Howe"),
    ]
)
ZONES = st.sampled_from(["Europe/Lisbon", "America/Sao_Paulo", "Australia/Lord_Howe", "America/Recife"])
OPENINGS = st.lists(
    st.builds(lambda start, long: Opening(start, min(1440, start + long)), st.integers(0, 1439), st.integers(1, 400)),
    min_size=1,
    max_size=2,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(zone=ZONES, begin=MOMENTS, after=st.integers(0, 600), openings=OPENINGS)
def test_the_next_opening_is_the_first_open_minute(
    zone: str, begin: datetime, after: int, openings: list[Opening]
) -> None:
    hours, now = daily(zone, *openings), begin + timedelta(minutes=after)
    minutes = (now + timedelta(minutes=n) for n in range(3 * 1440))
    first = next((minute for minute in minutes if open_at(hours, minute)), None)
    assert opens_next(hours, now) == (None if first == now else first)


def test_many_holidays_are_gone_through_once_however_far_the_next_opening_is() -> None:
    class Counted(tuple[Holiday, ...]):
        times = 0

        def __iter__(self):
            Counted.times += 1
            return super().__iter__()

    closed = Hours("x", "X", "America/Recife", {}, Counted([Holiday("2026-12-25", "Natal")]))
    assert opens_next(closed, at("2026-11-22T12:00")) is None
    assert Counted.times <= 3

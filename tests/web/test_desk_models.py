"""What the page works out by itself about hours, levels and rows that keep still."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.web.modules import modules

pytestmark = pytest.mark.browser

OFFICE = [{"start": 540, "end": 1080}]
WEEK = {str(day): OFFICE for day in range(1, 6)} | {
    "6": [{"start": 1200, "end": 1440}],
    "7": [{"start": 0, "end": 120}],
}
CARNIVAL = {"date": "2026-02-17", "name": "Carnaval", "openings": []}
HOURS = {"id": "h", "name": "Loja", "time_zone": "America/Recife", "week": WEEK, "holidays": [CARNIVAL]}


@pytest.fixture(scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser) as page:
        yield page


async def works_out(page: Page, module: str, verb: str, *given: Any) -> Any:
    script = "([module, verb, given]) => import(`/static/models/${module}.js`).then((all) => all[verb](...given))"
    return await page.evaluate(script, [module, verb, given])


async def standing(page: Page, at: str, hours: dict[str, Any] = HOURS) -> Any:
    return await works_out(page, "hours", "standing", hours, await page.evaluate("(at) => Date.parse(at)", at))


OPEN_MONDAY = {"open": True, "change": {"days": 0, "minutes": 1080}, "holiday": ""}


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-03-02T12:00-03:00", OPEN_MONDAY),
        ("2026-03-02T08:59-03:00", {"open": False, "change": {"days": 0, "minutes": 540}, "holiday": ""}),
        ("2026-03-02T18:00-03:00", {"open": False, "change": {"days": 1, "minutes": 540}, "holiday": ""}),
        ("2026-02-16T19:00-03:00", {"open": False, "change": {"days": 2, "minutes": 540}, "holiday": ""}),
        ("2026-02-17T12:00-03:00", {"open": False, "change": {"days": 1, "minutes": 540}, "holiday": "Carnaval"}),
        ("2026-03-07T23:00-03:00", {"open": True, "change": {"days": 1, "minutes": 120}, "holiday": ""}),
    ],
)
async def test_hours_say_whether_it_is_open_and_when_that_changes(page: Page, at: str, found: Any) -> None:
    assert await standing(page, at) == found


async def test_the_wall_clock_is_the_one_of_the_shop(page: Page) -> None:
    tokyo = {**HOURS, "time_zone": "Asia/Tokyo"}
    assert await standing(page, "2026-03-02T03:00Z", tokyo) == OPEN_MONDAY  # noon there


async def test_what_is_always_open_never_changes(page: Page) -> None:
    always = {**HOURS, "holidays": [], "week": {str(day): [{"start": 0, "end": 1440}] for day in range(1, 8)}}
    assert await standing(page, "2026-03-02T12:00-03:00", always) == {"open": True, "change": None, "holiday": ""}


async def test_midnight_as_an_end_is_the_end_of_the_day(page: Page) -> None:
    assert await works_out(page, "hours", "minutesOf", "00:00", True) == 1440
    assert await works_out(page, "hours", "minutesOf", "00:00") == 0
    assert await works_out(page, "hours", "clockField", 1440) == "00:00"


@pytest.mark.parametrize(
    ("key", "level", "after"), [("3", 0, 3), ("0", 4, 0), ("+", 5, 5), ("-", 1, 0), ("Enter", 5, 0), ("x", 2, None)]
)
async def test_keys_set_levels(page: Page, key: str, level: int, after: int | None) -> None:
    assert await works_out(page, "matrix", "levelAfter", key, level) == after


async def test_pressing_the_bar_of_the_level_takes_it_away(page: Page) -> None:
    assert await works_out(page, "matrix", "levelPressed", 3, 3) == 0
    assert await works_out(page, "matrix", "levelPressed", 2, 3) == 2
    assert await works_out(page, "matrix", "withLevel", {"billing": 3}, "billing", 0) == {}


async def test_arrows_stay_within_the_matrix(page: Page) -> None:
    size = {"rows": 2, "columns": 3}
    assert await works_out(page, "matrix", "cellAfter", "ArrowUp", {"row": 0, "column": 1}, size) == {
        "row": 0,
        "column": 1,
    }
    assert await works_out(page, "matrix", "cellAfter", "End", {"row": 1, "column": 0}, size) == {"row": 1, "column": 2}


async def test_rows_keep_still_while_they_are_pointed_at(page: Page) -> None:
    shown, fresh = [{"id": "a"}, {"id": "b"}], [{"id": "c"}, {"id": "b"}]
    kept = await works_out(page, "board", "settle", shown, fresh, True)
    assert kept == [{"id": "a", "gone": True}, {"id": "b"}, {"id": "c"}]
    assert await works_out(page, "board", "settle", shown, fresh, False) == fresh

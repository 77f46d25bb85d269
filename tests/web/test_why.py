"""Why it went to whom, and why it waits, in the words of either language."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.web.modules import modules

pytestmark = pytest.mark.browser

NOW = "2026-03-02T16:00:00.000Z"  # a Monday, 13:00 in Recife
ANA, BRUNO, CARLA = ({"id": name.lower(), "name": name} for name in ("Ana Souza", "Bruno Lima", "Carla Dias"))
BILLING = {"id": "billing", "name": "billing", "level": 2}
SPANISH = {"id": "lang-es", "name": "Español", "level": 2}


@pytest.fixture(scope="module")
async def english(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser, "en") as page:
        yield page


@pytest.fixture(scope="module")
async def portuguese(browser: Browser) -> AsyncIterator[Page]:
    async with modules(browser, "pt-BR") as page:
        yield page


def decision(outcome: str = "nobody", why: str = "full", *, needs: Any = None, **changes: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "require": [],
        "prefer": [],
        "teams": [],
        "agent": None,
        "weight": 2,
        "priority": 5,
        "rules": [],
    }
    told: dict[str, Any] = {"outcome": outcome, "why": why, "agent": None, "tie": None, "version": 14, "relaxed": 0}
    told |= {"candidates": [], "others": {}, "lacking": [], "lacks": [], "again_at": None}
    return told | {"needs": asked | {"open_at": None} | (needs or {})} | changes


def candidate(agent: dict[str, str], room: int, barrier: str | None = None) -> dict[str, Any]:
    return {"agent": agent, "room": room, "capacity": 10, "levels": 3, "barrier": barrier}


async def said(page: Page, told: dict[str, Any], verb: str = "line") -> Any:
    script = "([verb, told, now]) => import('/static/models/why.js').then((why) => why[verb](told, Date.parse(now)))"
    return await page.evaluate(script, [verb, told, NOW])


TO_ANA = decision(
    "assigned",
    "most_room",
    agent=ANA,
    needs={"require": [BILLING], "rules": [{"id": "r3", "name": "Invoices"}]},
    candidates=[candidate(ANA, 6), candidate(BRUNO, 0, "full"), candidate(CARLA, 8, "away")],
    lacking=[{"skill": "billing", "name": "billing", "level": 2, "agents": 1940}],
    others={"skill": 1940, "full": 1},
)


async def test_who_got_it_is_told_with_the_reason_and_with_who_could_not(english: Page, portuguese: Page) -> None:
    assert await said(english, TO_ANA) == (
        "Went to Ana Souza: billing 2, most room, 6 of 10 units free; Bruno full, Carla not available"
    )
    assert await said(portuguese, TO_ANA) == (
        "Foi para Ana Souza: billing 2, mais folga, 6 de 10 unidades livres; Bruno no limite, Carla indisponível"
    )


async def test_an_offer_says_to_whom(english: Page) -> None:
    told = decision("offered", "only_one", agent=ANA, candidates=[candidate(ANA, 6)])
    assert await said(english, told) == "Offered to Ana Souza: the only one who can now"


WAITING = [
    (decision(why="lacks_skill", lacks=[SPANISH]), "Waits: nobody here has Spanish 2"),
    (
        decision(why="lacks_skill", needs={"require": [BILLING, SPANISH]}),
        "Waits: nobody here has all it asks for: billing 2 and Spanish 2",
    ),
    (decision(why="nobody_here"), "Waits: nobody is available"),
    (decision(why="nobody_here", needs={"teams": [BILLING]}), "Waits: nobody of billing is available"),
    (decision(why="full"), "Waits: everybody who could take it is full"),
    (
        decision(why="full", candidates=[candidate(BRUNO, 0, "full"), candidate(CARLA, 4, "away")]),
        "Waits: Bruno Lima could take it and is full",
    ),
    (
        decision(why="waits_for_agent", needs={"agent": BRUNO}, again_at="2026-03-02T17:05:00.000Z"),
        "Waits for Bruno Lima until 2:05 PM",
    ),
    (
        decision(why="until_open", needs={"open_at": "2026-03-03T12:00:00.000Z"}),
        "Waits until we open: tomorrow at 9:00 AM",
    ),
    (decision(why="until_open"), "Waits until we open"),
    (decision(why="something_new"), "Waits"),
]


@pytest.mark.parametrize(("told", "words"), WAITING, ids=lambda each: each if isinstance(each, str) else "")
async def test_what_waits_says_what_for(english: Page, told: dict[str, Any], words: str) -> None:
    assert (await said(english, told)).replace("\u202f", " ") == words


async def test_languages_are_called_by_their_name_in_the_readers_language(portuguese: Page) -> None:
    told = decision(why="lacks_skill", lacks=[SPANISH])
    assert await said(portuguese, told) == "Aguarda: ninguém disponível tem espanhol 2"


async def test_the_whole_decision_names_candidates_and_counts_the_others(english: Page) -> None:
    told = await said(english, TO_ANA, "details")
    assert told["head"] == "Went to Ana Souza"
    assert told["rules"] == "Rules: “Invoices” · version 14"
    assert [each["words"] for each in told["candidates"]] == ["6 of 10 units free, got it", "full", "not available"]
    assert told["others"] == ["1,940 lack billing 2", "1 is full"]
    few = await said(english, TO_ANA | {"others": {"skill": 1}, "named": {"skill": [CARLA]}}, "details")
    assert few["others"] == ["without billing 2: Carla Dias"]
    assert told["again"] == ""


async def test_who_waits_is_told_when_it_is_looked_at_again(english: Page) -> None:
    told = await said(english, decision(why="full", again_at="2026-03-02T16:02:00.000Z"), "details")
    assert told["head"] == "Still waiting"
    assert "at 1:02" in told["again"]


async def test_a_row_has_two_words_for_what_is_missing(english: Page) -> None:
    assert await said(english, {"why": "lacks_skill", "lacks": [SPANISH]}, "waitsChip") == "nobody with Spanish 2"
    assert await said(english, {"why": "waits_for_agent", "lacks": []}, "waitsChip") == ""

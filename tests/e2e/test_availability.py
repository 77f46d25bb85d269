"""Saying whether one is here, and seeing whether the others are."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, come_in, hire, keeps_the_rules
from tests.e2e.test_two_windows import open_first, say, visit

pytestmark = pytest.mark.browser


async def test_away_for_lunch_is_said_once_and_seen_by_everybody(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    ana = await come_in(counter, window, path="/board")
    bruno = await come_in(counter, window, BRUNO)
    await expect(bruno.locator(".rail .me .presence.available")).to_be_visible()
    await bruno.locator(".rail .me").press("Enter")
    await bruno.get_by_role("menuitemradio", name="Ausente…").press("Enter")
    away = bruno.get_by_role("dialog")
    await away.get_by_role("radio", name="30 min").check()
    await keeps_the_rules(bruno, "being away")
    await away.get_by_role("button", name="Marcar como ausente").click()
    await expect(bruno.locator(".rail .me .presence.away")).to_be_visible()
    await expect(ana.locator(".of-agents tr").filter(has_text="Bruno Lima")).to_contain_text("almoço até")
    await bruno.locator(".rail .me").click()
    await bruno.get_by_role("menuitemradio", name="Disponível").click()
    await expect(ana.locator(".of-agents tr").filter(has_text="Bruno Lima")).to_contain_text("disponível")


async def test_whoever_gives_a_conversation_sees_who_is_here_and_how_full(counter: Counter, window: Open) -> None:
    bruno = await hire(counter, BRUNO, capacity=7)
    ana = await come_in(counter, window)
    await say(await visit(counter, window), "Oi!")
    await open_first(ana)
    await counter.ask("PUT", f"/api/agents/{bruno}/availability", availability="busy")
    await ana.keyboard.press("a")
    await expect(ana.get_by_role("option", name="Bruno Lima")).to_contain_text("ocupado · 0/7")


async def test_what_a_supervisor_says_for_somebody_is_told_to_them(counter: Counter, window: Open) -> None:
    id = await hire(counter, BRUNO)
    bruno = await come_in(counter, window, BRUNO)
    await expect(bruno.locator(".rail .me .presence.available")).to_be_visible()
    await counter.ask("PUT", f"/api/agents/{id}/availability", availability="busy")
    await expect(bruno.get_by_text("A supervisão marcou você como ocupado")).to_be_visible()
    await expect(bruno.locator(".rail .me .presence.busy")).to_be_visible()

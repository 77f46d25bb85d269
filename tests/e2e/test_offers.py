"""What is offered: seen wherever one is, taken or let go by mouse and keyboard."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, DAVI, come_in, hire, keeps_the_rules, offer_all_to
from tests.e2e.test_two_windows import say, visit

pytestmark = pytest.mark.browser


@pytest.fixture
async def bruno(counter: Counter, window: Open) -> Page:
    """In a team that is offered everything, for as long as it may be."""
    await offer_all_to(counter, BRUNO)
    page = await come_in(counter, window, BRUNO, "/inbox/mine")
    await expect(page.locator(".rail .me .presence.available")).to_be_visible()
    return page


async def test_an_offer_is_accepted_by_the_keyboard_and_opens(counter: Counter, window: Open, bruno: Page) -> None:
    await say(await visit(counter, window), "Quero comprar uma rede")
    offer = bruno.locator(".offer")
    await expect(offer).to_contain_text("Quero comprar uma rede")
    await expect(bruno).to_have_title(re.compile("Oferta"))
    await keeps_the_rules(bruno, "an offer")
    await bruno.keyboard.press("g")
    await bruno.keyboard.press("o")
    await expect(offer.get_by_role("button", name="Aceitar")).to_be_focused()
    await bruno.keyboard.press("Enter")
    await bruno.wait_for_url(re.compile(r"/inbox/mine/\d+$"))
    await expect(offer).to_have_count(0)
    assert (await counter.conversation())["conversation"]["assignee"]["name"] == "Bruno Lima"


async def test_what_one_declines_goes_to_the_next_one(counter: Counter, window: Open, bruno: Page) -> None:
    await say(await visit(counter, window), "Oi!")
    await bruno.locator(".offer").get_by_role("button", name="Recusar").click()
    await expect(bruno.locator(".offer")).to_have_count(0)
    await hire(counter, DAVI, teams=["vendas"])
    davi = await come_in(counter, window, DAVI)
    await expect(davi.locator(".offer")).to_contain_text("Oi!")
    await expect(bruno.locator(".offer")).to_have_count(0)

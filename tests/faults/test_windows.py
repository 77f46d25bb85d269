"""The windows that people have open: a killed hub comes back, and so do they, by themselves."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.faults.harness import OWNER
from tests.faults.house import House, open_house

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(240)]

PATIENCE_MS = 60_000


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def windows(house: House, browser: Browser) -> AsyncIterator[tuple[Page, Page]]:
    """Ana's inbox, and a visitor's chat on a page of the hub's own (the widget's frame, as a site shows it)."""
    async with AsyncExitStack() as stack:
        ana = await stack.enter_async_context(await browser.new_page(locale="pt-BR"))
        hub = house.hub.url
        body = {"email": OWNER["email"], "password": OWNER["password"]}
        assert (await ana.request.post(f"{hub}/api/session", data=body, headers={"Origin": hub})).ok
        await ana.goto(f"{hub}/inbox/all")
        visitor = await stack.enter_async_context(await browser.new_page(locale="pt-BR"))
        await visitor.goto(f"{hub}/login")  # a site of its own origin may always carry the widget
        await visitor.evaluate(
            "key => { const tag = document.createElement('script'); tag.src = '/widget.js'; tag.dataset.key = key;"
            " document.head.append(tag); }",
            house.widget.key,
        )
        await visitor.locator("balcao-chat button").click()
        yield ana, visitor


async def test_a_killed_hub_loses_nothing_and_every_window_recovers_by_itself(
    house: House, windows: tuple[Page, Page]
) -> None:
    ana, visitor = windows
    panel = visitor.frame_locator("balcao-chat iframe")
    await say(visitor, "antes da queda")
    await ana.locator(".item").first.click()
    await expect(ana.locator(".stream")).to_contain_text("antes da queda")
    house.hub.kill()
    await say(visitor, "durante a queda")
    await house.hub.start()
    await expect(ana.locator(".stream")).to_contain_text("durante a queda", timeout=PATIENCE_MS)
    await ana.locator(".composer textarea").fill("voltamos!")
    await ana.keyboard.press("Control+Enter")
    await expect(panel.locator(".theirs").last).to_contain_text("voltamos!", timeout=PATIENCE_MS)
    await expect(panel.locator(".mine")).to_have_count(2)
    await expect(ana.locator(".stream .msg")).to_have_count(3)


async def say(page: Page, text: str) -> None:
    box = page.frame_locator("balcao-chat iframe").locator("textarea")
    await box.fill(text)
    await box.press("Enter")

"""A visitor in a browser and an agent at the API, with the whole hub in between."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

from hub.channels.widget.channel import ATTENDED_S
from tests.e2e.conftest import Counter

pytestmark = pytest.mark.browser


@pytest.fixture
async def page(browser: Browser, counter: Counter) -> AsyncIterator[Page]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(counter.host)
    await page.locator("balcao-chat button").click()
    yield page
    await context.close()


def panel(page: Page) -> FrameLocator:
    return page.frame_locator("balcao-chat iframe")


async def say(page: Page, text: str) -> None:
    await panel(page).locator("textarea").fill(text)
    await panel(page).locator("textarea").press("Enter")
    await expect(panel(page).locator(".mark").last).to_contain_text("Enviada")


async def test_words_go_both_ways_and_marks_come_back(counter: Counter, page: Page) -> None:
    await say(page, "Oi! O casaco verde tem no tamanho 36?")
    talk = await counter.conversation()
    assert talk["conversation"]["channel"]["kind"] == "widget"
    await counter.ask("POST", f"/api/conversations/{talk['conversation']['id']}/seen", seq=1)
    await expect(panel(page).locator(".mark").last).to_contain_text("Lida")
    await counter.reply("Tem sim!")
    await expect(panel(page).locator(".theirs").last).to_have_text("Tem sim!")
    await expect(panel(page).locator(".by").last).to_contain_text("Ana Souza")
    for _ in range(50):
        entries = (await counter.conversation())["entries"]
        states = [each["message"]["delivery"] for each in entries if each["type"] == "message"]
        if states == [None, "read"]:
            return
        await asyncio.sleep(0.1)
    pytest.fail(f"the reply is not known to be read: {states}")


async def test_a_reload_shows_the_conversation_again(counter: Counter, page: Page) -> None:
    await say(page, "Oi!")
    await counter.reply("Olá!")
    await expect(panel(page).locator(".theirs").last).to_have_text("Olá!")
    await page.reload()
    await expect(panel(page).locator(".theirs").last).to_have_text("Olá!")
    await expect(panel(page).locator(".mine")).to_have_count(1)


async def test_each_sees_that_the_other_types_and_is_there(counter: Counter, page: Page) -> None:
    await say(page, "Oi!")
    talk = (await counter.conversation())["conversation"]["id"]
    async with counter.ana.ws_connect("/api/live") as ws:
        await ws.send_json({"type": "looking", "conversation": talk})
        await ws.send_json({"type": "typing", "conversation": talk, "on": True})
        await expect(panel(page).get_by_text("Ana Souza está escrevendo")).to_be_visible()
        await panel(page).locator("textarea").press_sequentially("Ain")
        while (frame := await ws.receive_json(timeout=5))["type"] != "typing" or frame["who"]["kind"] != "customer":
            pass
        assert frame["on"] is True
        while (await counter.ask("GET", "/api/agents"))[0]["availability"] != "available":
            await asyncio.sleep(0.1)
        await asyncio.sleep(ATTENDED_S)
        await page.reload()
        await expect(panel(page).locator("#state")).to_have_text("Estamos on-line")


async def test_a_typed_address_is_a_claim_that_the_agent_sees(counter: Counter, page: Page) -> None:
    await say(page, "Oi!")
    form = panel(page).locator("#claim")
    await form.get_by_label("Seu e-mail").fill("maria@example.com")
    await form.get_by_role("button", name="Salvar").click()
    await expect(panel(page).get_by_text("Anotado!")).to_be_visible()
    customer = (await counter.conversation())["customer"]
    assert [claim["value"] for claim in customer["claims"]] == ["maria@example.com"]
    assert [identity["kind"] for identity in customer["identities"]] == ["visitor"]


async def test_a_widget_switched_off_disappears(counter: Counter, browser: Browser, page: Page) -> None:
    await say(page, "Oi!")
    await counter.ask("PATCH", f"/api/channels/{counter.widget['id']}", enabled=False)
    await expect(panel(page).locator("#offline")).to_contain_text("Sem conexão")
    another = await browser.new_page()
    async with another.expect_console_message(lambda note: "no widget with this key" in note.text):
        await another.goto(counter.host)
    await expect(another.locator("balcao-chat")).to_have_count(0)
    await another.close()

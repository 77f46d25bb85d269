"""A visitor in a browser and an agent at the API, with the whole hub in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, FrameLocator, Page, async_playwright, expect

from hub.app import ROLES, Hub, listening
from hub.app import _door as door_of
from hub.channels.widget.channel import ATTENDED_S
from hub.engines import Addresses
from hub.inbox.setup import new_setup_link
from hub.settings import load

pytestmark = pytest.mark.browser

LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--test-third-party-cookie-phaseout"]
PAGE = """<!doctype html><html lang="pt-BR"><title>A site</title><body><h1>A site</h1>
<script async src="{hub}/widget.js" data-key="{key}"></script></body></html>"""
OWNER = {"name": "Ana Souza", "email": "ana@ipe.example", "password": "three plain words"}


class Counter:
    """An open hub with a widget, a site of another origin that carries it, and Ana, who has signed in."""

    def __init__(self, ana: ClientSession, host: str) -> None:
        self.ana = ana
        self.host = host
        self.widget: Any = None

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        async with self.ana.request(method, path, json=None if method == "GET" else body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_length else None

    async def conversation(self) -> Any:
        """The one there is, with its entries."""
        for _ in range(50):
            rows = (await self.ask("GET", "/api/conversations?view=all"))["items"]
            if rows:
                return await self.ask("GET", f"/api/conversations/{rows[0]['id']}")
            await asyncio.sleep(0.1)
        raise AssertionError("no conversation has come")

    async def reply(self, text: str, id: str = "reply-0001") -> None:
        row = (await self.conversation())["conversation"]
        given = {"id": id, "text": text, "last_out_seq": row["last_out_seq"]}
        await self.ask("POST", f"/api/conversations/{row['id']}/replies", **given)
        await self.ask("POST", f"/api/conversations/{row['id']}/replies/{id}/send")


@pytest.fixture
async def counter(addresses: Addresses, database_name: str, tmp_path: Path) -> AsyncIterator[Counter]:
    settings = load(data=tmp_path, port=0, database=database_name)
    door = door_of(settings)
    hub = Hub(settings, addresses, ROLES, door)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(hub.open())
        await stack.enter_async_context(listening(hub, door))
        ana = await stack.enter_async_context(ClientSession(hub.public_url, headers={"Origin": hub.public_url}))
        page: list[str] = []
        host = await _site(stack, page)
        link = await new_setup_link(hub.house)
        assert link
        company = {"company": "Loja Ipê", "time_zone": "America/Recife", "language": "pt-BR"}
        made = Counter(ana, host)
        await made.ask("POST", "/api/setup", token=link.partition("#")[2], **company, **OWNER)
        made.widget = await made.ask("POST", "/api/channels", kind="widget", name="Site", settings={"sites": [host]})
        page.append(PAGE.format(hub=hub.public_url, key=made.widget["key"]))
        yield made


async def _site(stack: AsyncExitStack, text: list[str]) -> str:
    """The address must be known before the widget that lists it, and the page only when the widget has its key."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=text[0], content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=LAUNCH)
        yield browser
        await browser.close()


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

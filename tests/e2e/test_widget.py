"""The widget as a visitor meets it: on a site of another origin, with third-party cookies blocked."""

import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Error, FrameLocator, Page, expect

from hub.channels.widget.channel import ATTENDED_S
from hub.errors import Invalid
from hub.model import Delivery
from tests.channels.widget.memory import RULE, MemoryDesk, MemoryDesks, site
from tests.e2e.desk import AXE

pytestmark = pytest.mark.browser

FILES = Path("hub/web/static/widget")
# As strict as a site can be: nothing but the widget's script, its one question and its iframe; no HTML from strings.
POLICY = "default-src 'none'; script-src {hub}; connect-src {hub}; frame-src {hub}; require-trusted-types-for 'script'"
PAGE = """<!doctype html><html lang="{page}"><title>A site</title><meta name="viewport" content="width=device-width">
<body><main><h1>A site</h1><a href="#">Something else</a></main>
<script async src="{hub}/widget.js" data-key="loja" {attribute}></script></body></html>"""


class Town:
    """The hub at `localhost`, a site that carries its widget at `127.0.0.1`, and an agent at the desk."""

    def __init__(self, hub: str, host: str, desks: MemoryDesks, desk: MemoryDesk) -> None:
        self.hub = hub
        self.host = host
        self.desks = desks
        self.desk = desk

    @property
    def peer(self) -> str:
        (peer,) = {each.peer for each in self.desk.messages.values()}
        return peer


class Visitor:
    """A browser's tab on the site."""

    def __init__(self, town: Town, page: Page) -> None:
        self.town = town
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning") and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.faults.append(message.text)

    async def visit(self, page: str = "pt-BR", attribute: str = "") -> "Visitor":
        await self.page.goto(f"{self.town.host}/?page={page}&attribute={attribute}")
        await expect(self.button).to_be_visible()
        return self

    @property
    def button(self) -> Any:
        return self.page.locator("balcao-chat button")

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("balcao-chat iframe")

    @property
    def field(self) -> Any:
        return self.panel.locator("textarea")

    def bubble(self, text: str) -> Any:
        return self.panel.locator(".bubble", has_text=text)

    def mine(self, text: str) -> Any:
        return self.panel.locator(".mine", has_text=text)

    async def open(self) -> "Visitor":
        await self.button.click()
        await expect(self.field).to_be_focused()
        return self

    async def say(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def stored(self, text: str) -> None:
        await self.say(text)
        await expect(self.panel.locator(".mark").last).to_contain_text("Enviada")

    async def close(self) -> None:
        await self.page.context.close()
        assert self.faults == []


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    desks = MemoryDesks()
    runners = [hub := web.AppRunner(site(desks), shutdown_timeout=1)]
    port = await _open(hub)
    address = f"http://localhost:{port}"

    async def page(request: web.Request) -> web.Response:
        text = PAGE.format(hub=address, page=request.query["page"], attribute=request.query["attribute"])
        headers = {"Content-Security-Policy": POLICY.format(hub=address)}
        return web.Response(text=text, content_type="text/html", headers=headers)

    host = web.Application()
    host.add_routes([web.get("/", page), web.get("/favicon.ico", _nothing)])
    runners.append(web.AppRunner(host, shutdown_timeout=1))
    host_address = f"http://127.0.0.1:{await _open(runners[1])}"
    desk = await desks.open("loja", sites=[host_address], answers_in=3)
    yield Town(address, host_address, desks, desk)
    for key in list(desks.at_work):
        await desks.close(key)
    for runner in runners:
        await runner.cleanup()


async def _nothing(_: web.Request) -> web.Response:
    return web.Response(status=204)


async def _open(runner: web.AppRunner) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port: int = runner.addresses[0][1]
    return port


Arrive = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def arrive(browser: Browser, town: Town) -> AsyncIterator[Arrive]:
    """A new visitor, or another tab of one (`beside`); afterwards none of them may have seen an error."""
    visitors: list[Visitor] = []

    async def make(*, beside: Visitor | None = None, **options: Any) -> Visitor:
        context: BrowserContext = beside.page.context if beside else await browser.new_context(**options)
        visitors.append(Visitor(town, await context.new_page()))
        return visitors[-1]

    yield make
    for visitor in visitors:
        await visitor.close()


# --- talking


async def test_a_visitor_and_an_agent_talk(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await expect(visitor.panel.locator("#state")).to_have_text("Costumamos responder em 3 minutos")
    await visitor.stored("Oi! O casaco verde tem no tamanho 36?")
    await town.desk.read(town.peer)
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Lida")
    await town.desk.type(town.peer, True)
    await expect(visitor.panel.get_by_text("Ana Souza está escrevendo")).to_be_visible()
    reply = await town.desk.answer(town.peer, "Tem sim! Veja https://loja.example/casaco.")
    await expect(visitor.panel.locator(".by").last).to_contain_text("Ana Souza")
    await expect(visitor.panel.locator(".dots")).to_have_count(0)
    link = visitor.bubble("Tem sim!").get_by_role("link")
    await expect(link).to_have_attribute("href", "https://loja.example/casaco")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert town.desk.messages[reply.id].delivery is Delivery.READ


async def test_what_is_written_is_never_taken_for_html(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("<img src=x onerror=alert(1)>")
    await town.desk.answer(town.peer, "<b>javascript:alert(1)</b> https://a.example/\"onload='x'", name="<i>Ana</i>")
    await expect(visitor.bubble("<img src=x onerror=alert(1)>")).to_be_visible()
    await expect(visitor.panel.get_by_text("<i>Ana</i>")).to_be_visible()
    await expect(visitor.panel.locator(".bubble :is(img, b, i)")).to_have_count(0)
    assert await visitor.panel.locator(".bubble a").evaluate_all("all => all.map(a => a.href)") == [
        "https://a.example/"
    ]


async def test_the_agent_sees_that_the_visitor_types(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await visitor.field.press_sequentially("Ain")
    await visitor.field.fill("")
    await visitor.stored("Mais uma coisa")
    assert town.desk.typed == [(town.peer, True), (town.peer, False), (town.peer, True)]


async def test_a_reply_to_a_closed_panel_is_counted_and_not_read(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await visitor.panel.get_by_role("button", name="Fechar o chat").click()
    reply = await town.desk.answer(town.peer, "Olá!")
    await expect(visitor.button).to_have_accessible_name("Abrir o chat (1 mensagem nova)")
    assert town.desk.messages[reply.id].delivery is Delivery.DELIVERED
    await visitor.open()
    await expect(visitor.bubble("Olá!")).to_be_visible()
    await expect(visitor.button).to_be_hidden()
    assert town.desk.messages[reply.id].delivery is Delivery.READ


async def test_who_leaves_an_address_leaves_a_claim(town: Town, arrive: Arrive) -> None:
    town.desk.online = False
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    form = visitor.panel.locator("#claim")
    await form.get_by_label("Seu nome").fill("Maria")
    await form.get_by_label("Seu e-mail").fill("maria@nada")
    await form.get_by_role("button", name="Salvar").click()
    await expect(form.get_by_role("alert")).to_contain_text("Confira o endereço")
    await form.get_by_label("Seu e-mail").fill("maria@example.com")
    await form.get_by_role("button", name="Salvar").click()
    await expect(visitor.panel.get_by_text("Anotado!")).to_be_visible()
    assert [(name, claims) for _, name, claims in town.desk.claims] == [("Maria", (("email", "maria@example.com"),))]


async def test_who_does_not_want_to_leave_an_address_is_not_asked_again(town: Town, arrive: Arrive) -> None:
    town.desk.online = False
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await visitor.panel.get_by_role("button", name="Agora não").click()
    await visitor.page.reload()
    await expect(visitor.mine("Oi!")).to_be_visible()
    await expect(visitor.panel.locator("#claim")).to_have_count(0)


async def alone(visitor: Visitor, minutes: str) -> None:
    """So much time passes at the visitor's."""
    await visitor.page.clock.fast_forward(minutes)


async def test_while_somebody_is_here_one_is_asked_after_two_minutes_without_an_answer(
    town: Town, arrive: Arrive
) -> None:
    visitor = await arrive()
    await visitor.page.clock.install()
    await (await visitor.visit()).open()
    await visitor.stored("Oi!")
    await town.desk.answer(town.peer, "Recebemos sua mensagem.", author=RULE)
    await visitor.stored("Tem alguém aí?")
    await alone(visitor, "01:30")
    await expect(visitor.bubble("Recebemos")).to_be_visible()
    await expect(visitor.panel.locator("#claim")).to_have_count(0)
    await alone(visitor, "00:31")
    form = visitor.panel.locator("#claim")
    await expect(form).to_contain_text("Se precisar sair, a gente também responde por e-mail.")
    await form.get_by_label("Seu e-mail").fill("maria@exa")
    await town.desk.answer(town.peer, "Oi, Maria!")
    await expect(visitor.bubble("Oi, Maria!")).to_be_visible()
    await expect(form.get_by_label("Seu e-mail")).to_have_value("maria@exa")


async def test_who_is_answered_is_not_asked(town: Town, arrive: Arrive) -> None:
    visitor = await arrive()
    await visitor.page.clock.install()
    await (await visitor.visit()).open()
    await visitor.stored("Oi!")
    await town.desk.answer(town.peer, "Olá!")
    await expect(visitor.bubble("Olá!")).to_be_visible()
    await alone(visitor, "10:00")
    await visitor.stored("Obrigada!")
    await expect(visitor.panel.locator("#claim")).to_have_count(0)


async def test_when_the_last_one_leaves_one_is_asked_at_once(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await expect(visitor.panel.locator("#claim")).to_have_count(0)
    town.desk.online = False
    town.desk.clock.at += timedelta(seconds=ATTENDED_S)
    await visitor.stored("Tem alguém aí?")
    await expect(visitor.panel.locator("#claim")).to_contain_text("Deixe seu e-mail")
    await expect(visitor.panel.locator("#state")).to_contain_text("não tem ninguém")


# --- what lasts


async def test_a_reload_keeps_the_history_the_draft_and_the_open_panel(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await town.desk.answer(town.peer, "Olá!")
    await visitor.field.fill("meio escrito")
    await visitor.page.wait_for_function("() => localStorage['balcao:loja']?.includes('meio escrito')")
    await visitor.page.reload()
    await expect(visitor.mine("Oi!")).to_be_visible()
    await expect(visitor.bubble("Olá!")).to_be_visible()
    await expect(visitor.field).to_have_value("meio escrito")
    await expect(visitor.field).not_to_be_focused()


async def test_the_browser_keeps_nothing_of_the_hubs_own(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    frame = await (await visitor.page.locator("balcao-chat iframe").element_handle()).content_frame()
    # The block is at work: the hub's page could keep nothing even if it tried.
    assert await frame.evaluate("document.cookie = 'a=1; SameSite=None; Secure', document.cookie") == ""
    with pytest.raises(Error, match="Access is denied"):
        await frame.evaluate("localStorage.length")
    assert await visitor.page.context.cookies() == []
    kept = json.loads(await visitor.page.evaluate("localStorage['balcao:loja']"))
    assert len(kept["token"]) >= 22
    assert kept["waiting"] == []


async def test_a_message_written_without_a_network_waits_over_a_reload_and_is_sent_once(
    town: Town, arrive: Arrive
) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    await visitor.page.context.set_offline(True)
    await visitor.say("Ainda está aí?")
    await expect(visitor.panel.get_by_text("Sem conexão. Sua mensagem será enviada")).to_be_visible()
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Esperando a conexão")
    assert town.desk.texts == ["Oi!"]
    await visitor.page.context.set_offline(False)
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Enviada")
    await visitor.page.reload()
    await expect(visitor.bubble("Ainda está aí?")).to_have_count(1)
    assert town.desk.texts == ["Oi!", "Ainda está aí?"]


async def test_a_message_that_the_hub_could_not_take_waits_over_a_reload(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    town.desk.is_busy = True
    await visitor.say("E agora?")
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Um instante")
    await visitor.page.reload()
    await expect(visitor.bubble("E agora?")).to_be_visible()
    town.desk.is_busy = False
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Enviada", timeout=8_000)
    assert town.desk.texts == ["Oi!", "E agora?"]


async def test_a_message_that_is_refused_says_so_and_can_be_sent_again(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    town.desk.trouble = Invalid("too_odd", "This cannot be read.")
    await visitor.say("Estranho")
    await expect(visitor.panel.locator(".mark.failed")).to_contain_text("Não enviada.")
    await visitor.panel.get_by_role("button", name="Tentar de novo").click()
    await expect(visitor.panel.locator(".mark.failed")).to_have_count(0)
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Enviada")
    assert town.desk.texts == ["Oi!", "Estranho"]


async def test_a_widget_that_restarts_is_found_again(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    _, channel = town.desks.at_work["loja"]
    await channel.stop()
    await channel.start(town.desk)
    await visitor.stored("Ainda aqui")
    assert town.desk.texts == ["Oi!", "Ainda aqui"]


async def test_two_tabs_are_one_visitor(town: Town, arrive: Arrive) -> None:
    one = await (await (await arrive()).visit()).open()
    two = await (await (await arrive(beside=one)).visit()).open()
    await one.stored("Da primeira")
    await two.stored("Da segunda")
    assert {each.peer for each in town.desk.messages.values()} == {town.peer}
    await town.desk.answer(town.peer, "Para as duas")
    for tab in (one, two):
        await expect(tab.bubble("Para as duas")).to_be_visible()
    await two.page.reload()
    await expect(two.bubble("Da primeira")).to_be_visible()


# --- where it may stand, and who it listens to


async def test_a_site_that_is_not_listed_shows_no_button(town: Town, arrive: Arrive) -> None:
    visitor = await arrive()
    await town.desks.close("loja")
    await town.desks.open("loja", sites=["https://another.example"])
    async with visitor.page.expect_console_message(lambda note: "not among those" in note.text):
        await visitor.page.goto(f"{town.host}/?page=pt&attribute=")
    await expect(visitor.button).to_have_count(0)
    visitor.faults.clear()


async def test_other_windows_cannot_speak_to_the_panel(town: Town, arrive: Arrive) -> None:
    visitor = await (await (await arrive()).visit()).open()
    await visitor.stored("Oi!")
    frame = await (await visitor.page.locator("balcao-chat iframe").element_handle()).content_frame()
    await frame.evaluate("postMessage({balcao: 'token', token: 'x'.repeat(27)}, '*')")
    await visitor.page.evaluate("postMessage({balcao: 'token', token: 'y'.repeat(27)}, '*')")
    await visitor.stored("Sou eu ainda")
    assert {each.peer for each in town.desk.messages.values()} == {town.peer}


# --- for everybody


async def test_everything_can_be_done_by_keyboard(town: Town, arrive: Arrive) -> None:
    visitor = await (await arrive()).visit()
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.button).to_be_focused()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.field).to_be_focused()
    await visitor.page.keyboard.type("uma linha")
    await visitor.page.keyboard.press("Shift+Enter")
    await visitor.page.keyboard.type("outra linha")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.panel.locator(".mark").last).to_contain_text("Enviada")
    assert town.desk.texts == ["uma linha\noutra linha"]
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.panel.locator("#log")).to_be_hidden()
    await expect(visitor.button).to_be_focused()
    await visitor.page.keyboard.press("Space")
    await expect(visitor.field).to_be_focused()


@pytest.mark.parametrize(
    ("page", "attribute", "locale", "title"),
    [
        ("pt", "", "en-GB", "Fale com a gente"),
        ("en-US", "", "pt-BR", "Talk to us"),
        ("pt", "data-language=en", "pt-BR", "Talk to us"),
        ("fr", "", "pt-PT", "Fale com a gente"),
        ("fr", "", "fr", "Fale com a gente"),
    ],
)
async def test_the_language_is_the_tags_else_the_pages_else_the_browsers_else_the_companys(
    arrive: Arrive, page: str, attribute: str, locale: str, title: str
) -> None:
    visitor = await (await (await arrive(locale=locale)).visit(page, attribute)).open()
    await expect(visitor.panel.get_by_role("heading")).to_have_text(title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_axe_finds_nothing(town: Town, arrive: Arrive, scheme: str, language: str) -> None:
    town.desk.online = False
    visitor = await arrive(color_scheme=scheme, bypass_csp=True)
    await (await visitor.visit(language)).open()
    await visitor.say("Oi!")
    await expect(visitor.panel.locator("#claim")).to_be_visible()
    await town.desk.answer(town.peer, "Veja https://loja.example")
    await town.desk.type(town.peer, True)
    await expect(visitor.panel.locator(".dots")).to_be_visible()
    frame = await (await visitor.page.locator("balcao-chat iframe").element_handle()).content_frame()
    for part in (frame, visitor.page.main_frame):
        await part.evaluate(AXE.read_text("utf-8"))
        found = await part.evaluate("axe.run({ iframes: false })")
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []


async def test_on_a_narrow_screen_the_panel_fills_it(town: Town, arrive: Arrive) -> None:
    visitor = await arrive(viewport={"width": 360, "height": 640})
    await (await visitor.visit()).open()
    await visitor.stored("Umapalavrasemespaçosquevaialémdatela" * 4)
    box = await visitor.page.locator("balcao-chat iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    frame = await (await visitor.page.locator("balcao-chat iframe").element_handle()).content_frame()
    assert await frame.evaluate("document.documentElement.scrollWidth") == 360
    assert await visitor.panel.locator("#log").evaluate("log => log.scrollWidth <= log.clientWidth")


async def test_the_site_around_it_stays_as_it_was(arrive: Arrive) -> None:
    visitor = await (await arrive()).visit()
    added = await visitor.page.evaluate(
        "[[...document.body.children].map(one => one.localName), document.querySelectorAll('style, link').length]"
    )
    assert added == [["main", "script", "balcao-chat"], 0]
    assert await visitor.page.evaluate("Object.keys(window.Balcao).sort()") == ["close", "open"]
    await visitor.page.evaluate("Balcao.open()")
    await expect(visitor.field).to_be_focused()
    await visitor.page.evaluate("Balcao.close()")
    await expect(visitor.button).to_be_visible()


# --- how much it weighs


async def test_before_it_is_opened_it_weighs_less_than_15_kb(town: Town, arrive: Arrive) -> None:
    """Of a visitor who has been here before, which is the heavier case: the page is loaded to count what is new."""
    before = await (await (await arrive()).visit()).open()
    await before.stored("Oi!")
    await town.desk.answer(town.peer, "Até logo!")
    now = await arrive(storage_state=await before.page.context.storage_state())  # with an empty cache
    loaded: set[str] = set()
    now.page.on("response", lambda response: loaded.add(response.url))
    await before.page.goto("about:blank")
    await town.desk.answer(town.peer, "Olá!")
    await now.visit()
    await expect(now.button).to_have_accessible_name("Abrir o chat (1 mensagem nova)")
    names = {url.partition("?")[0].removeprefix(town.hub) for url in loaded if url.startswith(town.hub)}
    assert {"/widget.js", "/widget/loja", "/widget/loja/button", "/static/widget/talk.js"} <= names
    bodies = [await (await now.page.context.request.get(town.hub + name)).body() for name in names]
    assert sum(len(gzip.compress(body, 9)) for body in bodies) < 15_000


def test_the_whole_widget_is_small_too() -> None:
    files = [file for file in FILES.iterdir() if file.is_file()]
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) < 20_000

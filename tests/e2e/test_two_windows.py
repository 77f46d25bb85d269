"""A customer in one window, agents in the others, and the whole hub in between."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import FrameLocator, Locator, Page, Route, WebSocketRoute, expect

from hub.app import Hub
from hub.inbox.setup import new_setup_link
from tests.e2e.conftest import OWNER, Counter, Open
from tests.e2e.desk import BRUNO, keeps_the_rules

pytestmark = pytest.mark.browser

ONE_CONVERSATION = re.compile(r"/api/conversations/\w+$")
Enter = Callable[..., Awaitable[Page]]


@pytest.fixture
async def enter(counter: Counter, window: Open) -> Enter:
    """Somebody who has signed in, before the list of all conversations."""

    async def sign_in(who: dict[str, str] = OWNER, language: str = "pt-BR", **options: Any) -> Page:
        hub = counter.hub.public_url
        page = await window(locale=language, **options)
        body = {"email": who["email"], "password": who["password"]}
        signed_in = await page.request.post(f"{hub}/api/session", data=body, headers={"Origin": hub})
        assert signed_in.ok
        await page.goto(f"{hub}/inbox/all")
        await expect(page.locator(".views a[aria-current]")).to_be_visible()
        return page

    return sign_in


@pytest.fixture
async def visitor(counter: Counter, window: Open) -> Page:
    """A customer at the shop, the chat open."""
    return await visit(counter, window)


async def visit(counter: Counter, window: Open) -> Page:
    page = await window()
    await page.goto(counter.host)
    await page.locator("balcao-chat button").click()
    return page


def panel(page: Page) -> FrameLocator:
    return page.frame_locator("balcao-chat iframe")


async def say(page: Page, text: str) -> None:
    await panel(page).locator("textarea").fill(text)
    await panel(page).locator("textarea").press("Enter")
    await expect(panel(page).locator(".mark").last).to_contain_text("Enviada")


async def heard(page: Page, *, answers: int) -> None:
    """The greeting stands before them."""
    await expect(panel(page).locator(".theirs")).to_have_count(1 + answers)


async def go_to_first(page: Page) -> None:
    """By the keyboard; what was said may still be on its way."""
    await page.locator(".item").first.wait_for()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"/inbox/\w+/\d+$"))


async def open_first(page: Page) -> Locator:
    await go_to_first(page)
    await expect(page.locator(".stream .msg").first).to_be_visible()
    return page.locator(".stream")


async def answer(page: Page, text: str, *, key: str = "r") -> None:
    await page.keyboard.press(key)
    await page.keyboard.type(text)
    await page.keyboard.press("Control+Enter")


@asynccontextmanager
async def slow(page: Page):
    """The hub takes its time to bring one conversation: until the end of the block, and then no more."""
    gate = asyncio.Event()

    async def later(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route(ONE_CONVERSATION, later)
    yield
    gate.set()
    await expect(page.locator(".stream .msg").first).to_be_visible()


# --- coming in


async def test_the_printed_link_opens_a_company_of_ones_own(fresh: Hub, window: Open) -> None:
    page = await window(locale="pt-BR", timezone_id="America/Recife")
    await page.goto(await new_setup_link(fresh.house) or "")
    form = page.get_by_role("form")
    for label, words in {"Empresa": "Padaria Sol", "Nome": "Dora", "E-mail": "dora@sol.example"}.items():
        await form.get_by_label(label, exact=True).fill(words)
    await form.locator("input[type=password]").fill("three plain words")
    await form.get_by_role("button", name="Abrir").click()
    await page.wait_for_url("**/inbox/**")
    await expect(page.get_by_role("link", name="Adicionar o chat ao site")).to_be_visible()
    assert fresh.house.company().time_zone == "America/Recife"


async def test_without_the_link_a_fresh_hub_shows_where_to_find_it(fresh: Hub, window: Open) -> None:
    page = await window(locale="en")
    await page.goto(fresh.public_url)
    await expect(page.get_by_text("Open the one-time link that it printed")).to_be_visible()
    await expect(page.get_by_role("form")).to_have_count(0)


async def test_one_can_look_around_first_and_nothing_of_it_stays(fresh: Hub, window: Open) -> None:
    page = await window(locale="en")
    await page.goto(await new_setup_link(fresh.house) or "")
    await page.get_by_role("button", name="Look around").click()
    await expect(page.get_by_text("This is a demo company")).to_be_visible(timeout=30_000)
    await page.goto(f"{fresh.public_url}/inbox/all")
    await expect(page.locator(".item").nth(5)).to_be_visible()
    await page.get_by_role("button", name="End the demo").click()
    await expect(page.get_by_role("button", name="Open the inbox")).to_be_visible(timeout=30_000)
    assert (fresh.in_demo, fresh.house.company()) == (False, None)


async def test_one_signs_in_with_the_right_password_only_and_out_again(counter: Counter, window: Open) -> None:
    page = await window(locale="pt-BR")
    await page.goto(f"{counter.hub.public_url}/inbox/mine")
    await page.get_by_label("E-mail").fill(OWNER["email"])
    for password, after in (
        ("four wrong words here", page.get_by_role("alert")),
        (OWNER["password"], page.locator(".list")),
    ):
        await page.locator("input[type=password]").fill(password)
        await page.keyboard.press("Enter")
        await expect(after).to_be_visible()
    await page.get_by_role("button", name="Perfil de Ana Souza").click()
    await page.get_by_role("menuitem", name="Sair").click()
    await expect(page.locator("input[type=password]")).to_be_visible()
    await expect(page.locator(".list")).to_have_count(0)


# --- talking


async def test_a_talk_goes_both_ways(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "Oi! O casaco verde tem no tamanho 36?")
    stream = await open_first(ana)
    await expect(stream).to_contain_text("O casaco verde tem")
    await answer(ana, "Tem sim, quer que eu separe?")
    await ana.get_by_role("button", name="Enviar agora").click()
    await expect(panel(visitor).locator(".theirs").last).to_contain_text("quer que eu separe")
    await say(visitor, "Quero!")
    await expect(stream).to_contain_text("Quero!")


async def test_a_reply_undone_in_time_is_never_seen(counter: Counter, enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "Oi!")
    await open_first(ana)
    await answer(ana, "Bom dia, Maria!")
    await ana.get_by_role("button", name="Desfazer").click()
    await expect(ana.locator(".composer textarea")).to_have_value("Bom dia, Maria!")
    await asyncio.sleep(counter.hub.house.undo_s + 1)
    talk = await counter.conversation()
    assert [each["message"]["text"] for each in talk["entries"] if each["type"] == "message"] == ["Oi!"]
    assert talk["conversation"]["assignee"] is None
    await heard(visitor, answers=0)


async def test_who_takes_by_answering_is_said_before_the_answer(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    answered = asyncio.Event()

    held: list[Callable[[], None]] = []

    def later(socket: WebSocketRoute) -> None:
        """The line is slower than the answer to the page's own question."""

        def pass_on(frame: str | bytes) -> None:
            if answered.is_set() or not (held or "conversation.assigned" in str(frame)):
                socket.send(frame)
            else:
                held.append(lambda: socket.send(frame))

        socket.connect_to_server().on_message(pass_on)

    await ana.route_web_socket("**/api/live*", later)
    await ana.reload()
    await say(visitor, "Oi!")
    stream = await open_first(ana)
    await answer(ana, "Bom dia!")
    await expect(stream.locator(".msg.out:not(.pending)")).to_be_visible()
    answered.set()
    for send in held:
        send()
    for _ in ("live", "loaded anew"):
        await expect(stream.locator(".happening:has(+ .msg.out)")).to_contain_text("Você assumiu a conversa")
        await expect(stream.locator(".msg.out ~ .happening")).to_have_count(0)
        await ana.reload()


async def test_colleagues_see_one_another_act(counter: Counter, enter: Enter, visitor: Page) -> None:
    await counter.ask("POST", "/api/users", **BRUNO)
    ana, bruno = await enter(), await enter(BRUNO)
    await say(visitor, "Oi!")
    at_anas, at_brunos = await open_first(ana), await open_first(bruno)
    await expect(ana.locator(".head .others")).to_contain_text("Bruno")
    await ana.keyboard.press("t")
    await expect(at_brunos).to_contain_text("Ana Souza assumiu a conversa")
    await answer(bruno, "Cliente antiga, cuidado com o frete.", key="n")
    await expect(at_anas.locator(".msg.note")).to_contain_text("cuidado com o frete")
    await ana.keyboard.press("a")
    await ana.keyboard.type("bruno")
    await ana.keyboard.press("Enter")
    await expect(at_brunos).to_contain_text("Ana Souza repassou para você")
    await ana.keyboard.press("e")
    await expect(at_brunos).to_contain_text("Ana Souza resolveu a conversa")
    await expect(ana.get_by_role("button", name="Reabrir")).to_be_visible()
    await ana.keyboard.press("e")
    await expect(at_brunos).to_contain_text("Ana Souza reabriu a conversa")
    await heard(visitor, answers=0)  # notes are ours


async def test_nobody_answers_past_a_colleague(counter: Counter, enter: Enter, visitor: Page) -> None:
    await counter.ask("POST", "/api/users", **BRUNO)
    bruno = await enter(BRUNO)
    await say(visitor, "Oi!")
    stream = await open_first(bruno)
    await bruno.keyboard.press("r")
    await bruno.keyboard.type("Eu respondo!")
    await counter.reply("Já respondi.")
    await say(visitor, "Obrigada!")
    await expect(stream).to_contain_text("Obrigada!")
    await bruno.keyboard.press("Control+Enter")
    await expect(bruno.get_by_role("alert")).to_contain_text(re.compile(r"Ana Souza respondeu às \d+:\d\d"))
    await expect(bruno.locator(".composer textarea")).to_have_value("Eu respondo!")
    await heard(visitor, answers=1)
    await bruno.get_by_role("button", name="Enviar mesmo assim").click()
    await bruno.get_by_role("button", name="Enviar agora").click()
    await expect(panel(visitor).locator(".theirs").last).to_contain_text("Eu respondo!")


async def test_a_cut_line_catches_up(counter: Counter, window: Open, enter: Enter, visitor: Page) -> None:
    lines: list[WebSocketRoute] = []
    cut = asyncio.Event()

    async def line(socket: WebSocketRoute) -> None:
        if cut.is_set():
            await socket.close()
        else:
            socket.connect_to_server()
            lines.append(socket)

    ana = await enter()
    await ana.route_web_socket("**/api/live*", line)
    await ana.reload()
    await say(visitor, "primeira")
    stream = await open_first(ana)
    cut.set()
    for each in lines:
        await each.close()
    await expect(ana.locator(".connection.cut")).to_be_visible()
    await say(visitor, "segunda, enquanto a rede caiu")
    await expect(stream).not_to_contain_text("segunda")
    cut.clear()
    await expect(stream).to_contain_text("segunda, enquanto", timeout=20_000)
    await expect(ana.locator(".connection.cut")).to_have_count(0)


async def test_a_stranger_who_types_a_known_address_sees_nothing_of_that_customer(
    counter: Counter, visitor: Page, window: Open
) -> None:
    await say(visitor, "meu pedido secreto é o 48213")
    await leave_address(visitor, "maria@ufpe.example")
    stranger = await visit(counter, window)
    await say(stranger, "sou a Maria")
    await leave_address(stranger, "maria@ufpe.example")
    await stranger.reload()
    await expect(panel(stranger).locator(".mine")).to_have_count(1)
    assert "48213" not in await panel(stranger).locator("body").inner_text()


async def leave_address(page: Page, address: str) -> None:
    form = panel(page).locator("#claim")
    await form.get_by_label("Seu e-mail").fill(address)
    await form.get_by_role("button", name="Salvar").click()
    await expect(panel(page).get_by_text("Anotado!")).to_be_visible()


# --- keys, before their conversation is there


async def test_a_reply_can_be_begun_while_the_conversation_is_on_its_way(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "Oi!")
    async with slow(ana):
        await go_to_first(ana)
        await ana.keyboard.press("r")
        await ana.keyboard.type("Até terça, tá?")
        await expect(ana.locator(".composer textarea")).to_have_value("Até terça, tá?")
    await ana.keyboard.type(" Até!")
    await expect(ana.locator(".composer textarea")).to_have_value("Até terça, tá? Até!")


async def test_what_happens_while_a_conversation_is_on_its_way_is_not_missed(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "primeira")
    brought: list[Route] = []

    async def old_news(route: Route) -> None:
        answer = await route.fetch()
        if not brought:
            await say(visitor, "segunda")
            await say(visitor, "terceira")
            await expect(ana.locator(".item")).to_contain_text("terceira")
        brought.append(route)
        await route.fulfill(response=answer)

    await ana.locator(".item").first.wait_for()
    await ana.route(ONE_CONVERSATION, old_news)
    await expect((await open_first(ana)).locator(".msg .text")).to_have_text(["primeira", "segunda", "terceira"])


async def test_letters_typed_before_anything_is_known_wait_for_the_composer(
    counter: Counter, enter: Enter, visitor: Page
) -> None:
    ana = await enter()
    await say(visitor, "Oi!")
    number = (await counter.conversation())["conversation"]["number"]
    async with slow(ana):
        await ana.goto(f"{counter.hub.public_url}/inbox/mine/{number}")  # a list it does not stand in
        await ana.locator(".opening").wait_for()
        await ana.keyboard.press("n")
        await ana.keyboard.type("Ela gosta de azuk")
        await ana.keyboard.press("Backspace")
    await ana.keyboard.type("l")
    await expect(ana.locator(".composer.note textarea")).to_have_value("Ela gosta de azul")
    row = (await counter.conversation())["conversation"]
    assert (row["assignee"], row["status"]) == (None, "open")


async def test_no_key_acts_on_a_conversation_that_came_after_it(counter: Counter, enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "Oi!")
    async with slow(ana):
        await go_to_first(ana)
        await ana.keyboard.type("take")
        await expect(ana.locator(".menu")).to_have_count(0)
        written = asyncio.create_task(ana.keyboard.type("eeeaaattteee", delay=60))
    await written
    await expect(ana.locator(".menu")).to_have_count(0)
    row = (await counter.conversation())["conversation"]
    assert (row["assignee"], row["status"]) == (None, "open")


async def test_enter_opens_where_j_stands_however_fast(counter: Counter, enter: Enter, window: Open) -> None:
    ana = await enter()
    for text in ("primeira", "segunda", "terceira"):
        await say(await visit(counter, window), text)
    await expect(ana.locator(".item")).to_have_count(3)
    for key in ("j", "j", "j", "k", "Enter"):
        await ana.keyboard.press(key)
    await expect(ana.locator(".stream")).to_contain_text("segunda")


# --- for everybody


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_every_page_keeps_the_rules_of_accessibility(
    counter: Counter, enter: Enter, visitor: Page, language: str
) -> None:
    await say(visitor, "Oi!")
    ana = await enter(language=language)
    pages = {
        "/inbox/resolved": ".empty",
        "/settings/channels": ".page",
        "/settings/people": ".page",
        "/quarantine": ".page",
    }
    await ana.emulate_media(reduced_motion="reduce")
    await open_first(ana)
    await keeps_the_rules(ana, "a conversation")
    await ana.keyboard.press("?")
    await ana.locator("dialog[open]").wait_for()
    await keeps_the_rules(ana, "the list of keys")
    for path, shown in pages.items():
        await ana.goto(f"{counter.hub.public_url}{path}")
        await ana.locator(shown).first.wait_for()
        await keeps_the_rules(ana, path)


async def test_the_first_key_leads_past_the_places_of_the_page(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await ana.keyboard.press("Tab")
    await expect(ana.locator(".skip")).to_be_focused()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#work")).to_be_focused()
    await expect(ana.locator(".list")).to_be_visible()


OVERLAPS = """() => {
  const parts = [...document.querySelectorAll('.conversation > .head > *')].filter(each => each.offsetWidth > 0);
  const [first, ...others] = parts.map(each => each.getBoundingClientRect());
  let right = first.right;
  return others.some(each => { const over = each.left < right - 0.5; right = each.right; return over; });
}"""


async def test_nothing_is_wider_than_the_screen_and_the_title_keeps_its_room(enter: Enter, visitor: Page) -> None:
    ana = await enter()
    await say(visitor, "https://ipe.example/" + "umlinkmuitocomprido" * 12)
    await ana.locator(".item").first.wait_for()
    for opened in (False, True):
        if opened:
            await open_first(ana)
        for width in (360, 390, 768, 1024, 1180, 1280, 1366, 1440):
            await ana.set_viewport_size({"width": width, "height": 800})
            assert await ana.evaluate("document.documentElement.scrollWidth") <= width
            if opened:
                title = await ana.locator(".head .title").bounding_box()
                assert not await ana.evaluate(OVERLAPS), width
                assert title
                assert title["width"] >= 150, width
    await expect(ana.get_by_role("button", name="Resolver", exact=True)).to_be_visible()

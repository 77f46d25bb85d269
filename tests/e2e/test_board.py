"""The board: who waits and for what, who is here, and what a supervisor does about it."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, DAVI, come_in, hire, keeps_the_rules, mentions, publish
from tests.e2e.test_two_windows import say, visit

pytestmark = pytest.mark.browser


async def test_the_board_shows_what_waits_and_hands_it_on(counter: Counter, window: Open) -> None:
    await counter.ask("POST", "/api/skills", name="Atacado")
    await publish(counter, mentions("atacado", require=["atacado:2"]))
    await hire(counter, BRUNO)
    ana = await come_in(counter, window, path="/board")
    await expect(ana.get_by_text("ninguém está aguardando")).to_be_visible()
    await say(await visit(counter, window), "Compro no atacado")
    row = ana.locator(".of-queue tbody tr")
    await expect(row).to_contain_text("Atacado 2")
    await expect(row).to_contain_text("ninguém disponível")
    await expect(ana.locator(".panel.hot .figure")).to_have_text("1")
    await keeps_the_rules(ana, "the board")
    await row.get_by_role("button", name=re.compile("Passar")).press("Enter")
    await ana.keyboard.type("Bruno")
    await ana.keyboard.press("Enter")
    await expect(ana.locator(".of-agents tr").filter(has_text="Bruno Lima")).to_contain_text("2/10")
    given = ana.locator(".toast").filter(has_text="agora com Bruno Lima")
    await given.get_by_role("button", name="Desfazer").click()
    await expect(ana.locator(".of-agents tr").filter(has_text="Bruno Lima")).to_contain_text("0/10")
    await expect(ana.locator(".panel.hot .figure")).to_have_text("1")


async def test_whom_it_would_be_too_much_for_is_said_before_it_is_handed_over(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO, capacity=1)
    await say(await visit(counter, window), "Oi!")
    ana = await come_in(counter, window, path="/board")
    await ana.locator(".of-queue .give button").press("Enter")
    await expect(ana.get_by_role("option", name="Bruno Lima")).to_contain_text("fica com 2 de 1")


async def test_each_number_opens_its_conversations(counter: Counter, window: Open) -> None:
    bruno = await hire(counter, BRUNO)
    await hire(counter, DAVI)
    for text in ("primeira", "segunda"):
        await say(await visit(counter, window), text)
    rows = (await counter.ask("GET", "/api/conversations?view=waiting"))["items"]
    await counter.ask("POST", f"/api/conversations/{rows[0]['id']}/assign", assignee=bruno)
    ana = await come_in(counter, window, path="/board")
    await ana.locator(".of-agents tr").filter(has_text="Bruno Lima").get_by_role("link").click()
    await expect(ana.locator(".narrowed")).to_contain_text("Bruno Lima")
    await expect(ana.locator(".item")).to_have_count(1)
    await ana.locator(".narrowed").get_by_role("link", name="Mostrar todas").click()
    await expect(ana.locator(".item")).to_have_count(2)


async def test_a_narrowed_list_outlasts_a_reload_and_goes_with_its_address(counter: Counter, window: Open) -> None:
    await counter.ask("POST", "/api/teams", name="Vendas")
    await publish(counter, mentions("rede", team="vendas"))
    for text in ("Quero uma rede", "Outra coisa"):
        await say(await visit(counter, window), text)
    ana = await come_in(counter, window, path="/board")
    await ana.get_by_role("link", name=re.compile("^Vendas, ")).click()
    await expect(ana.locator(".item")).to_have_count(1)
    await ana.locator(".item").click()
    await expect(ana.locator(".stream")).to_contain_text("Quero uma rede")
    await ana.reload()
    await expect(ana.locator(".narrowed")).to_contain_text("Somente: Vendas")
    await expect(ana.locator(".item")).to_have_count(1)
    beside = await ana.context.new_page()
    await beside.goto(ana.url)
    await expect(beside.locator(".stream")).to_contain_text("Quero uma rede")
    await expect(beside.locator(".item")).to_have_count(1)
    await ana.locator(".views a.waiting").click()
    await expect(ana.locator(".item")).to_have_count(2)
    await expect(ana.locator(".narrowed")).to_have_count(0)
    await ana.go_back()
    await expect(ana.locator(".narrowed")).to_contain_text("Vendas")
    await expect(ana.locator(".item")).to_have_count(1)
    await ana.go_forward()
    await expect(ana.locator(".item")).to_have_count(2)


@pytest.mark.parametrize("narrow", ["team=nada", "channel=nada", "agent=nada", f"team={'x' * 900}"])
async def test_an_address_of_nothing_says_so_and_shows_the_way_out(counter: Counter, window: Open, narrow: str) -> None:
    await say(await visit(counter, window), "Oi!")
    ana = await come_in(counter, window, path=f"/inbox/all?{narrow}")
    await expect(ana.locator(".list .empty")).to_contain_text("Este endereço não leva a nada")
    await keeps_the_rules(ana, "an address of nothing")
    await ana.locator(".list .empty").get_by_role("link", name="Mostrar todas").click()
    await expect(ana.locator(".item")).to_have_count(1)


async def test_whoever_knows_no_teams_sees_what_a_link_of_one_shows(counter: Counter, window: Open) -> None:
    await counter.ask("POST", "/api/teams", name="Vendas")
    await publish(counter, mentions("rede", team="vendas"))
    await hire(counter, BRUNO)
    for text in ("Quero uma rede", "Outra coisa"):
        await say(await visit(counter, window), text)
    bruno = await come_in(counter, window, BRUNO, "/inbox/all?team=vendas")
    await expect(bruno.locator(".item")).to_have_count(1)
    await expect(bruno.locator(".narrowed")).to_contain_text("Somente: Vendas")


async def test_a_supervisor_sets_somebodys_state_from_here(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    ana = await come_in(counter, window, path="/board", language="en")
    row = ana.locator(".of-agents tr").filter(has_text="Bruno Lima")
    await row.get_by_role("button", name="Status of Bruno Lima").press("Enter")
    await ana.get_by_role("menuitemradio", name="Busy").press("Enter")
    await expect(row).to_contain_text("busy")


async def test_nothing_is_wider_than_the_screen(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    await say(await visit(counter, window), "Oi!")
    ana = await come_in(counter, window, path="/board")
    await expect(ana.locator(".of-queue tbody tr")).to_have_count(1)
    for width in (360, 768, 1024, 1440):
        await ana.set_viewport_size({"width": width, "height": 800})
        assert await ana.evaluate("document.documentElement.scrollWidth") <= width

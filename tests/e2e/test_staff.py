"""Who can do what, who is in which team and holds how much, and when it is open: the tabs beside the rules."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, come_in, hire, keeps_the_rules

pytestmark = pytest.mark.browser


async def test_levels_are_set_by_keys_and_by_clicks_and_stay(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    ana = await come_in(counter, window, path="/routing/skills")
    await ana.get_by_role("button", name="Adicionar habilidade").click()
    await ana.get_by_label("Nome").fill("Cobrança")
    await ana.keyboard.press("Enter")
    first = ana.get_by_role("gridcell", name=re.compile("Ana Souza, Cobrança"))
    await first.focus()
    await ana.keyboard.press("3")
    await ana.keyboard.press("ArrowDown")
    await ana.keyboard.press("5")
    await expect(first).to_have_accessible_name("Ana Souza, Cobrança: nível 3 de 5")
    bruno = ana.get_by_role("gridcell", name=re.compile("Bruno Lima, Cobrança"))
    await expect(bruno).to_have_accessible_name("Bruno Lima, Cobrança: nível 5 de 5")
    async with ana.expect_response(lambda answer: '"cobranca":2' in (answer.request.post_data or "")):
        await bruno.locator("[data-bar='2']").click()
    await expect(ana.get_by_text("2 pessoas")).to_be_visible()
    await keeps_the_rules(ana, "skills")
    await ana.reload()
    await expect(bruno).to_have_accessible_name("Bruno Lima, Cobrança: nível 2 de 5")


async def test_a_team_is_made_filled_and_given_a_capacity(counter: Counter, window: Open) -> None:
    id = await hire(counter, BRUNO)
    ana = await come_in(counter, window, path="/routing/teams", language="en")
    await ana.get_by_role("button", name="Add team").click()
    await ana.get_by_label("Name").fill("Billing")
    await ana.keyboard.press("Enter")
    await ana.get_by_label("How it is given").select_option(label="Offered: they accept or decline")
    await ana.get_by_role("button", name="Add person").click()
    await ana.keyboard.type("Bruno")
    await ana.keyboard.press("Enter")
    capacity = ana.get_by_label("Capacity of Bruno Lima")
    await capacity.fill("6")
    async with ana.expect_response(lambda answer: '"capacity":6' in (answer.request.post_data or "")):
        await capacity.press("Tab")
    await expect(ana.locator(".card-head").first).to_contain_text("1 person")
    await expect(ana.locator(".card-head").first).to_contain_text("Offered")
    await keeps_the_rules(ana, "teams")
    known = (await counter.ask("GET", "/api/routing"))["agents"]
    assert [(each["teams"], each["capacity"]) for each in known if each["id"] == id] == [(["billing"], 6)]


async def test_opening_hours_say_what_they_mean_now(counter: Counter, window: Open) -> None:
    week = {str(day): [{"start": 0, "end": 1440}] for day in range(1, 8)}
    await counter.ask("POST", "/api/hours", name="Loja", time_zone="America/Recife", week=week, holidays=[])
    ana = await come_in(counter, window, path="/routing/hours")
    head = ana.get_by_role("button", name=re.compile("Loja"))
    await expect(head).to_contain_text("aberto agora")
    await head.click()
    for day in ("segunda", "terça", "quarta", "quinta", "sexta"):
        await ana.get_by_role("button", name=f"{day}-feira: remover estas horas").click()
    await ana.get_by_role("button", name="sábado: remover estas horas").click()
    await ana.get_by_role("button", name="domingo: remover estas horas").click()
    await ana.get_by_role("button", name="Salvar").click()
    await expect(head).to_contain_text("fechado agora")
    await ana.get_by_role("button", name="Usar como o da empresa").click()
    await expect(head).to_contain_text("da empresa")
    await keeps_the_rules(ana, "hours")

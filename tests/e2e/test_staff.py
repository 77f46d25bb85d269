"""Who can do what, who is in which team and holds how much, and when it is open: the tabs beside the rules."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, come_in, hire, keeps_the_rules, mentions, publish

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
    await expect(first).to_have_accessible_name("Ana Souza, Cobrança: nível 3 de 5, atende sem ajuda")
    bruno = ana.get_by_role("gridcell", name=re.compile("Bruno Lima, Cobrança"))
    await expect(bruno).to_have_accessible_name("Bruno Lima, Cobrança: nível 5 de 5, ensina os outros")
    async with ana.expect_response(lambda answer: '"cobranca":2' in (answer.request.post_data or "")):
        await bruno.locator("[data-bar='2']").click()
    await expect(ana.get_by_text("2 pessoas")).to_be_visible()
    await expect(ana.get_by_role("list", name="O que cada nível significa")).to_contain_text("3 atende sem ajuda")
    await keeps_the_rules(ana, "skills")
    await ana.reload()
    await expect(bruno).to_have_accessible_name("Bruno Lima, Cobrança: nível 2 de 5, atende com ajuda")


async def test_a_language_has_its_capital_where_it_stands_alone_and_not_in_a_sentence(
    counter: Counter, window: Open
) -> None:
    await counter.ask("POST", "/api/skills", name="lang-es")
    await publish(counter, mentions("hola", require=["lang-es:2"]))
    ana = await come_in(counter, window, path="/routing/skills")
    await expect(ana.locator(".skill-head b")).to_have_text(["Espanhol"])
    await expect(ana.get_by_role("gridcell", name="Ana Souza, Espanhol: não tem")).to_be_visible()
    await ana.get_by_role("link", name="Regras").click()
    await expect(ana.locator(".sentence")).to_contain_text("exigir espanhol 2")
    await ana.get_by_role("button", name="About hola", exact=True).click()
    level = ana.get_by_role("slider", name="Nível mínimo de Espanhol")
    await expect(level).to_have_attribute("aria-valuetext", "2 de 5, atende com ajuda")
    await expect(level).to_have_attribute("title", "Nível mínimo de Espanhol: nível 2, atende com ajuda")
    await ana.get_by_role("button", name="Não pedir Espanhol").click()
    await ana.get_by_role("button", name="Exigir uma habilidade").click()
    await expect(ana.get_by_role("listbox").get_by_role("option")).to_have_text([re.compile("^Espanhol")])


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


async def test_what_holds_everywhere_is_said_in_minutes_and_kept_when_it_is_left(
    counter: Counter, window: Open
) -> None:
    await counter.ask("POST", "/api/hours", name="Shop", time_zone="America/Recife", week={}, holidays=[])
    ana = await come_in(counter, window, path="/routing/teams", language="en")
    await ana.get_by_role("button", name="What holds everywhere").click()
    silent = ana.get_by_label("A silent chat keeps its place for")
    await expect(silent).to_have_value("10")
    await expect(silent).to_have_accessible_description(re.compile("^minutes While the customer does not answer"))
    await silent.fill("5")
    async with ana.expect_response(lambda answer: '"idle_s":300' in (answer.request.post_data or "")):
        await silent.press("Tab")
    await expect(ana.get_by_text("Saved", exact=True)).to_be_visible()
    async with ana.expect_response(lambda answer: '"widget":3' in (answer.request.post_data or "")):
        await ana.get_by_label("Site chat").fill("3")
        await ana.get_by_label("Site chat").press("Enter")
    async with ana.expect_response(lambda answer: '"hours":"shop"' in (answer.request.post_data or "")):
        await ana.get_by_label("Opening hours of the company").select_option(label="Shop")
    await keeps_the_rules(ana, "what holds everywhere")
    settings = (await counter.ask("GET", "/api/routing"))["settings"]
    assert (settings["idle_s"], settings["weights"]["widget"], settings["hours"]) == (300, 3, "shop")
    await counter.ask("PATCH", "/api/routing/settings", idle_s=45)  # by a program, to the second
    await expect(silent).to_have_value("45")
    await expect(silent).to_have_accessible_description(re.compile("^seconds "))


async def test_a_setting_out_of_its_limits_is_said_at_once_and_one_that_the_hub_refuses_at_its_field(
    counter: Counter, window: Open
) -> None:
    ana = await come_in(counter, window, path="/routing/teams")
    await ana.get_by_role("button", name="O que vale para todos").click()
    offer = ana.get_by_label("Tempo para aceitar uma oferta")
    sent: list[str] = []
    ana.on("request", lambda each: sent.append(each.url) if each.method == "PATCH" else None)
    await offer.fill("4000")
    await expect(offer).to_have_accessible_description(re.compile("Um número inteiro de 5 a 3.600.$"))
    await expect(offer).to_have_attribute("aria-invalid", "true")
    await offer.press("Tab")
    await expect(offer).to_have_value("4000")
    await offer.fill("")
    await offer.press("Tab")
    await expect(offer).to_have_value("30")
    assert sent == []
    hours = await counter.ask("POST", "/api/hours", name="Loja", time_zone="America/Recife", week={}, holidays=[])
    company = ana.get_by_label("Horário da empresa")
    await expect(company.get_by_role("option", name="Loja")).to_be_attached()
    await ana.route("**/api/routing", lambda route: route.abort())  # she does not hear that they are gone
    await counter.ask("DELETE", f"/api/hours/{hours['id']}")
    await company.select_option(label="Loja")
    await expect(company).to_have_accessible_description(re.compile("Esta não é uma das opções que existem.$"))


async def test_an_admin_says_on_the_page_of_people_whether_a_team_is_a_wall(counter: Counter, window: Open) -> None:
    await counter.ask("POST", "/api/users", **{**BRUNO, "role": "supervisor"})
    ana = await come_in(counter, window, path="/settings/people", language="en")
    switch = ana.get_by_role("switch", name="Agents see every team’s conversations")
    await expect(switch).to_be_checked()
    await switch.press("Space")
    await expect(switch).not_to_be_checked()
    await keeps_the_rules(ana, "people")
    assert (await counter.ask("GET", "/api/start"))["company"]["agents_see_all"] is False
    await ana.reload()
    await expect(switch).not_to_be_checked()
    bruno = await come_in(counter, window, BRUNO, path="/settings/people")
    await bruno.wait_for_url(re.compile("/settings/channels|/inbox"))
    await expect(bruno.get_by_role("switch")).to_have_count(0)

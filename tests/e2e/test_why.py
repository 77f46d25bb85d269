"""Why it went to whom, and why it still waits, where agents read it."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, DAVI, come_in, hire, keeps_the_rules, mentions, publish
from tests.e2e.test_two_windows import open_first, say, visit

pytestmark = pytest.mark.browser


async def spanish(counter: Counter, level: int = 3) -> None:
    """Bruno can, Davi cannot, and one rule asks for it."""
    await hire(counter, DAVI)
    await counter.ask("POST", "/api/skills", name="Espanhol")
    await hire(counter, BRUNO, skills={"espanhol": level})
    await publish(counter, mentions("gracias", require=["espanhol:2"]))


async def test_what_waits_says_what_is_missing_and_then_who_got_it_and_why(counter: Counter, window: Open) -> None:
    await spanish(counter)
    await available(await come_in(counter, window, DAVI, "/inbox/mine"))
    ana = await come_in(counter, window)
    await say(await visit(counter, window), "Muchas gracias")
    await expect(ana.locator(".item .chip").filter(has_text="ninguém com Espanhol 2")).to_be_visible()
    await open_first(ana)
    waits = ana.locator(".still-waits")
    await expect(waits).to_contain_text("Aguarda: ninguém disponível tem Espanhol 2")
    await waits.get_by_role("button", name="por quê?").click()
    await expect(waits.locator(".why")).to_contain_text("Regras: “About gracias” · versão 1")
    await come_in(counter, window, BRUNO, "/inbox/mine")
    line = ana.locator(".happening").filter(has_text="Bruno Lima recebeu a conversa: Espanhol 2")
    await expect(line).to_be_visible()
    await expect(waits).to_have_count(0)
    await line.get_by_role("button", name="por quê?").press("Enter")
    chosen = ana.locator(".stream .why li.chosen")
    await expect(chosen).to_contain_text("Bruno Lima")
    await expect(chosen).to_contain_text("10 de 10 unidades livres")
    await keeps_the_rules(ana, "a conversation with its decision")


async def test_who_it_comes_to_reads_it_in_their_language(counter: Counter, window: Open) -> None:
    await spanish(counter, level=2)
    bruno = await come_in(counter, window, BRUNO, "/inbox/mine", language="en")
    await available(bruno)
    await say(await visit(counter, window), "gracias")
    await open_first(bruno)
    await expect(
        bruno.locator(".happening").filter(has_text="It came to you: Espanhol 2, the only one")
    ).to_be_visible()


async def available(page: Page) -> None:
    await expect(page.locator(".rail .me .presence.available")).to_be_visible()

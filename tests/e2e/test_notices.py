"""What is told beside the page while nobody looks at it."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import Counter, Open
from tests.e2e.desk import BRUNO, come_in, hire, keeps_the_rules, offer_all_to
from tests.e2e.test_two_windows import open_first, say, visit

pytestmark = pytest.mark.browser

ITEM = "Avisar com a janela em segundo plano"
# Shown for real; kept besides, since no page can ask what is shown.
RECORD = """(() => {
  window.notices = [];
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options);
      this.over = false;
      this.addEventListener("close", () => (this.over = true));
      window.notices.push(this);
    }
    close() { this.over = true; super.close(); }
  };
})()"""
# A page without a screen is always in front: this says that it is not.
SIGHT = """(sight) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => sight });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHOWN = "notices.filter((each) => !each.over).map((each) => [each.title, each.body, each.tag])"


async def come_to(counter: Counter, window: Open, who: dict[str, str] = BRUNO) -> Page:
    page = await come_in(counter, window, who, "/inbox/mine")
    await expect(page.locator(".rail .me .presence.available")).to_be_visible()
    await page.context.add_init_script(RECORD)
    await page.context.grant_permissions(["notifications"], origin=counter.hub.public_url)
    await page.reload()
    return page


async def switch_on(page: Page) -> None:
    await page.locator(".rail .me").click()
    await page.get_by_role("menuitemcheckbox", name=ITEM).click()
    await expect(page.get_by_role("menuitemcheckbox", name=ITEM)).to_be_checked()
    await page.keyboard.press("Escape")


async def turn_away(*pages: Page) -> None:
    for page in pages:
        await page.evaluate(SIGHT, "hidden")
    while "hub.looked-at" in await held(pages[0]):
        await asyncio.sleep(0.05)


async def another_tab(page: Page) -> Page:
    beside = await page.context.new_page()
    await beside.goto(page.url)
    await expect(beside.locator(".rail .me")).to_be_visible()
    return beside


async def held(page: Page) -> list[str]:
    """What the tabs of one browser have agreed on among themselves."""
    names: list[str] = await page.evaluate("navigator.locks.query().then(({held}) => held.map(({name}) => name))")
    return names


async def shown(page: Page, *, count: int = 1) -> Any:
    """A page of the hub evaluates no strings: it is asked again and again from here."""
    async with asyncio.timeout(20):
        while len(found := await page.evaluate(SHOWN)) != count:
            await asyncio.sleep(0.05)
    return found


@pytest.fixture
async def bruno(counter: Counter, window: Open) -> Page:
    """Everything is offered to him, and he wants to be told of it."""
    await offer_all_to(counter, BRUNO)
    return await come_to(counter, window)


async def test_an_offer_is_told_by_name_and_channel_and_opens_by_a_click(
    counter: Counter, window: Open, bruno: Page
) -> None:
    await switch_on(bruno)
    await turn_away(bruno)
    await say(await visit(counter, window), "Meu CPF é segredo")
    [[title, body, tag]] = await shown(bruno)
    row = (await counter.conversation())["conversation"]
    assert (title, body, tag) == (f"Oferta: {row['customer']['name'] or 'Visitante'}", "Site", row["id"])
    assert "segredo" not in f"{title}{body}"
    await bruno.evaluate("notices[0].onclick()")
    await expect(bruno.locator(".stream")).to_contain_text("Meu CPF é segredo")
    await shown(bruno, count=0)


async def test_an_offer_that_has_ended_is_told_no_more(counter: Counter, window: Open, bruno: Page) -> None:
    await switch_on(bruno)
    await turn_away(bruno)
    await say(await visit(counter, window), "Oi!")
    await shown(bruno)
    await bruno.locator(".offer").get_by_role("button", name="Recusar").click()
    await shown(bruno, count=0)


async def test_two_tabs_tell_once_and_the_second_goes_on_alone(counter: Counter, window: Open, bruno: Page) -> None:
    await switch_on(bruno)
    beside = await another_tab(bruno)
    await turn_away(bruno, beside)
    await say(await visit(counter, window), "Oi!")
    for page in (bruno, beside):
        await expect(page.locator(".offer")).to_have_count(1)
    await shown(bruno)
    assert await beside.evaluate("notices.length") == 0
    await bruno.close()
    while await held(beside) != ["hub.speaks"]:
        await asyncio.sleep(0.05)
    await say(await visit(counter, window), "Eu também!")
    await shown(beside)


async def test_nothing_is_told_while_one_of_the_tabs_is_looked_at(counter: Counter, window: Open, bruno: Page) -> None:
    await switch_on(bruno)
    beside = await another_tab(bruno)
    await bruno.evaluate(SIGHT, "hidden")
    await say(await visit(counter, window), "Oi!")
    await expect(bruno.locator(".offer")).to_have_count(1)
    await turn_away(bruno, beside)
    await say(await visit(counter, window), "Eu também!")
    await shown(bruno)
    assert await bruno.evaluate("notices.length") == 1


async def test_what_is_given_to_me_is_told_until_it_is_read(counter: Counter, window: Open) -> None:
    id = await hire(counter, BRUNO, capacity=0)
    bruno = await come_to(counter, window)
    await switch_on(bruno)
    beside = await another_tab(bruno)
    await turn_away(bruno, beside)
    await say(await visit(counter, window), "Oi!")
    row = (await counter.conversation())["conversation"]
    await counter.ask("POST", f"/api/conversations/{row['id']}/assign", assignee=id)
    [[title, _, _]] = await shown(bruno)
    assert title.startswith("Repassada a você: ")
    await beside.evaluate(SIGHT, "visible")
    await open_first(beside)
    await shown(bruno, count=0)


async def test_nobody_is_asked_before_they_say_so(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    bruno = await come_in(counter, window, BRUNO, "/inbox/mine")
    await bruno.context.add_init_script("Notification.requestPermission = () => { window.asked = true; }")
    await bruno.reload()
    await expect(bruno.locator(".rail .me .presence.available")).to_be_visible()
    await bruno.locator(".rail .me").click()
    await expect(bruno.get_by_role("menuitemcheckbox", name=ITEM)).not_to_be_checked()
    assert await bruno.evaluate("window.asked") is None


async def test_a_browser_that_forbids_it_is_said_with_the_way_out(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    bruno = await come_in(counter, window, BRUNO, "/inbox/mine")
    await bruno.locator(".rail .me").click()
    item = bruno.get_by_role("menuitemcheckbox", name=ITEM)
    await expect(item).to_contain_text("de ofertas")
    await item.click()  # nobody sits before this browser to allow it
    await expect(item).to_contain_text("bloqueado pelo navegador")
    await expect(item).not_to_be_checked()
    await keeps_the_rules(bruno, "the menu of one's status")


async def test_the_browser_remembers_it_and_forgets_it_again(counter: Counter, window: Open) -> None:
    await hire(counter, BRUNO)
    bruno = await come_to(counter, window)
    await switch_on(bruno)
    await bruno.reload()
    await bruno.locator(".rail .me").click()
    item = bruno.get_by_role("menuitemcheckbox", name=ITEM)
    await expect(item).to_be_checked()
    await item.click()
    await expect(item).not_to_be_checked()
    await bruno.reload()
    await bruno.locator(".rail .me").click()
    await expect(item).not_to_be_checked()

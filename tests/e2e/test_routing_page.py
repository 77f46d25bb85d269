"""A supervisor at the routing page: rules written, tried, published, brought back."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.conftest import OWNER, Counter, Open
from tests.e2e.desk import keeps_the_rules
from tests.e2e.test_two_windows import say, visit

pytestmark = pytest.mark.browser

CARLA = {
    "name": "Carla Dias",
    "email": "carla@ipe.example",
    "role": "supervisor",
    "password": "three other plain words",
}
SLOW = 20_000  # ms: on a busy machine the hub takes its time
Enter = Callable[..., Awaitable[Page]]


@pytest.fixture
async def enter(counter: Counter, window: Open) -> Enter:
    """Somebody who has signed in, at the routing page."""

    async def sign_in(who: dict[str, str] = OWNER, language: str = "en", path: str = "/routing", **how: Any) -> Page:
        hub = counter.hub.public_url
        page = await window(locale=language, **how)
        page.set_default_timeout(SLOW)
        body = {"email": who["email"], "password": who["password"]}
        assert (await page.request.post(f"{hub}/api/session", data=body, headers={"Origin": hub})).ok
        me = await page.request.patch(f"{hub}/api/me", data={"language": language}, headers={"Origin": hub})
        assert me.ok
        await page.goto(f"{hub}{path}")
        await expect(page.locator("main.routing h1")).to_be_visible(timeout=SLOW)
        return page

    return sign_in


def rule(id: str, **then: Any) -> dict[str, Any]:
    when = {"all": [{"field": "text", "op": "mentions", "value": [id]}]}
    return {"id": id, "name": f"About {id}", "enabled": True, "when": when, "then": then, "stop": False}


async def published(counter: Counter, *rules: dict[str, Any]) -> None:
    """These rules are live."""
    known = (await counter.ask("GET", "/api/routing"))["draft"]
    saved = await counter.ask(
        "PUT", "/api/routing/draft", rules=list(rules), revision=known["revision"] if known else None
    )
    await counter.ask("POST", "/api/routing/publish", revision=saved["draft"]["revision"])


def card(page: Page, place: int) -> Locator:
    return page.locator(".rule-card").nth(place)


async def kept(page: Page) -> None:
    await expect(page.locator(".keeping")).to_have_text("Draft kept", timeout=SLOW)


async def live_is(page: Page, version: int) -> None:
    await expect(page.get_by_text(f"live: version {version}", exact=True)).to_be_visible(timeout=SLOW)


async def names_of(page: Page) -> list[str]:
    return [name.strip() for name in await page.locator(".rule-card h2 button").all_inner_texts()]


async def test_invoices_go_to_billing_people_and_after_a_while_to_anybody(counter: Counter, enter: Enter) -> None:
    """The task that is set to newcomers, with the words that stand on the page."""
    await published(counter, rule("exchange", priority=6))
    page = await enter()
    await page.get_by_role("button", name="Add a rule").click()
    await page.keyboard.type("Portuguese invoices")
    form = page.get_by_role("group", name="Edit")
    words = form.get_by_role("textbox", name="Words")
    await words.fill("fatura, boleto")
    await words.press("Enter")
    await form.get_by_role("button", name="condition", exact=True).click()
    await form.get_by_label("What it is about").nth(1).select_option(label="language")
    await form.get_by_label("Value").last.select_option(label="Portuguese")
    await form.get_by_role("button", name="Require a skill").click()
    await page.keyboard.type("Billing")
    await page.get_by_role("option", name="Create the skill “Billing”").click()
    await form.get_by_role("button", name="If nobody: after a while…").click()
    await page.get_by_role("menuitem", name="give it to anybody").click()
    await expect(card(page, 1).locator(".sentence")).to_have_text(
        "When the text mentions fatura or boleto and the language is Portuguese, require Billing 1; "
        "after 5 min let anybody take it."
    )
    await page.get_by_role("textbox", name="What a customer writes").fill("Paguei o boleto duas vezes, e agora?")
    await expect(page.locator(".result")).to_contain_text("2 Portuguese invoices", timeout=SLOW)
    await expect(page.locator(".result")).to_contain_text("Billing 1")
    await page.get_by_role("button", name="Publish draft").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Portuguese invoices")
    await dialog.get_by_label("What is it for?").fill("Invoices first")
    await dialog.get_by_role("button", name="Publish as version 2").click()
    await live_is(page, 2)
    await expect(page.locator(".result")).to_contain_text("2 Portuguese invoices", timeout=SLOW)
    rules = (await counter.ask("GET", "/api/routing"))["live"]["rules"]
    assert rules[1]["then"] == {
        "require": ["billing:1"],
        "relax": [{"after_s": 300, "drop": "billing"}, {"after_s": 300, "anybody": True}],
    }
    await page.get_by_role("button", name="History").click()
    await expect(dialog).to_contain_text("Invoices first")
    await dialog.get_by_role("button", name="Restore version 1").click()
    await page.get_by_role("dialog", name="Restore version 1?").get_by_role("button", name="Restore").click()
    await live_is(page, 3)
    await expect(page.locator(".rule-card h2 button")).to_have_text(["About exchange"])
    await expect(page.locator(".result")).not_to_contain_text("Portuguese invoices", timeout=SLOW)


async def test_the_queue_check_names_its_conversations_and_one_is_chosen_to_be_tried(
    counter: Counter, enter: Enter, window: Open
) -> None:
    await counter.ask("POST", "/api/skills", name="Billing")
    await published(counter, rule("oi", require=["billing:2"]))
    visitor = await visit(counter, window)
    await say(visitor, "oi, tudo bem?")
    page = await enter()
    await page.locator(".figures").get_by_role("button", name="nobody here could take it").click(timeout=SLOW)
    link = page.locator(".moves a")
    await expect(link).to_have_attribute("href", re.compile("/inbox/all/[0-9]+$"))
    await expect(page.locator(".moves li")).to_contain_text("nobody available")
    await page.get_by_role("button", name="or choose a conversation").click()
    await page.get_by_role("combobox", name="Choose a conversation").fill("99999")
    await page.get_by_role("option", name="Look for no. 99999").click()
    await expect(page.get_by_text("There is no conversation no. 99999.")).to_be_visible(timeout=SLOW)
    await page.get_by_role("combobox", name="Choose a conversation").fill("")
    await page.get_by_role("option").first.click()
    await expect(page.locator(".result")).to_contain_text("About oi", timeout=SLOW)


async def test_where_there_are_no_rules_an_example_makes_the_first(counter: Counter, enter: Enter) -> None:
    page = await enter()
    await expect(page.get_by_role("heading", name="No rules yet")).to_be_visible(timeout=SLOW)
    await page.get_by_role("button", name="Add this rule: Portuguese invoices").click()
    await kept(page)
    found = await counter.ask("GET", "/api/routing")
    assert [each["name"] for each in found["skills"]] == ["Billing"]
    assert found["draft"]["rules"][0]["then"]["require"] == ["billing:1"]
    assert found["live"]["version"] == 0
    await expect(page.get_by_text("nothing live yet")).to_be_visible()


async def test_a_fault_is_said_at_its_place_and_keeps_the_rules_from_going_live(counter: Counter, enter: Enter) -> None:
    await counter.ask("POST", "/api/skills", name="Billing")
    await published(counter, rule("invoice", require=["biling:2"]))
    page = await enter()
    await card(page, 0).get_by_role("button", name="About invoice", exact=True).click()
    await page.get_by_role("button", name="Use “billing”").click()
    await expect(card(page, 0).locator(".sentence")).to_contain_text("require Billing 2")
    form = page.get_by_role("group", name="Edit")
    await form.get_by_label("Comparison").select_option(label="matches the pattern")
    await form.get_by_role("textbox", name="Value").fill("(fatura")
    await expect(form.locator(".said")).to_contain_text("This pattern cannot be read", timeout=SLOW)
    await expect(form.get_by_role("textbox", name="Value")).to_have_attribute("aria-invalid", "true")
    await page.get_by_role("button", name="Publish draft").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("has to be put right")
    await expect(dialog.get_by_role("button", name="Publish as")).to_have_count(0)


async def test_rules_are_put_in_order_by_keys_and_by_pulling_and_the_draft_can_be_discarded(
    counter: Counter, enter: Enter
) -> None:
    await published(counter, *(rule(id, priority=6) for id in ("one", "two", "three")))
    page = await enter()
    await card(page, 0).locator(".grip").focus()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("log")).to_contain_text("“About one” is now rule 2 of 3")
    await expect(card(page, 1).locator(".grip")).to_be_focused()
    assert await names_of(page) == ["About two", "About one", "About three"]
    await card(page, 2).locator(".grip").hover()
    await page.mouse.down()
    box = await card(page, 0).bounding_box()
    assert box
    await page.mouse.move(box["x"] + 20, box["y"] + 4, steps=8)
    await page.mouse.up()
    await expect(page.locator(".rule-card h2 button")).to_have_text(["About three", "About two", "About one"])
    await kept(page)
    saved = (await counter.ask("GET", "/api/routing"))["draft"]["rules"]
    assert [each["id"] for each in saved] == ["three", "two", "one"]
    await page.get_by_role("button", name="Discard draft").click()
    await page.get_by_role("dialog").get_by_role("button", name="Discard draft").click()
    await expect(page.locator(".rule-card h2 button")).to_have_text(["About one", "About two", "About three"])
    assert (await counter.ask("GET", "/api/routing"))["draft"] is None


async def test_the_rules_go_out_as_a_file_and_come_back_changed_as_a_draft(
    counter: Counter, enter: Enter, tmp_path: Path
) -> None:
    await counter.ask("POST", "/api/skills", name="Billing")
    await published(counter, rule("invoice", require=["billing:2"]), rule("exchange", priority=6))
    page = await enter()
    await page.get_by_role("button", name="Import and export").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Export the live rules").click()
    file = await download.value
    assert file.suggested_filename == "rules-1.toml"
    kept_at = tmp_path / file.suggested_filename
    await file.save_as(kept_at)
    written = kept_at.read_text("utf-8")
    kept_at.write_text(written.replace("billing:2", "billing:4").replace("priority = 6", "priority = 7"), "utf-8")
    await bring_in(page, kept_at)
    await expect(page.get_by_text("2 rules from the file are now the draft")).to_be_visible(timeout=SLOW)
    await expect(card(page, 0).locator(".sentence")).to_contain_text("require Billing 4")
    await page.get_by_role("button", name="draft: 2 changes").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".changes .before")).to_contain_text(["require Billing 2", "set the priority to 6"])
    await expect(dialog.locator(".changes .after")).to_contain_text(["require Billing 4", "set the priority to 7"])
    found = await counter.ask("GET", "/api/routing")
    assert [each["id"] for each in found["draft"]["rules"]] == [each["id"] for each in found["live"]["rules"]]
    assert found["live"]["version"] == 1


@pytest.mark.parametrize(
    ("language", "said", "close", "fault"),
    [
        ("en", "Line 4 has no value that can be read (texts stand in quotation marks): “stop = perhaps”", "Close",
         "This pattern cannot be read"),
        ("pt-BR", "A linha 4 não tem um valor que se possa ler (textos vão entre aspas): “stop = perhaps”", "Fechar",
         "Não dá para entender este padrão"),
    ],
)  # fmt: skip
async def test_a_broken_file_is_said_in_words_with_its_place_and_changes_nothing(
    counter: Counter, enter: Enter, tmp_path: Path, language: str, said: str, close: str, fault: str
) -> None:
    await published(counter, rule("invoice", priority=6))
    page = await enter(language=language)
    broken = tmp_path / "rules.toml"
    broken.write_text('[[rule]]\nname = "Broken"\n\nstop = perhaps\n', "utf-8")
    await bring_in(page, broken)
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("listitem")).to_have_text([said], timeout=SLOW)
    await keeps_the_rules(page, "a broken file")
    await dialog.get_by_role("button", name=close, exact=True).last.click()
    assert await names_of(page) == ["About invoice"]
    assert (await counter.ask("GET", "/api/routing"))["draft"] is None
    pattern = '{ all = [{ field = "text", op = "matches", value = "(" }] }'  # the file is good, its rule is not
    broken.write_text(f'[[rule]]\nname = "Broken"\nwhen = {pattern}\nthen = {{ priority = 7 }}\n', "utf-8")
    await bring_in(page, broken)
    await expect(card(page, 0).locator(".chip.red")).to_be_visible(timeout=SLOW)
    await card(page, 0).get_by_role("button", name="Broken", exact=True).click()
    await expect(page.locator(".rule-form .condition .said")).to_contain_text(fault)


async def bring_in(page: Page, file: Path) -> None:
    await page.locator("main.routing input[type=file]").set_input_files(file)


async def test_a_new_rule_is_at_hand_however_many_there_are(counter: Counter, enter: Enter) -> None:
    await published(counter, *(rule(f"matter{n}", priority=6) for n in range(12)))
    page = await enter(viewport={"width": 1440, "height": 900})
    button = page.locator(".tab-head").get_by_role("button", name="Add a rule")
    await expect(button).to_be_in_viewport(ratio=1)
    await button.click()
    await expect(card(page, 12).locator("input.name")).to_be_focused()
    await expect(card(page, 12).locator("input.name")).to_be_in_viewport()
    await page.locator(".routing-main").evaluate("main => main.scrollTo(0, 0)")
    last_in_sight = card(page, 8).locator("h2 button")
    await last_in_sight.click()
    await expect(card(page, 8).get_by_role("button", name="Done")).to_be_in_viewport(ratio=1)


async def test_nobody_writes_over_the_draft_of_somebody_else_unseen(counter: Counter, enter: Enter) -> None:
    await published(counter, rule("invoice", priority=6))
    page = await enter()
    await card(page, 0).get_by_role("button", name="About invoice", exact=True).click()
    name = page.locator(".rule-form").get_by_label("Name")
    for wish, wins in (("Show theirs", "Behind me"), ("Keep mine", "My words")):
        told = await hold_back(page)  # she does not hear of it
        await change_behind(counter, "Behind me")
        async with page.expect_response("**/api/routing/draft") as refused:
            await name.fill("My words")
        assert (await refused.value).status == 409
        told.set()
        await expect(page.locator(".conflict")).to_contain_text("changed the draft while you were at it", timeout=SLOW)
        await page.unroute("**/api/routing")
        await page.get_by_role("button", name=wish).click()
        await expect(page.locator(".conflict")).to_have_count(0)
        await expect(name).to_have_value(wins)
    await kept(page)
    assert (await counter.ask("GET", "/api/routing"))["draft"]["rules"][0]["name"] == "My words"


async def hold_back(page: Page) -> asyncio.Event:
    """What the page asks of the rules is answered only when this is set."""
    gate = asyncio.Event()

    async def later(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.route("**/api/routing", later)
    return gate


async def change_behind(counter: Counter, name: str) -> None:
    """Another window of somebody keeps the draft."""
    found = await counter.ask("GET", "/api/routing")
    rules = [{**found["live"]["rules"][0], "name": name}]
    revision = found["draft"]["revision"] if found["draft"] else None
    await counter.ask("PUT", "/api/routing/draft", rules=rules, revision=revision)


async def test_the_page_keeps_the_rules_of_accessibility_and_fits_every_screen(counter: Counter, enter: Enter) -> None:
    await counter.ask("POST", "/api/skills", name="Billing")
    relax = [{"after_s": 300, "lower": "billing:1"}]
    long = rule("fatura" + "muitocomprida" * 12, require=["billing:2"], relax=relax, answer={"en": "We open at 9."})
    await published(counter, long, rule("troca", team="nobody"))
    page = await enter(language="pt-BR")  # the longer words
    await page.emulate_media(reduced_motion="reduce")
    await card(page, 0).locator("h2 button").click()
    await page.locator("textarea.try").fill("troca")
    await expect(page.locator(".result")).to_be_visible(timeout=SLOW)
    await page.locator(".rule-form input.name").fill("Outra")
    await expect(page.locator(".chip.draft")).to_be_visible()
    await keeps_the_rules(page, "the rules")
    for width in (360, 390, 768, 1024, 1180, 1440):
        await page.set_viewport_size({"width": width, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, width
        assert await page.evaluate("document.querySelector('main.routing').scrollWidth") <= width, width
    await page.locator(".chip.draft").click()
    await page.get_by_role("dialog").wait_for()
    await keeps_the_rules(page, "what the draft changes")


async def test_agents_do_not_see_the_page(counter: Counter, enter: Enter, window: Open) -> None:
    bruno = {**CARLA, "email": "bruno@ipe.example", "role": "agent"}
    await counter.ask("POST", "/api/users", **bruno)
    hub = counter.hub.public_url
    page = await window(locale="en")
    body = {"email": bruno["email"], "password": bruno["password"]}
    assert (await page.request.post(f"{hub}/api/session", data=body, headers={"Origin": hub})).ok
    await page.goto(f"{hub}/routing")
    await page.wait_for_url(re.compile("/inbox/mine"), timeout=SLOW)
    await expect(page.get_by_role("link", name="Routing")).to_have_count(0)

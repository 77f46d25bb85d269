"""What the routing page makes of rules before anybody is asked: sentences, differences, steps of relaxation."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parent.parent.parent / "hub" / "web" / "static"
NAMES = {"skills": {"billing": "Billing"}, "teams": {"after": "After-sales"}, "hours": {"night": "Night"}, "agents": {}}

SPEAK = "async (code) => (await import('/static/i18n.js')).speak(code)"
TELL = """async ([rule, names]) => (await import('/static/models/sentence.js')).sentence(rule, names)
  .map(({text, strong}) => strong ? `*${text}*` : text).join('')"""
COMPARE = """async ([before, after]) => (await import('/static/models/rule-diff.js')).compareRules(before, after)
  .map(({id, what}) => [id, what])"""


@pytest.fixture(scope="module")
async def scripts(browser: Browser) -> AsyncIterator[Page]:
    """An empty page of the same origin as our scripts."""

    async def blank(_: web.Request) -> web.Response:
        return web.Response(text="<!doctype html><title>-</title>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", blank), web.static("/static", STATIC)])
    async with TestServer(app) as server, await browser.new_page() as page:
        await page.goto(str(server.make_url("/")))
        yield page


def rule(id: str = "r1", then: Any = None, when: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": f"Rule {id}", "then": then or {}, **({"when": when} if when else {}), **more}


def asks(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


async def told(page: Page, language: str, one: dict[str, Any]) -> str:
    await page.evaluate(SPEAK, language)
    return str(await page.evaluate(TELL, [one, NAMES]))


async def edited(page: Page, code: str, *given: Any) -> Any:
    edit = "await import('/static/models/rule-edit.js')"
    return await page.evaluate(f"async (given) => ({code})({edit}, ...given)", list(given))


INVOICES = rule(
    when={"all": [asks("text", "mentions", ["fatura", "boleto"]), asks("language", "is", "pt")]},
    then={"require": ["billing:2"], "relax": [{"after_s": 300, "lower": "billing:1"}]},
)


async def test_a_rule_reads_as_a_sentence_in_both_languages(scripts: Page) -> None:
    assert await told(scripts, "en", INVOICES) == (
        "When the text *mentions fatura or boleto* and the language is *Portuguese*, require *Billing 2*; "
        "after *5 min* lower Billing to *1*."
    )
    assert await told(scripts, "pt-BR", INVOICES) == (
        "Quando o texto *menciona fatura ou boleto* e o idioma é *português*, exigir *Billing 2*; "
        "depois de *5 min* baixar Billing para *1*."
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (rule(), "For every conversation, nothing is asked for yet."),
        (rule(then={"priority": 8}, stop=True), "set the priority to *8*. Rules below are *not read*."),
        (rule(when={"none": [asks("attachment", "is", True)]}), "none of this holds: (*a file is attached*)"),
        (
            rule(when={"any": [{"all": [asks("verified", "is", True), asks("hours", "is", "closed")]}]}),
            "(the sender is",
        ),
        (rule(when={"all": [asks("hours:night", "is", "closed")]}), "*outside the hours “Night”*"),
        (rule(when={"all": [asks("attribute:tier", "contains", "a*b")]}), "the detail “tier” *contains a*b*"),
        (rule(when={"all": [asks("order_value", "between", [10, 4000])]}), "*between 10 and 4,000*"),
        (rule(when={"all": [asks("text", "mentions", list("abcdefgh"))]}), "*mentions a, b, c, d, e or 3 more*"),
        (rule(then={"team": "after", "hold": "until open"}), "give to the team *After-sales*; keep it *until opening*"),
        (
            rule(then={"sticky": {"wait_s": 90}}),
            "ask *the agent who answered last* first and wait for them *up to 90 s*",
        ),
        (rule(then={"answer": {"pt-BR": "Oi", "en": "Hi"}}), "answer with *“Hi”*"),
        (rule(then={"relax": [{"after_s": 300, "anybody": True}]}), "after *5 min* let *anybody* take it"),
        (
            rule(when={"all": [asks("mood", "smells", 1)]}, then={"dance": True}),
            "When mood smells *1*, nothing is asked",
        ),
    ],
)
async def test_whatever_a_rule_holds_has_words(scripts: Page, given: dict[str, Any], words: str) -> None:
    assert words in await told(scripts, "en", given)


async def test_what_differs_is_told_rule_by_rule_and_as_few_as_possible_have_moved(scripts: Page) -> None:
    a, b, c, d = (rule(id) for id in "abcd")
    e = rule("e")
    found = await scripts.evaluate(COMPARE, [[a, b, c, d], [d, a, {**b, "name": "Else"}, e]])
    assert found == [["d", "moved"], ["b", "changed"], ["e", "added"], ["c", "removed"]]


async def test_what_says_the_same_is_no_difference(scripts: Page) -> None:
    long = {**rule(then={"team": "after", "priority": 5}), "enabled": True, "stop": False, "when": {}}
    short = rule(then={"priority": 5, "team": "after"})
    assert await scripts.evaluate(COMPARE, [[long], [short]]) == []


async def test_to_anybody_asks_for_no_skill_and_no_team_whatever_is_required_later(scripts: Page) -> None:
    wish = "(edit, rule) => edit.withReliefs(rule, [{after_s: 300, kind: 'anybody'}])"
    made = await edited(scripts, wish, rule(then={"require": ["billing:1"]}))
    assert made["then"]["relax"] == [{"after_s": 300, "drop": "billing"}, {"after_s": 300, "anybody": True}]
    more = await edited(scripts, "(edit, rule) => edit.withSkills(rule, 'require', ['billing:1', 'pix:2'])", made)
    assert [step.get("drop") for step in more["then"]["relax"]] == ["billing", "pix", None]
    assert await edited(scripts, "(edit, rule) => edit.reliefsOf(rule)", more) == [{"after_s": 300, "kind": "anybody"}]


async def test_a_step_goes_with_the_skill_it_is_about(scripts: Page) -> None:
    left = await edited(scripts, "(edit, rule) => edit.withSkills(rule, 'require', [])", INVOICES)
    assert left["then"] == {}


async def test_the_name_that_was_meant_is_put_wherever_the_other_stands(scripts: Page) -> None:
    wrong = rule(then={"require": ["biling:3"], "team": "biling"})
    warning = {"path": "then.require", "code": "unknown_skill", "params": {"got": "biling", "near": "billing"}}
    mended = await edited(scripts, "(edit, rule, warning) => edit.withSuggestion(rule, warning)", wrong, warning)
    assert mended["then"] == {"require": ["billing:3"], "team": "biling"}


async def test_the_last_condition_taken_away_means_always(scripts: Page) -> None:
    group = {"all": [asks("attachment", "is", True)]}
    assert await edited(scripts, "(edit, group) => edit.withoutItem(group, 0)", group) == {}

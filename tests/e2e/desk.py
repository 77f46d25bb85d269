"""What the tests of the desk have in common: people with skills and teams, rules that are live, windows of theirs."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from tests.e2e.conftest import OWNER, Counter, Open

AXE = Path("tests/e2e/vendor/axe.min.js")
RULES = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
# A button that is half behind what stays in sight is too small to be pressed, says axe: it is only scrolled away.
TO_THE_TOP = "document.querySelectorAll('.routing-main').forEach((each) => each.scrollTo(0, 0))"
BRUNO = {"name": "Bruno Lima", "email": "bruno@ipe.example", "role": "agent", "password": "another four plain words"}
DAVI = {"name": "Davi Araújo", "email": "davi@ipe.example", "role": "agent", "password": "yet another plain words"}


async def hire(counter: Counter, who: dict[str, str], **can: Any) -> str:
    """Somebody new, with these skills, teams and capacity; offline until a window of theirs opens."""
    made = await counter.ask("POST", "/api/users", **who)
    if can:
        await counter.ask("PATCH", f"/api/agents/{made['id']}", **can)
    return str(made["id"])


async def publish(counter: Counter, *rules: dict[str, Any]) -> None:
    written = [{"id": f"r{n}", "enabled": True, "stop": False, **rule} for n, rule in enumerate(rules, 1)]
    saved = await counter.ask("PUT", "/api/routing/draft", rules=written, revision=None)
    assert saved["faults"] == []
    await counter.ask("POST", "/api/routing/publish", revision=saved["draft"]["revision"])


async def offer_all_to(counter: Counter, who: dict[str, str]) -> None:
    """Hired for a team that is offered everything, for as long as it may be."""
    await counter.ask("PATCH", "/api/routing/settings", offer_s=600)
    await counter.ask("POST", "/api/teams", name="Vendas", mode="offer")
    await hire(counter, who, teams=["vendas"])
    await publish(counter, {"name": "All", "then": {"team": "vendas"}})


def mentions(word: str, **then: Any) -> dict[str, Any]:
    return {
        "name": f"About {word}",
        "when": {"all": [{"field": "text", "op": "mentions", "value": [word]}]},
        "then": then,
    }


async def come_in(
    counter: Counter, window: Open, who: dict[str, str] = OWNER, path: str = "/inbox/all", language: str = "pt-BR"
) -> Page:
    """A window of theirs; whoever follows their windows is available once it is heard of."""
    hub = counter.hub.public_url
    page = await window(locale=language)
    page.set_default_timeout(30_000)
    signed_in = await page.request.post(f"{hub}/api/session", data=_login(who), headers={"Origin": hub})
    assert signed_in.ok
    me = await page.request.patch(f"{hub}/api/me", data={"language": language}, headers={"Origin": hub})
    assert me.ok
    await page.goto(f"{hub}{path}")
    await expect(page.locator(".rail .me")).to_be_visible()
    return page


def _login(who: dict[str, str]) -> dict[str, str]:
    return {"email": who["email"], "password": who["password"]}


async def keeps_the_rules(page: Page, where: str) -> None:
    """Of accessibility, in both themes."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    await page.evaluate(TO_THE_TOP)
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = await page.evaluate(RULES)
        broken = [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found["violations"]]
        assert broken == [], f"{where}, {theme}"

"""The page's own modules in a real browser, without a hub: for what they decide and say by themselves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Route

HOME = "http://page.test"
STATIC = Path("hub/web/static")


async def hand_out(route: Route) -> None:
    path = urlsplit(route.request.url).path
    if path == "/":
        await route.fulfill(body="<!doctype html><title></title>", content_type="text/html")
        return
    file = STATIC / path.removeprefix("/static/")
    await route.fulfill(path=file, content_type=guess_type(file.name)[0])


@asynccontextmanager
async def modules(browser: Browser, language: str = "en", zone: str = "America/Recife") -> AsyncIterator[Page]:
    """A page in which `import("/static/models/…")` works, with its words in this language."""
    context = await browser.new_context(locale=language, timezone_id=zone)
    page = await context.new_page()
    await page.route(f"{HOME}/**", hand_out)
    await page.goto(f"{HOME}/")
    await page.evaluate("(code) => import('/static/i18n.js').then((words) => words.speak(code))", language)
    yield page
    await context.close()

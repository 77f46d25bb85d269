"""An open hub, a site of another origin that carries its widget, and browsers."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, BrowserContext, Page, expect

from hub.app import ROLES, Hub, _door, listening
from hub.engines import Addresses
from hub.inbox.setup import new_setup_link
from hub.settings import load

PAGE = """<!doctype html><html lang="pt-BR"><title>A site</title><body><h1>A site</h1>
<script async src="{hub}/widget.js" data-key="{key}"></script></body></html>"""
OWNER = {"name": "Ana Souza", "email": "ana@ipe.example", "password": "three plain words"}

Open = Callable[..., Awaitable[Page]]
expect.set_options(timeout=20_000)  # on a busy machine a page takes its time
FAILED = pytest.StashKey[bool]()


class Counter:
    """An open hub with a widget, a site of another origin that carries it, and Ana, who has signed in."""

    def __init__(self, hub: Hub, ana: ClientSession, host: str) -> None:
        self.hub = hub
        self.ana = ana
        self.host = host
        self.widget: Any = None

    async def ask(self, method: str, path: str, **body: Any) -> Any:
        async with self.ana.request(method, path, json=None if method == "GET" else body) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.content_length else None

    async def conversation(self) -> Any:
        """The one there is, with its entries."""
        for _ in range(50):
            rows = (await self.ask("GET", "/api/conversations?view=all"))["items"]
            if rows:
                return await self.ask("GET", f"/api/conversations/{rows[0]['id']}")
            await asyncio.sleep(0.1)
        raise AssertionError("no conversation has come")

    async def reply(self, text: str, id: str = "reply-0001") -> None:
        row = (await self.conversation())["conversation"]
        given = {"id": id, "text": text, "last_out_seq": row["last_out_seq"]}
        await self.ask("POST", f"/api/conversations/{row['id']}/replies", **given)
        await self.ask("POST", f"/api/conversations/{row['id']}/replies/{id}/send")


@pytest.fixture
async def fresh(addresses: Addresses, database_name: str, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub as it is after its first start: open, and nobody's yet."""
    settings = load(data=tmp_path, port=0, database=database_name)
    door = _door(settings)
    hub = Hub(settings, addresses, ROLES, door)
    async with hub.open(), listening(hub, door):
        yield hub


@pytest.fixture
async def counter(fresh: Hub) -> AsyncIterator[Counter]:
    async with AsyncExitStack() as stack:
        ana = await stack.enter_async_context(ClientSession(fresh.public_url, headers={"Origin": fresh.public_url}))
        page: list[str] = []
        host = await _site(stack, page)
        link = await new_setup_link(fresh.house)
        assert link
        company = {"company": "Loja Ipê", "time_zone": "America/Recife", "language": "pt-BR"}
        made = Counter(fresh, ana, host)
        await made.ask("POST", "/api/setup", token=link.partition("#")[2], **company, **OWNER)
        made.widget = await made.ask("POST", "/api/channels", kind="widget", name="Site", settings={"sites": [host]})
        page.append(PAGE.format(hub=fresh.public_url, key=made.widget["key"]))
        yield made


async def _site(stack: AsyncExitStack, text: list[str]) -> str:
    """The address must be known before the widget that lists it, and the page only when the widget has its key."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=text[0], content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", page)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
async def window(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a browser of somebody's own. What it shows when a test fails is kept as a picture."""
    opened: list[BrowserContext] = []

    async def open(**options: Any) -> Page:
        opened.append(await browser.new_context(**options))
        return await opened[-1].new_page()

    yield open
    for n, context in enumerate(opened, 1):
        if request.node.stash.get(FAILED, False):
            picture = tmp_path / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())}-{n}.png"
            await context.pages[0].screenshot(path=picture)
            print(f"window {n}: {picture}")
        await context.close()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report

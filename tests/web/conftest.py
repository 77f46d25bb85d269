"""An open counter: the real store, feed and Redis behind the real routes, and people who sign in to it."""

import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientWebSocketResponse
from aiohttp.test_utils import TestClient, TestServer
from pymongo import AsyncMongoClient

from hub.channels.registry import kinds
from hub.inbox.house import House
from hub.inbox.passwords import hash_password
from hub.inbox.receive import receive
from hub.model import Language, Received, User
from hub.ports import Ref, Sheet
from hub.store.database import Database
from hub.web.live import Live
from hub.web.site import site
from tests.cast import EVERYBODY, Hire, inbound
from tests.house import built

PASSWORD = "three plain words"
HASH = hash_password(PASSWORD)
OURS = {"Sec-Fetch-Site": "same-origin"}


@dataclass
class Counter:
    """Implements `web.front.Front` for a company that is open, and lets tests come in."""

    house: House
    live: Live
    database: Database
    public_url: str = "http://desk.example"
    behind_proxy: bool = False
    ails: dict[str, str | None] = field(default_factory=lambda: {"store": None, "feed": None, "ephemeral": None})
    server: TestServer | None = None
    clients: list[TestClient] = field(default_factory=list)

    async def begin_demo(self, token: str, language: Language) -> User:
        raise NotImplementedError

    async def end_demo(self) -> str | None:
        raise NotImplementedError

    async def health(self) -> Mapping[str, str | None]:
        return self.ails

    async def visitor(self) -> "Browser":
        """A browser that has not signed in."""
        client = TestClient(self.server)
        self.clients.append(client)
        return Browser(client)

    async def browser(self, who: str) -> "Browser":
        """A browser in which somebody of the cast has signed in."""
        browser = await self.visitor()
        answer = await browser.sign_in(who)
        assert answer.status == 200, await answer.text()
        return browser

    async def message(self, text: str = "Oi, bom dia!", **given: Any) -> Received:
        """A customer writes."""
        return await receive(self.house, inbound(text, **given))


@dataclass
class Browser:
    client: TestClient

    async def sign_in(self, who: str, password: str = PASSWORD) -> ClientResponse:
        return await self.post("/api/session", email=f"{who}@ipe.example", password=password)

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.client.get(path, **options)

    async def post(self, path: str, **body: Any) -> ClientResponse:
        return await self.client.post(path, json=body, headers=OURS)

    async def patch(self, path: str, **body: Any) -> ClientResponse:
        return await self.client.patch(path, json=body, headers=OURS)

    async def put(self, path: str, **body: Any) -> ClientResponse:
        return await self.client.put(path, json=body, headers=OURS)

    async def delete(self, path: str) -> ClientResponse:
        return await self.client.delete(path, headers=OURS)

    async def live(self, cursor: str = "") -> "Screen":
        origin = str(self.client.make_url("/")).rstrip("/")
        path = f"/api/live?cursor={cursor}" if cursor else "/api/live"
        return Screen(await self.client.ws_connect(path, origin=origin))


@dataclass
class Screen:
    """An open live socket."""

    ws: ClientWebSocketResponse
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, type: str, **like: Any) -> dict[str, Any]:
        """The next frame of this type with these values; what comes before is kept in `heard`."""
        while True:
            frame = json.loads(await self.ws.receive_str(timeout=30))
            self.heard.append(frame)
            if frame["type"] == type and all(frame.get(name) == value for name, value in like.items()):
                return frame

    async def say(self, **frame: Any) -> None:
        await self.ws.send_json(frame)


@pytest.fixture
async def counter(mongo_url: str, redis_url: str, database_name: str) -> AsyncIterator[Counter]:
    async with open_counter(mongo_url, redis_url, database_name) as made:
        yield made


@pytest.fixture(scope="module")
async def counter_all_day(
    mongo: AsyncMongoClient, mongo_url: str, redis_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[Counter]:
    """One for a whole module of tests that leave nothing behind."""
    name = f"test_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    async with open_counter(mongo_url, redis_url, name) as made:
        yield made
    await mongo.drop_database(name)


@asynccontextmanager
async def open_counter(mongo_url: str, redis_url: str, name: str, *, hired: bool = True) -> AsyncIterator[Counter]:
    async with built(mongo_url, redis_url, name) as parts:
        house, desks = parts.house, parts.desks
        if hired:
            await parts.filing.submit(Hire())
            await parts.filing.submit(Passwords())
        await parts.follow()
        live = Live(house)
        await live.start()
        await desks.start(house)
        counter = Counter(house, live, parts.database)
        counter.server = TestServer(site(counter, [route for kind in kinds().values() for route in kind.routes(desks)]))
        await counter.server.start_server()
        try:
            yield counter
        finally:
            await live.close("stopping")
            for client in counter.clients:
                await client.close()
            await counter.server.close()
            await desks.stop()


@dataclass(frozen=True, slots=True)
class Passwords:
    """Everybody of the cast gets the same password, hashed once."""

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(User, person.id) for person in EVERYBODY]

    def decide(self, sheet: Sheet) -> None:
        from dataclasses import replace

        for person in EVERYBODY:
            user = sheet.get(User, person.id)
            assert user
            sheet.put(replace(user, password=HASH))

"""F2, F3, F4: the engines die under load, or the line to them is cut at the worst moment."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic

import aiohttp
import pytest
from pymongo.uri_parser import parse_uri
from redis.asyncio import Redis

from tests.faults.harness import PATIENCE_S
from tests.faults.house import House, open_house
from tests.faults.load import Hooks, Visitor, Visitors, greet, heard, load, widget_socket
from tests.faults.proxy import Proxy, proxy_to

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

COMMIT = b"commitTransaction"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """With engines of its own, that a test may kill."""
    async with open_house(tmp_path_factory.mktemp("embedded")) as opened:
        yield opened


@pytest.fixture(scope="module")
async def line(mongo_url: str) -> AsyncIterator[Proxy]:
    async with proxy_to(parse_uri(mongo_url)["nodelist"][0][1]) as proxy:
        yield proxy


@pytest.fixture
async def far_house(
    tmp_path: Path, line: Proxy, mongo_url: str, redis_url: str, database_name: str
) -> AsyncIterator[House]:
    """Its store is at the other end of a line that a test may cut."""
    login = parse_uri(mongo_url)
    url = f"mongodb://{login['username']}:{login['password']}@127.0.0.1:{line.port}/?directConnection=true"
    env = {"HUB_MONGO_URL": url + "&authSource=admin", "HUB_REDIS_URL": redis_url, "HUB_DATABASE": database_name}
    async with open_house(tmp_path, env) as opened:
        yield opened


async def until(true: Callable[[], bool]) -> float:
    """The seconds it took."""
    began = monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.02)
    return monotonic() - began


async def test_a_killed_mongod_costs_nothing_but_time(house: House) -> None:
    hooks, visitors = Hooks(house.hub, house.webhook), Visitors(house.hub, house.widget, rate=20)
    screen = await house.ana.live()
    await screen.next("hello")
    async with load(hooks, visitors):
        await until(lambda: len(hooks.book.acknowledged) > 50 and len(visitors.book.acknowledged) > 10)
        killed = house.hub.kill_engine("mongod")
        dead = monotonic()
        await until(lambda: house.hub.engines()["pids"]["mongod"] != killed)
        begun_again = monotonic()
        back = await until(lambda: bool(hooks.book.acknowledged_within(begun_again, monotonic())))
        await until(lambda: bool(visitors.book.acknowledged_within(begun_again, monotonic())))
    print(f"taken again {begun_again - dead + back:.1f} s after the kill; {hooks.book.answers} {visitors.book.answers}")
    assert not hooks.book.acknowledged_within(dead, begun_again)
    assert not visitors.book.acknowledged_within(dead, begun_again)
    assert hooks.book.answers.keys() <= {"200", "202", "503"}
    assert all(int(seconds) > 0 for seconds in hooks.book.retry_after)
    assert begun_again - dead + back < 30  # 10 s on a quiet machine
    assert not (await house.examine(hooks.book, visitors.book)).faults
    await post(house, "after-all-1")
    while (await screen.next("event", kind="message.received"))["message"]["text"] != "after-all-1":
        pass  # a screen that was open all the time has all of it, and the news
    await screen.ws.close()


async def test_without_redis_messages_and_assignments_go_on(house: House) -> None:
    hooks = Hooks(house.hub, house.webhook, name="no-redis", rate=50)
    async with load(hooks):
        await until(lambda: len(hooks.book.acknowledged) > 20)
        await flush(house)
        house.hub.kill_engine("valkey")
        rows = (await house.ana.ask("GET", "/api/conversations?view=all"))["items"]
        for row in rows[:5]:
            await house.ana.ask("POST", f"/api/conversations/{row['id']}/take")
        taken = len(hooks.book.acknowledged)
        await until(lambda: len(hooks.book.acknowledged) > taken + 50)
    assert hooks.book.answers.keys() <= {"200", "202"}
    assert not (await house.examine(hooks.book)).faults


async def test_typing_and_presence_come_back_with_redis(house: House) -> None:
    """A screen that was open all the time sees them again by itself."""
    async with aiohttp.ClientSession() as http, widget_socket(http, house.hub, house.widget) as ws:
        await greet(ws, Visitor(1))
        await ws.send_json({"type": "message", "id": "typing-01", "text": "typing-01"})
        while (await heard(ws))["type"] != "stored":
            pass
        screen = await house.ana.live()
        await screen.next("hello")
        row = await conversation_of(house, "typing-01")
        await screen.say(type="looking", conversation=row)
        house.hub.kill_engine("valkey")
        await typed(ws, screen)
        await flush(house)
        await typed(ws, screen)
        assert house.ana.id in (await agents_online(house))
        await screen.ws.close()


async def conversation_of(house: House, text: str) -> str:
    rows = (await house.ana.ask("GET", "/api/conversations?view=all&limit=100"))["items"]
    return next(row["id"] for row in rows if row["last"]["text"] == text)


async def typed(ws: aiohttp.ClientWebSocketResponse, screen) -> None:
    """The visitor types, now and then, until the agent sees it."""

    async def type_on() -> None:
        while True:
            await ws.send_json({"type": "typing", "on": True})
            await asyncio.sleep(0.5)

    typing = asyncio.create_task(type_on())
    try:
        await screen.next("typing", on=True)
    finally:
        typing.cancel()


async def agents_online(house: House) -> list[str]:
    return [each["id"] for each in await house.ana.ask("GET", "/api/agents") if each["online"]]


async def flush(house: House) -> None:
    async with Redis.from_url(house.hub.engines()["redis_url"], protocol=2) as redis:
        await redis.flushall()


async def test_a_commit_whose_answer_is_lost_is_found_again(far_house: House, line: Proxy) -> None:
    """The driver asks a second time, and the store says that it was done."""
    line.lose(COMMIT, 1)
    status, message = await post(far_house, "lost-1")
    assert (status, line.lost) == (202, 1)
    assert await post(far_house, "lost-1") == (200, message)
    line.lose(COMMIT, 40)  # until the hub gives up: it does not know, so it does not acknowledge
    assert (await post(far_house, "lost-2"))[0] == 503
    line.lose(COMMIT, 0)
    assert (await post(far_house, "lost-2"))[0] == 200  # the sender's repeat finds what was written
    assert (await far_house.ana.ask("GET", "/api/counts"))["all"] == 2


async def post(house: House, name: str) -> tuple[int, str]:
    """The status, and the message's id."""
    async with aiohttp.ClientSession() as http:
        status, body, _ = await Hooks(house.hub, house.webhook).post(http, name)
    return status, json.loads(body).get("message", "")


async def test_a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(
    far_house: House, line: Proxy, mongo_url: str
) -> None:
    hooks, visitors = Hooks(far_house.hub, far_house.webhook), Visitors(far_house.hub, far_house.widget, rate=20)
    async with load(hooks, visitors):
        for again in range(6):
            taken = len(hooks.book.acknowledged)
            await until(lambda taken=taken: len(hooks.book.acknowledged) > taken + 30)
            line.lose(COMMIT, again)
            line.cut_all()
        line.go_down()
        await asyncio.sleep(0.5)  # what was under way is answered
        down = monotonic()
        await asyncio.sleep(3)
        assert not hooks.book.acknowledged_within(down, monotonic())
        for path in ("/readyz", "/api/conversations?view=all"):
            status, _, headers = await far_house.ana.try_to("GET", path)
            assert (status, int(headers["Retry-After"]) > 0) == (503, True), path
        assert (await far_house.ana.try_to("GET", "/healthz"))[0] == 200
        line.down = False
    found = await far_house.examine(hooks.book, visitors.book, mongo_url=mongo_url)
    print(f"{line.lost} answers lost; {found}; {hooks.book.answers} {visitors.book.answers}")
    assert not found.faults
    assert hooks.book.answers["503"]
    assert all(int(seconds) > 0 for seconds in hooks.book.retry_after)

"""Two hub processes on one store are one hub: whoever is connected where."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiohttp
import pytest

from tests.faults.harness import (
    PATIENCE_S,
    AgentAt,
    ChannelKeys,
    HubProcess,
    Screen,
    add_channel,
    hire,
    hubs,
    is_open,
    set_up,
    signed_in,
)
from tests.faults.ledger import examine
from tests.faults.load import Hooks, Visitor, greet, heard, load, widget_socket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass(slots=True)
class Pair:
    """Ana's page is at `a`; Bruno's at `b`, as is whatever comes in."""

    a: HubProcess
    b: HubProcess
    ana: AgentAt
    bruno: AgentAt
    webhook: ChannelKeys
    widget: ChannelKeys
    http: aiohttp.ClientSession

    async def receives(self, hub: HubProcess, name: str) -> str:
        """A signed webhook; gives the conversation that it begins."""
        status, body, _ = await Hooks(hub, self.webhook).post(self.http, name, thread=name)
        assert status == 202, body
        conversation: str = json.loads(body)["conversation"]
        return conversation


@pytest.fixture(scope="module")
async def pair(
    tmp_path_factory: pytest.TempPathFactory, mongo: Any, mongo_url: str, redis_url: str
) -> AsyncIterator[Pair]:
    folder = tmp_path_factory.mktemp("two")
    env = {"HUB_MONGO_URL": mongo_url, "HUB_REDIS_URL": redis_url, "HUB_DATABASE": f"{folder.parent.name}-two"[-38:]}
    a, b = HubProcess(folder, env=env), HubProcess(folder, env=env)
    async with hubs(a, b), aiohttp.ClientSession() as http:
        await set_up(b)  # the link of the last one started is the one that holds
        async with signed_in(a) as ana:
            colleague = await hire(ana, "Bruno")
            channels = [await add_channel(ana, kind) for kind in ("webhook", "widget")]
            for kind, channel in zip(("webhook", "widget"), channels, strict=True):
                await is_open(b, kind, channel.key)
            async with signed_in(b, colleague) as bruno:
                yield Pair(a, b, ana, bruno, *channels, http)
    await mongo.drop_database(env["HUB_DATABASE"])


@asynccontextmanager
async def visit(pair: Pair, hub: HubProcess, visitor: Visitor, text: str) -> AsyncIterator[Any]:
    """Somebody at the widget who has written a first message."""
    async with widget_socket(pair.http, hub, pair.widget) as ws:
        await greet(ws, visitor)
        await ws.send_json({"type": "message", "id": text, "text": text})
        while (await heard(ws))["type"] != "stored":
            pass
        yield ws


async def with_text(screen: Screen, text: str) -> dict[str, Any]:
    """The event of the message that says this."""
    while True:
        event = await screen.next("event")
        if event["message"] and event["message"]["text"] == text:
            return event


async def test_an_agent_at_one_hub_sees_what_the_other_receives(pair: Pair) -> None:
    screen = await pair.ana.live()
    await screen.next("hello")
    conversation = await pair.receives(pair.b, "across-1")
    event = await with_text(screen, "across-1")
    assert (event["kind"], event["conversation"]["id"]) == ("message.received", conversation)
    await screen.ws.close()


async def test_an_answer_at_one_hub_reaches_the_visitor_at_the_other(pair: Pair) -> None:
    screen = await pair.ana.live()
    await screen.next("hello")
    async with visit(pair, pair.b, Visitor(1), "visitor-at-b") as ws:
        row = (await with_text(screen, "visitor-at-b"))["conversation"]
        path = f"/api/conversations/{row['id']}/replies"
        await pair.ana.ask("POST", path, id="answer-from-a", text="Bom dia!", last_out_seq=row["last_out_seq"])
        while (frame := await heard(ws))["type"] != "message":
            pass
        assert frame["message"]["text"] == "Bom dia!"
        await ws.send_json({"type": "mark", "message": frame["message"]["id"], "state": "read"})
        while (await screen.next("event", kind="message.state"))["message"]["delivery"] != "read":
            pass
    await screen.ws.close()


async def test_typing_goes_both_ways_between_hubs(pair: Pair) -> None:
    screen = await pair.ana.live()
    await screen.next("hello")
    async with visit(pair, pair.b, Visitor(2), "typing-at-b") as ws:
        row = (await with_text(screen, "typing-at-b"))["conversation"]
        await screen.say(type="looking", conversation=row["id"])
        await screen.next("looking")
        await ws.send_json({"type": "typing", "on": True})
        assert (await screen.next("typing"))["conversation"] == row["id"]
        await screen.say(type="typing", conversation=row["id"], on=True)
        while (await heard(ws))["type"] != "typing":
            pass
    await screen.ws.close()


async def test_a_channel_added_at_one_hub_opens_at_the_other_within_a_second_or_so(pair: Pair) -> None:
    added = await pair.ana.ask("POST", "/api/channels", kind="webhook", name="ERP")
    took = await is_open(pair.b, "webhook", added["key"])
    print(f"open at the other hub after {took:.3f} s")
    assert took < 10


async def test_a_channel_added_by_command_is_open_at_both(pair: Pair) -> None:
    added = await pair.a.add_channel("webhook", "ERP")
    for hub in (pair.a, pair.b):
        await is_open(hub, "webhook", added.key)
    for hub in (pair.a, pair.b):
        status, _, _ = await Hooks(hub, added).post(pair.http, f"by-command-{hub.port}")
        assert status == 202


async def test_of_two_who_take_at_once_one_wins(pair: Pair) -> None:
    for n in range(10):
        conversation = await pair.receives(pair.b, f"both-{n}")
        path = f"/api/conversations/{conversation}"
        answers = await asyncio.gather(*(each.try_to("POST", f"{path}/take") for each in (pair.ana, pair.bruno)))
        assert sorted(status for status, _, _ in answers) == [200, 409]
        winner = (pair.ana, pair.bruno)[[status for status, _, _ in answers].index(200)]
        assert (await pair.ana.ask("GET", path))["conversation"]["assignee"]["id"] == winner.id
        loser = answers[[status for status, _, _ in answers].index(409)][1]
        assert loser["code"] == "taken_meanwhile"
        await pair.ana.ask("POST", f"{path}/resolve")


async def test_the_same_messages_handed_in_at_both_hubs_are_there_once(pair: Pair, mongo: Any) -> None:
    """Two writers on the same conversations, with the same messages, at the same time."""
    one, other = (Hooks(hub, pair.webhook, name="twice", rate=100) for hub in (pair.a, pair.b))
    async with load(one, other), asyncio.timeout(PATIENCE_S):
        while len(one.book.acknowledged.keys() & other.book.acknowledged.keys()) < 200:
            await asyncio.sleep(0.1)
    found = await examine(mongo[pair.a.env["HUB_DATABASE"]], one.book, other.book)
    print(found, one.book.answers, other.book.answers)
    assert not found.faults


async def test_a_hub_that_stands_still_keeps_nobody_waiting_and_does_no_harm_when_it_goes_on(
    pair: Pair, mongo: Any
) -> None:
    """It may have stopped in the middle of a transaction, on the conversations of the other's messages."""
    still, other = (Hooks(hub, pair.webhook, name=f"still-{hub.port}", rate=100) for hub in (pair.a, pair.b))
    async with load(still, other), asyncio.timeout(PATIENCE_S):
        for _ in range(3):
            await more(still, 30)
            with pair.a.standing_still():
                await more(other, 100)
    found = await examine(mongo[pair.a.env["HUB_DATABASE"]], still.book, other.book)
    print(found, still.book.answers, other.book.answers)
    assert not found.faults


async def more(hooks: Hooks, number: int) -> None:
    """Returns when so many more messages have been acknowledged."""
    enough = len(hooks.book.acknowledged) + number
    while len(hooks.book.acknowledged) < enough:
        await asyncio.sleep(0.05)


async def test_a_cut_screen_catches_up_at_the_other_hub(pair: Pair) -> None:
    """F17: what the page has after catching up is what a fresh page loads."""
    screen = await pair.ana.live()
    page = await load_page(pair.ana, (await screen.next("hello"))["cursor"])
    first = await pair.receives(pair.a, "before-the-cut-1")
    apply(page, await with_text(screen, "before-the-cut-1"))
    screen.ws._response.connection.transport.abort()  # no goodbye
    for n in range(3):
        await pair.receives(pair.b, f"while-away-{n}")
    await pair.bruno.ask("POST", f"/api/conversations/{first}/take")
    await pair.bruno.ask("POST", f"/api/conversations/{first}/notes", id="while-away-note", text="falta o endereço")
    other = await pair.ana.live(page["cursor"], hub=pair.b)
    await other.next("presence")  # comes behind everything that was missed
    assert not [frame for frame in other.heard if frame["type"] == "reload"]
    for frame in other.heard:
        apply(page, frame)
    assert page["rows"] == (await load_page(pair.bruno, ""))["rows"]
    await other.ws.close()


async def test_a_screen_that_comes_from_a_hub_that_was_killed_is_told_to_load(pair: Pair) -> None:
    """Its new process has not kept what came before it: then the page loads afresh, and nothing is missed."""
    screen = await pair.ana.live()
    await screen.next("hello")
    await pair.receives(pair.a, "before-the-kill-1")
    cursor = (await with_text(screen, "before-the-kill-1"))["cursor"]
    pair.a.kill()
    await pair.receives(pair.b, "while-dead-1")
    at_b = await pair.ana.live(cursor, hub=pair.b)
    assert (await with_text(at_b, "while-dead-1"))["kind"] == "message.received"
    began = monotonic()
    await pair.a.start()
    print(f"ready again after {monotonic() - began:.1f} s")
    at_a = await pair.ana.live(cursor)
    hello, reload = await at_a.next("hello"), await at_a.next("reload")
    assert hello["cursor"] == reload["cursor"]
    await pair.receives(pair.b, "after-the-kill-1")
    await with_text(at_a, "after-the-kill-1")
    await at_a.ws.close()
    await at_b.ws.close()


async def load_page(agent: AgentAt, cursor: str) -> dict[str, Any]:
    rows = (await agent.ask("GET", "/api/conversations?view=all&limit=100"))["items"]
    return {"cursor": cursor, "rows": {row["id"]: row for row in rows}}


def apply(page: dict[str, Any], frame: dict[str, Any]) -> None:
    """As the inbox does: a row goes over the one it has, unless that is newer."""
    if frame["type"] != "event" or not frame["conversation"]:
        return
    page["cursor"], row = frame["cursor"], frame["conversation"]
    known = page["rows"].get(row["id"])
    if known is None or (row["version"], row["seq"]) >= (known["version"], known["seq"]):
        page["rows"][row["id"]] = row

"""A visitor's socket, from the first hello to the last mark, over a real connection."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSCloseCode, WSMsgType, WSServerHandshakeError, web

from hub.channels.widget import parse
from hub.errors import Invalid, Unavailable
from hub.model import Delivery, IdentityKind
from tests.channels.widget.memory import MemoryDesk, MemoryDesks, site

TOKEN = "t" * 27
PEER = parse.peer(TOKEN)


class Place:
    """A hub's address with one widget behind it, and visitors who come."""

    def __init__(self, url: str, session: ClientSession, desks: MemoryDesks, desk: MemoryDesk) -> None:
        self.url = url
        self.session = session
        self.desks = desks
        self.desk = desk

    async def connect(self, origin: str | None = None, key: str = "loja") -> ClientWebSocketResponse:
        headers = {"Origin": self.url if origin is None else origin}
        return await self.session.ws_connect(f"{self.url}/widget/{key}/socket", headers=headers, compress=15)

    async def visitor(self, token: str = TOKEN) -> ClientWebSocketResponse:
        ws = await self.connect()
        await ask(ws, type="hello", token=token)
        return ws


async def ask(ws: ClientWebSocketResponse, **frame: Any) -> Any:
    await ws.send_json(frame)
    return await ws.receive_json(timeout=2)


async def say(ws: ClientWebSocketResponse, text: str, id: str = "abcdefgh0001") -> Any:
    return await ask(ws, type="message", id=id, text=text)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    desks = MemoryDesks()
    desk = await desks.open("loja", sites=["https://loja.example"])
    runner = web.AppRunner(site(desks), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with ClientSession() as session:
        yield Place(f"http://127.0.0.1:{runner.addresses[0][1]}", session, desks, desk)
    for key in list(desks.at_work):
        await desks.close(key)
    await runner.cleanup()


# --- who may come in


@pytest.mark.parametrize("origin", ["https://loja.example", "https://evil.example", "null", ""])
async def test_only_the_hubs_own_page_opens_a_socket(place: Place, origin: str) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await place.connect(origin)
    assert refused.value.status == 403


async def test_an_unknown_widget_is_not_found(place: Place) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await place.connect(key="other")
    assert refused.value.status == 404


async def test_deflate_is_never_agreed(place: Place) -> None:
    ws = await place.connect()
    assert not ws.compress


# --- first words


async def test_a_stranger_begins_and_gets_a_token_and_then_writes(place: Place) -> None:
    ws = await place.connect()
    assert (await ask(ws, type="hello"))["known"] is False
    token = (await ask(ws, type="begin"))["token"]
    stored = await say(ws, "Oi!")
    assert (stored["type"], stored["attended"]) == ("stored", True)
    assert place.desk.messages[stored["message"]].peer == parse.peer(token)


async def test_a_message_without_a_token_is_refused(place: Place) -> None:
    ws = await place.connect()
    refused = await say(ws, "Oi!")
    assert (refused["type"], refused["code"], refused["id"]) == ("refused", "no_token", "abcdefgh0001")
    assert place.desk.texts == []


async def test_the_same_message_sent_again_is_filed_once(place: Place) -> None:
    first = await say(await place.visitor(), "Oi!")
    again = await say(await place.visitor(), "Oi!")
    assert first["message"] == again["message"]
    assert place.desk.texts == ["Oi!"]


async def test_a_visitor_reads_their_own_history_and_nobody_elses(place: Place) -> None:
    await say(await place.visitor(), "Oi!")
    await place.desk.answer(PEER, "Olá!")
    again = await ask(await place.connect(), type="hello", token=TOKEN)
    assert [message["text"] for message in again["messages"]] == ["Oi!", "Olá!"]
    other = await ask(await place.connect(), type="hello", token="u" * 27)
    assert other["messages"] == []


async def test_who_types_a_customers_address_sees_nothing_of_that_customer(place: Place) -> None:
    ws = await place.visitor("s" * 27)
    await say(ws, "Oi, sou a Maria")
    assert await ask(ws, type="claim", name="Maria", email="maria@example.com") == {"type": "claimed"}
    assert place.desk.claims == [(parse.peer("s" * 27), "Maria", ((IdentityKind.EMAIL, "maria@example.com"),))]
    assert [m["text"] for m in (await ask(ws, type="hello", token="s" * 27))["messages"]] == ["Oi, sou a Maria"]


# --- while it goes on


async def test_what_happens_at_the_desk_reaches_the_visitor(place: Place) -> None:
    ws = await place.visitor()
    stored = await say(ws, "Oi!")
    await place.desk.read(PEER)
    assert await ws.receive_json(timeout=2) == {"type": "seen", "message": stored["message"]}
    await place.desk.type(PEER, True)
    assert await ws.receive_json(timeout=2) == {"type": "typing", "name": "Ana Souza", "on": True}
    await place.desk.answer(PEER, "Tem sim!")
    assert (await ws.receive_json(timeout=2))["message"]["text"] == "Tem sim!"


async def test_marks_and_typing_reach_the_desk_once(place: Place) -> None:
    ws = await place.visitor()
    reply = await place.desk.answer(PEER, "Olá!")
    for _ in range(3):
        await ws.send_json({"type": "mark", "message": reply.id, "state": "read"})
    await ws.send_json({"type": "typing", "on": True})
    await ws.receive_json(timeout=2)
    await ask(ws, type="ping")
    assert place.desk.marks == [(PEER, reply.id, "read")]
    assert place.desk.messages[reply.id].delivery is Delivery.READ
    assert place.desk.typed == [(PEER, True)]


async def test_after_a_gap_the_page_asks_for_what_is_new_with_some_overlap(place: Place) -> None:
    ws = await place.visitor()
    first = await say(ws, "Oi!")
    await place.desk.tell(PEER, {"kind": "lost"})
    assert await ws.receive_json(timeout=2) == {"type": "again"}
    reply = await place.desk.answer(PEER, "Olá!")
    await ws.receive_json(timeout=2)
    again = await ask(ws, type="hello", token=TOKEN, after=first["at"] + 60_000)
    assert reply.id in [message["id"] for message in again["messages"]]


async def test_a_visitor_who_left_is_listened_for_no_more(place: Place) -> None:
    ws = await place.visitor()
    await ws.close()
    for _ in range(50):
        if not place.desk.ears[PEER]:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the desk still tells a socket that is gone")


# --- when things go wrong


async def test_while_the_store_is_away_the_visitor_is_told_to_keep_the_message(place: Place) -> None:
    ws = await place.visitor()
    place.desk.trouble = Unavailable("unavailable", "The store is away.", retry_after=3)
    later = await say(ws, "Oi!")
    assert later == {"type": "later", "code": "unavailable", "id": "abcdefgh0001", "retry_after": 3}
    assert (await say(ws, "Oi!"))["type"] == "stored"


async def test_a_busy_hub_says_later_before_it_does_any_work(place: Place) -> None:
    ws = await place.visitor()
    place.desk.is_busy = True
    assert (await say(ws, "Oi!"))["code"] == "busy"
    assert place.desk.inbounds == []


async def test_what_the_hub_refuses_comes_back_with_the_reason(place: Place) -> None:
    ws = await place.visitor()
    place.desk.trouble = Invalid("too_long", "This is too long.")
    refused = await say(ws, "Oi!")
    assert (refused["type"], refused["code"], refused["id"]) == ("refused", "too_long", "abcdefgh0001")


async def test_more_than_a_burst_of_messages_has_to_wait(place: Place) -> None:
    ws = await place.visitor()
    answers = [await say(ws, "Oi!", f"abcdefgh{n:04}") for n in range(25)]
    assert [answer["type"] for answer in answers[:20]] == ["stored"] * 20
    assert {answer.get("code") for answer in answers[20:]} == {"too_fast"}


@pytest.mark.parametrize("wire", ["", "x", "[" * 9_000, '{"type":"message"}', '{"$where":"1"}'])
async def test_a_frame_that_cannot_be_read_is_refused_and_the_socket_lives_on(place: Place, wire: str) -> None:
    ws = await place.visitor()
    await ws.send_str(wire)
    assert (await ws.receive_json(timeout=2))["type"] == "refused"
    assert (await say(ws, "Oi!"))["type"] == "stored"


async def test_a_binary_frame_closes_its_socket(place: Place) -> None:
    ws = await place.visitor()
    await ws.send_bytes(b"\x00\x01")
    assert (await ws.receive(timeout=2)).data == WSCloseCode.UNSUPPORTED_DATA


async def test_a_huge_frame_closes_its_socket(place: Place) -> None:
    ws = await place.visitor()
    await ws.send_str("x" * (parse.FRAME_MAX + 1))
    assert (await ws.receive(timeout=2)).data == WSCloseCode.MESSAGE_TOO_BIG


async def test_a_flood_of_rubbish_is_closed_and_others_do_not_feel_it(place: Place) -> None:
    calm, wild = await place.visitor(), await place.visitor("w" * 27)
    for n in range(1_000):
        if wild.closed:
            break
        try:
            await wild.send_str(json.dumps({"n": n, "x": os.urandom(20).hex()}))
        except ConnectionError:
            break
    closed = [message async for message in wild]
    assert wild.close_code == WSCloseCode.POLICY_VIOLATION
    assert len(closed) < 100
    assert (await say(calm, "Oi!"))["type"] == "stored"


async def test_a_slow_reader_is_closed_when_a_megabyte_waits(place: Place) -> None:
    slow, calm = await place.visitor(), await place.visitor("c" * 27)
    transport = slow.get_extra_info("socket") and slow._conn.transport  # no public way to stop reading
    transport.pause_reading()
    for _ in range(400):
        await asyncio.wait_for(place.desk.answer(PEER, "x" * 50_000), 1)
        if not place.desk.ears[PEER]:
            break
        await asyncio.sleep(0)
    assert not place.desk.ears[PEER]
    assert (await say(calm, "Oi!"))["type"] == "stored"


async def test_a_widget_that_changes_sends_its_visitors_back(place: Place) -> None:
    ws = await place.visitor()
    await place.desks.close("loja")
    assert (await ws.receive(timeout=2)).data == WSCloseCode.SERVICE_RESTART


async def test_a_silent_socket_is_asked_and_then_given_up(place: Place) -> None:
    ws = await place.session.ws_connect(
        f"{place.url}/widget/loja/socket", headers={"Origin": place.url}, autoping=False
    )
    (seat,) = place.desks.at_work["loja"][1]._seats
    await seat.check()
    assert (await ws.receive(timeout=2)).type is WSMsgType.PING
    await ws.pong()
    await ask(ws, type="ping")
    assert seat.quiet == 0
    for _ in range(3):
        await seat.check()
    kinds = [(await ws.receive(timeout=2)).type for _ in range(3)]
    assert kinds == [WSMsgType.PING, WSMsgType.PING, WSMsgType.CLOSED]


# --- pages


async def test_the_loader_is_cached_by_its_tag(place: Place) -> None:
    first = await place.session.get(f"{place.url}/widget.js")
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = await place.session.get(f"{place.url}/widget.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304


async def test_the_page_may_be_shown_by_its_sites_only_and_runs_nothing_inline(place: Place) -> None:
    page = await place.session.get(f"{place.url}/widget/loja?language=en")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self' https://loja.example")
    assert "unsafe" not in policy
    assert "Set-Cookie" not in page.headers
    assert '<html lang="en">' in await page.text()


async def test_what_an_admin_typed_stays_text_in_the_page(place: Place) -> None:
    await place.desks.open("odd", title='"><script>alert(1)</script>', greeting="${key} $x & 'co'")
    text = await (await place.session.get(f"{place.url}/widget/odd?language=%22%3E")).text()
    assert "<script>alert" not in text
    assert "${key} $x &amp; &#x27;co&#x27;" in text
    assert '<html lang="pt-BR">' in text


@pytest.mark.parametrize(
    ("origin", "status"), [("https://loja.example", 200), ("https://evil.example", 403), (None, 200)]
)
async def test_the_button_shows_on_the_widgets_sites_only(place: Place, origin: str | None, status: int) -> None:
    answer = await place.session.get(f"{place.url}/widget/loja/button", headers={"Origin": origin} if origin else {})
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == (origin or "*")

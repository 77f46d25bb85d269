"""Every open screen follows what happens, and shows no more than its agent may see."""

import asyncio
import json
from datetime import timedelta
from random import Random

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from hub.inbox.give import LetWait, Plan
from hub.inbox.outbox import Release
from hub.model import Company, Conversation, Needs
from hub.routing.decision import Decision, Outcome, Why
from hub.web import live as live_module
from hub.web import sockets
from hub.web.session import issue_token
from tests.cast import inbound
from tests.web.conftest import Browser, Counter, Screen
from tests.web.test_rights import Put


async def opened(counter: Counter, who: str = "ana") -> tuple[Browser, Screen, str]:
    browser = await counter.browser(who)
    screen = await browser.live()
    return browser, screen, (await screen.next("hello"))["cursor"]


async def test_a_customers_message_is_on_every_screen(counter: Counter):
    screens = [(await opened(counter, who))[1] for who in ("ana", "bruno", "carla")]
    received = await counter.message("Oi, tudo bem?")
    for screen in screens:
        frame = await screen.next("event", kind="message.received")
        assert frame["message"]["text"] == "Oi, tudo bem?"
        assert frame["conversation"]["id"] == received.conversation
        assert frame["actor"]["kind"] == "customer"


async def test_a_frame_has_the_same_row_and_message_as_the_page_loads(counter: Counter):
    ana, screen, _ = await opened(counter)
    received = await counter.message()
    frame = await screen.next("event", kind="message.received")
    loaded = await (await ana.get(f"/api/conversations/{received.conversation}")).json()
    assert frame["conversation"] == loaded["conversation"]
    assert {"type": "message", "message": frame["message"]} in loaded["entries"]


async def test_events_come_in_order_each_with_its_place(counter: Counter):
    ana, screen, _ = await opened(counter)
    received = await counter.message()
    await ana.post(f"/api/conversations/{received.conversation}/take")
    await ana.post(f"/api/conversations/{received.conversation}/resolve")
    await screen.next("event", kind="conversation.resolved")
    events = [frame for frame in screen.heard if frame["type"] == "event"]
    kinds = [frame["kind"] for frame in events]
    assert kinds[:2] == ["conversation.begun", "message.received"]
    assert kinds[2:] == ["conversation.assigned", "conversation.resolved"]
    assert [frame["cursor"] for frame in events] == sorted(frame["cursor"] for frame in events)
    assert events[2]["data"]["assignee_name"] == "Ana Souza"


async def test_a_reply_taken_back_goes_from_every_screen(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), (await opened(counter, "bruno"))[1]
    path = f"/api/conversations/{received.conversation}/replies"
    reply = await (await ana.post(path, id="reply-000001", text="Oi", last_out_seq=0)).json()
    assert (await bruno.next("event", kind="message.queued"))["message"]["id"] == reply["id"]
    await ana.delete(f"{path}/{reply['id']}")
    withdrawn = await bruno.next("event", kind="message.withdrawn")
    assert (withdrawn["message"], withdrawn["data"]["message"]) == (None, reply["id"])


async def test_every_screen_learns_that_a_reply_has_gone_out(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), (await opened(counter, "bruno"))[1]
    path = f"/api/conversations/{received.conversation}/replies"
    await ana.post(path, id="reply-000001", text="Oi", last_out_seq=0)
    await ana.post(f"{path}/reply-000001/send")
    await counter.house.filing.submit(Release("reply-000001"))
    frame = await bruno.next("event", kind="message.state")
    assert (frame["message"]["delivery"], frame["conversation"]["id"]) == ("sent", received.conversation)


async def test_a_screen_that_was_cut_gets_what_it_missed_and_then_the_rest(counter: Counter):
    ana, screen, cursor = await opened(counter)
    await screen.ws.close()
    missed = [(await counter.message(f"line {n}")).message for n in range(20)]
    back = await ana.live(cursor)
    missed.append((await counter.message("after")).message)
    await back.next("event", kind="message.received")
    while back.heard[-1].get("message", {}).get("text") != "after":
        await back.next("event", kind="message.received")
    assert back.heard[0]["type"] == "hello"
    got = [each["message"]["id"] for each in back.heard if each.get("kind") == "message.received"]
    assert list(dict.fromkeys(got)) == missed


async def test_a_place_that_nobody_remembers_means_load_afresh(counter: Counter):
    ana = await counter.browser("ana")
    for cursor in ("8263", "x" * 500, "%00", "82" * 60):
        screen = await ana.live(cursor)
        await screen.next("hello")
        reload = await screen.next("reload")
        assert reload["cursor"] == counter.house.feed.cursor


async def test_too_much_was_missed_means_load_afresh(counter: Counter, monkeypatch):
    monkeypatch.setattr(live_module, "CATCH_UP_MOST", 3)
    (ana, screen, cursor), (_, bruno, _) = await opened(counter, "ana"), await opened(counter, "bruno")
    await screen.ws.close()
    for _ in range(4):
        await counter.message()
        await bruno.next("event", kind="message.received")
    assert (await (await ana.live(cursor)).next("reload"))["why"] == "too_old"


async def test_what_another_team_has_is_not_shown_and_what_it_takes_goes(counter: Counter):
    company = await counter.house.reader.company()
    await counter.house.filing.submit(Put(Company, company.id, {"agents_see_all": False}))
    await counter.house.directory.refresh()
    received = await counter.message("de todos")
    ana, screen, _ = await opened(counter, "ana")
    await ana.post(f"/api/conversations/{received.conversation}/take")
    await screen.next("event", kind="conversation.assigned")
    await screen.say(type="looking", conversation=received.conversation)
    await screen.next("looking")
    await counter.house.filing.submit(Put(Conversation, received.conversation, {"team": "billing"}))
    bruno = await counter.browser("bruno")
    await bruno.client.post(
        f"/api/conversations/{received.conversation}/take", json={"from": "ana"}, headers={"Sec-Fetch-Site": "none"}
    )
    assert (await screen.next("gone"))["conversation"] == received.conversation
    typing = {"kind": "typing", "conversation": received.conversation, "who": {"id": "c", "name": "Rosa"}, "on": True}
    await counter.house.presence.tell(typing)
    await counter.message("nicht für Ana")
    await counter.message("para todos", visitor="v2")
    await screen.next("event", kind="message.received")
    assert "nicht für Ana" not in json.dumps(screen.heard, ensure_ascii=False)
    assert "Rosa" not in json.dumps(screen.heard, ensure_ascii=False)


async def test_what_turns_out_to_be_for_another_team_goes(counter: Counter):
    company = await counter.house.reader.company()
    await counter.house.filing.submit(Put(Company, company.id, {"agents_see_all": False}))
    await counter.house.directory.refresh()
    (_, ana, _), (_, bruno, _) = await opened(counter, "ana"), await opened(counter, "bruno")
    new = await counter.house.reader.conversation((await counter.message("de todos")).conversation)
    decision = Decision(Outcome.NOBODY, Why.NOBODY_HERE, needs=Needs(teams=("billing",)))
    later = counter.house.clock.now() + timedelta(minutes=1)
    await counter.house.filing.submit(LetWait(Plan(new.id, new.version, new.seq, 0, decision, later)))
    assert (await ana.next("gone"))["conversation"] == new.id
    await bruno.next("event", kind="conversation.waits")


async def test_counts_follow_and_come_only_when_they_change(counter: Counter):
    _, screen, _ = await opened(counter)
    assert await screen.next("counts") == {"type": "counts", "mine": 0, "waiting": 0, "team": 0, "all": 0}
    await counter.message()
    await screen.next("counts", waiting=1)
    for _ in range(5):
        await counter.message()
    await counter.message(visitor="v2")
    await screen.next("counts", waiting=2)
    assert sum(frame["type"] == "counts" for frame in screen.heard) == 3


async def test_agents_see_who_else_looks(counter: Counter):
    received = await counter.message()
    (_, ana, _), (_, bruno, _) = await opened(counter, "ana"), await opened(counter, "bruno")
    await ana.say(type="looking", conversation=received.conversation)
    assert (await ana.next("looking"))["agents"] == []
    await bruno.say(type="looking", conversation=received.conversation)
    seen = await ana.next("looking", agents=[{"id": "bruno", "name": "Bruno Lima"}])
    assert seen["conversation"] == received.conversation
    await bruno.next("looking", agents=[{"id": "ana", "name": "Ana Souza"}])
    await bruno.ws.close()
    await ana.next("looking", agents=[])


async def test_typing_shows_to_those_who_look_but_not_to_oneself(counter: Counter):
    received = await counter.message()
    (_, ana, _), (_, bruno, _) = await opened(counter, "ana"), await opened(counter, "bruno")
    for screen in (ana, bruno):
        await screen.say(type="looking", conversation=received.conversation)
        await screen.next("looking")
    await ana.say(type="typing", conversation=received.conversation, on=True)
    typing = await bruno.next("typing")
    assert (typing["who"], typing["on"]) == ({"kind": "agent", "id": "ana", "name": "Ana Souza"}, True)
    await bruno.say(type="typing", conversation=received.conversation, on=True)
    assert (await ana.next("typing"))["who"]["id"] == "bruno"


async def test_what_one_may_not_see_one_cannot_look_at(counter: Counter):
    _, screen, _ = await opened(counter)
    await screen.say(type="looking", conversation="0" * 26)
    await screen.say(type="typing", conversation="0" * 26, on=True)
    await screen.say(type="ping")
    await screen.next("pong")
    assert not any(frame["type"] in ("looking", "typing") for frame in screen.heard)


async def test_who_is_online_shows(counter: Counter):
    _, ana, _ = await opened(counter, "ana")
    await ana.next("presence", online=["ana"])
    await opened(counter, "bruno")
    await ana.next("presence", online=["ana", "bruno"])


async def test_only_our_own_pages_open_a_socket(counter: Counter):
    ana = await counter.browser("ana")
    for origin in ("https://evil.example", "null", None):
        with pytest.raises(WSServerHandshakeError) as refused:
            await ana.client.ws_connect("/api/live", origin=origin)
        assert refused.value.status == 403


async def test_a_program_opens_one_with_its_token(counter: Counter):
    token = await issue_token(counter.house.sessions, counter.house.clock, "ana")
    program = await counter.visitor()
    ws = await program.client.ws_connect("/api/live", headers={"Authorization": f"Bearer {token}"})
    assert (await Screen(ws).next("hello"))["cursor"]


async def test_a_stranger_is_sent_away(counter: Counter):
    screen = await (await counter.visitor()).live()
    assert (await screen.next("bye"))["why"] == "signed_out"
    assert (await screen.ws.receive(timeout=5)).type is WSMsgType.CLOSE


async def test_a_switch_of_company_loads_every_page_anew(counter: Counter):
    _, screen, _ = await opened(counter)
    await counter.live.close("switched")
    assert (await screen.next("bye"))["why"] == "switched"


async def test_a_session_ended_behind_our_back_is_noticed(counter: Counter, monkeypatch):
    monkeypatch.setattr(live_module, "ROUND_S", 0.2)
    _, screen, _ = await opened(counter)
    await screen.next("presence")
    await counter.database["sessions"].delete_many({})
    await counter.house.presence.tell({"kind": "online"})
    assert (await screen.next("bye"))["why"] == "signed_out"


JUNK = [
    "",
    "null",
    "[]",
    "{",
    '{"type":"looking"}',
    '{"type":"looking","conversation":{"$ne":""}}',
    '{"type":"looking","conversation":["a"]}',
    '{"type":"typing","conversation":"a","on":"yes"}',
    '{"type":"event","kind":"message.received"}',
    '{"type":"bye"}',
    '{"type":"ping","more":1}',
    "[" * 4000,
    '{"type":"looking","conversation":"../x"}',
]


async def test_nonsense_is_passed_over(counter: Counter):
    _, screen, _ = await opened(counter)
    for junk in JUNK:
        await screen.ws.send_str(junk)
    await screen.ws.send_bytes(b"\0\xff")
    await screen.say(type="ping")
    await screen.next("pong")


async def test_too_long_a_frame_ends_only_its_own_socket(counter: Counter):
    _, ana, _ = await opened(counter, "ana")
    _, bruno, _ = await opened(counter, "bruno")
    await ana.ws.send_str("x" * 5000)
    while (await ana.ws.receive(timeout=5)).type is WSMsgType.TEXT:
        pass
    assert ana.ws.close_code == 1009
    await counter.message()
    await bruno.next("event", kind="message.received")


async def test_a_hundred_thousand_random_frames_disturb_nobody(counter: Counter):
    """Raw bytes on the wire: broken frames, broken text, broken JSON, and well-formed nonsense."""
    random, ana = Random(7), await counter.browser("ana")
    _, bruno, _ = await opened(counter, "bruno")
    sent = 0
    while sent < 100_000:
        screen = await ana.live()
        sent += await _flood(screen, random, 2_000)
    received = await counter.message("ainda aqui?")
    frame = await bruno.next("event", kind="message.received")
    assert frame["conversation"]["id"] == received.conversation
    assert (await ana.get("/api/counts")).status == 200


async def _flood(screen: Screen, random: Random, frames: int) -> int:
    """Masked client frames with random insides; every tenth batch with random headers too."""
    wire = bytearray()
    for _ in range(frames):
        body = random.choice(JUNK)[:100].encode() if random.random() < 0.5 else random.randbytes(random.randrange(100))
        opcode = random.choice((1, 1, 1, 2, 9, 10)) if random.random() < 0.98 else random.randrange(16)
        wire += bytes((0x80 | opcode, 0x80 | len(body))) + b"\0\0\0\0" + body
    transport = screen.ws._response.connection.transport
    transport.write(bytes(wire))
    while (await screen.ws.receive(timeout=10)).type is WSMsgType.TEXT:
        pass
    await screen.ws.close()
    return frames


async def test_who_says_too_much_is_cut_off(counter: Counter):
    _, screen, _ = await opened(counter)
    for _ in range(400):
        await screen.say(type="ping")
    while (await screen.ws.receive(timeout=5)).type is WSMsgType.TEXT:
        pass
    assert screen.ws.close_code == 1008


async def test_a_reader_that_does_not_read_is_cut_off_and_holds_up_nobody(counter: Counter, monkeypatch):
    monkeypatch.setattr(sockets, "BUFFER_MOST", 100_000)
    _, screen, _ = await opened(counter, "ana")
    _, bruno, _ = await opened(counter, "bruno")
    deaf = screen.ws._response.connection.transport
    deaf.pause_reading()
    kept = len(counter.live._sockets)
    for n in range(60):
        await counter.message("x" * 90_000, visitor=f"v{n % 5}")
        await bruno.next("event", kind="message.received")
    assert len(counter.live._sockets) == kept - 1
    await counter.message("ainda")
    assert (await bruno.next("event", kind="message.received"))["message"]["text"] == "ainda"
    deaf.resume_reading()


async def test_new_rights_load_the_page_afresh(counter: Counter):
    _, screen, _ = await opened(counter, "ana")
    admin = await counter.browser("admin")
    await admin.patch("/api/users/ana", role="supervisor")
    assert (await screen.next("reload"))["why"] == "rights"


async def test_following_equals_loading_afresh_after_a_hundred_cuts(counter: Counter):
    """F17: a screen that is cut again and again knows in the end what a fresh load knows."""
    random, rows, cursor = Random(3), {}, ""
    ana = await counter.browser("ana")
    writing = asyncio.create_task(_a_busy_hour(counter))
    for _ in range(30):
        screen = await ana.live(cursor)
        try:
            async with asyncio.timeout(random.uniform(0, 0.08)):
                await screen.next("never")
        except TimeoutError:
            pass
        cursor = _follow(screen, rows, cursor)
        await screen.ws.close()
    await writing
    last = await ana.live(cursor)
    await counter.message("fim", visitor="fim")
    while last.heard[-1:] == [] or (last.heard[-1].get("message") or {}).get("text") != "fim":
        await last.next("event", kind="message.received")
    _follow(last, rows, cursor)
    fresh = await (await ana.get("/api/conversations?view=all&limit=200")).json()
    assert {id: row["seq"] for id, row in rows.items()} == {row["id"]: row["seq"] for row in fresh["items"]}


def _follow(screen: Screen, rows: dict, cursor: str) -> str:
    """As the page does: no row gives way to an older one."""
    for frame in screen.heard:
        if frame["type"] == "hello" and not cursor:
            cursor = frame["cursor"]
        if frame["type"] == "event":
            cursor, row = frame["cursor"], frame["conversation"]
            known = rows.get(row["id"], row)
            rows[row["id"]] = row if (row["version"], row["seq"]) >= (known["version"], known["seq"]) else known
    return cursor


async def _a_busy_hour(counter: Counter) -> None:
    for n in range(150):
        await counter.house.filing.submit(_receive(n))
        await asyncio.sleep(0.005)


def _receive(n: int):
    from hub.inbox.receive import Receive

    return Receive(inbound(f"line {n}", visitor=f"v{n % 12}"))


async def test_who_is_here_is_heard_of_however_often_others_come(counter: Counter, monkeypatch):
    await opened(counter)
    monkeypatch.setattr(live_module, "ROUND_S", 0.3)
    presence = counter.house.presence
    presence._beats.clear()
    async with asyncio.timeout(20):
        while "ana" not in presence._beats:
            await presence.tell({"kind": "online"})
            await asyncio.sleep(0.05)

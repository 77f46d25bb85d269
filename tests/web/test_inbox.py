"""The agent's day, by the API: what the page asks and what it gets."""

import re

from cryptography.fernet import Fernet

from hub.box import FernetBox
from hub.inbox.channels import PutChannel
from hub.inbox.desk import HouseDesks
from hub.model import Attachment, ChannelRecord, IdentityKind, Sender
from tests.web.conftest import Counter

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


async def test_a_customers_message_stands_in_the_list(counter: Counter):
    received = await counter.message("Meu pedido não chegou", visitor="v1")
    ana = await counter.browser("ana")
    page = await (await ana.get("/api/conversations?view=waiting")).json()
    (row,) = page["items"]
    assert (row["id"], row["number"], row["turn"], row["assignee"]) == (received.conversation, 1, "us", None)
    assert row["last"]["text"] == "Meu pedido não chegou"
    assert TIME.fullmatch(row["waiting_since"])
    assert row["reach"] == [{"channel": "chat", "kind": "widget", "to": "visitor:v1"}]
    assert page["next"] is None


async def test_pages_follow_one_another_without_a_gap(counter: Counter):
    for n in range(7):
        await counter.message(visitor=f"v{n}")
    ana, seen, after = await counter.browser("ana"), [], ""
    for _ in range(4):
        page = await (await ana.get(f"/api/conversations?limit=2{after}")).json()
        seen += [row["rank"] for row in page["items"]]
        after = f"&after={page['next']}"
    assert page["next"] is None
    assert len(seen) == 7
    assert seen == sorted(seen)


async def test_a_conversation_opens_by_id_or_number_with_what_happened_in_it(counter: Counter):
    received = await counter.message()
    ana = await counter.browser("ana")
    await ana.post(f"/api/conversations/{received.conversation}/take")
    opened = await (await ana.get("/api/conversations/1")).json()
    assert opened == await (await ana.get(f"/api/conversations/{received.conversation}")).json()
    kinds = [each.get("kind", "message") for each in opened["entries"]]
    assert kinds == ["conversation.begun", "message", "conversation.assigned"]
    assigned = opened["entries"][2]
    assert assigned["data"] | {"assignee": "ana", "assignee_name": "Ana Souza"} == assigned["data"]
    assert assigned["actor"] == {"kind": "agent", "id": "ana", "name": "Ana Souza"}
    assert opened["customer"]["identities"] == [{"kind": "visitor", "value": "v1", "verified": True}]


async def test_older_entries_come_by_the_page(counter: Counter):
    for n in range(60):
        received = await counter.message(f"line {n}")
    ana = await counter.browser("ana")
    opened = await (await ana.get(f"/api/conversations/{received.conversation}")).json()
    older = await (
        await ana.get(f"/api/conversations/{received.conversation}/entries?before={opened['before']}")
    ).json()
    texts = [each["message"]["text"] for each in [*older["entries"], *opened["entries"]] if each["type"] == "message"]
    assert texts == [f"line {n}" for n in range(60)]
    assert older["before"] is None


async def test_what_happens_between_two_pages_stands_on_one_of_them(counter: Counter):
    received, ana = await counter.message("line 0"), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}"
    await ana.post(f"{path}/take")
    for n in range(1, 51):
        await counter.message(f"line {n}")
    opened = await (await ana.get(path)).json()
    older = await (await ana.get(f"{path}/entries?before={opened['before']}")).json()
    assert [each["message"]["text"] for each in older["entries"] if each["type"] == "message"] == ["line 0"]
    kinds = [each["kind"] for each in [*older["entries"], *opened["entries"]] if each["type"] == "event"]
    assert kinds == ["conversation.begun", "conversation.assigned"]


async def test_what_a_customer_says_of_themselves_is_a_line_in_their_conversation(counter: Counter):
    sender = Sender(("visitor:v1",), "Maria", ((IdentityKind.EMAIL, "maria@ufpe.example"),))
    received, ana = await counter.message(sender=sender), await counter.browser("ana")
    opened = await (await ana.get(f"/api/conversations/{received.conversation}")).json()
    last = opened["entries"][-1]
    assert (last["type"], last["kind"], last["data"]) == ("event", "claim.added", {"kind": "email"})


async def test_a_reply_waits_can_be_taken_back_and_is_sent_once(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}/replies"
    first = await ana.post(path, id="reply-000001", text="Já vejo!", last_out_seq=0)
    again = await ana.post(path, id="reply-000001", text="Já vejo!", last_out_seq=0)
    queued = await first.json()
    assert (first.status, queued["delivery"], queued["id"]) == (202, "queued", (await again.json())["id"])
    assert TIME.fullmatch(queued["next_at"])
    back = await ana.delete(f"{path}/{queued['id']}")
    assert await back.json() == {"text": "Já vejo!"}
    assert len(await counter.house.reader.messages(received.conversation, before=None, limit=9)) == 1


async def test_two_agents_do_not_answer_past_one_another(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    path = f"/api/conversations/{received.conversation}/replies"
    await ana.post(path, id="reply-000001", text="Já vejo!", last_out_seq=0)
    late = await bruno.post(path, id="reply-000002", text="Oi!", last_out_seq=0)
    problem = await late.json()
    assert (late.status, problem["code"], problem["params"]["name"]) == (409, "answered_meanwhile", "Ana Souza")
    assert TIME.fullmatch(problem["params"]["at"])


async def test_who_answered_meanwhile_is_known_also_after_the_customers_next_line(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    path = f"/api/conversations/{received.conversation}/replies"
    reply = await (await ana.post(path, id="reply-000001", text="Já vejo!", last_out_seq=0)).json()
    await counter.message("Obrigada!")
    late = await (await bruno.post(path, id="reply-000002", text="Oi!", last_out_seq=0)).json()
    assert (late["params"]["name"], late["params"]["at"]) == ("Ana Souza", reply["at"])


async def test_who_takes_by_answering_is_said_before_the_answer(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}"
    await ana.post(f"{path}/replies", id="reply-000001", text="Já vejo!", last_out_seq=0, resolve=True)
    entries = (await (await ana.get(path)).json())["entries"]
    said = [each.get("kind") or each["message"]["direction"] for each in entries]
    assert said[-3:] == ["conversation.assigned", "out", "conversation.resolved"]


async def test_a_note_is_ours(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    answer = await ana.post(f"/api/conversations/{received.conversation}/notes", id="note-0000001", text="VIP")
    note = await answer.json()
    assert (answer.status, note["direction"], note["author"]["name"], note["delivery"]) == (
        201,
        "note",
        "Ana Souza",
        None,
    )


async def test_taking_what_a_colleague_took_is_refused_unless_one_saw_it(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    path = f"/api/conversations/{received.conversation}/take"
    assert (await (await ana.post(path)).json())["assignee"] == {"id": "ana", "name": "Ana Souza"}
    late = await bruno.post(path)
    assert (late.status, (await late.json())["code"]) == (409, "taken_meanwhile")
    knowing = await bruno.client.post(path, json={"from": "ana"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (await knowing.json())["assignee"]["id"] == "bruno"


async def test_it_goes_to_a_colleague_and_back_to_nobody(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}/assign"
    assert (await (await ana.post(path, assignee="bruno", **{"from": None})).json())["assignee"]["id"] == "bruno"
    assert (await (await ana.post(path, assignee=None, **{"from": "bruno"})).json())["assignee"] is None
    assert (await ana.post(path, assignee="nobody-here")).status == 422


async def test_resolved_and_reopened(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    path = f"/api/conversations/{received.conversation}"
    resolved = await (await ana.post(f"{path}/resolve")).json()
    assert (resolved["status"], TIME.fullmatch(resolved["resolved_at"]) is not None) == ("resolved", True)
    assert (await (await ana.get("/api/counts")).json())["all"] == 0
    assert (await (await ana.post(f"{path}/reopen")).json())["status"] == "open"


async def test_seen_is_kept_for_each_person(counter: Counter):
    received, ana = await counter.message(), await counter.browser("ana")
    assert (await ana.post(f"/api/conversations/{received.conversation}/seen", seq=1)).status == 204
    opened = await (await ana.get(f"/api/conversations/{received.conversation}")).json()
    assert opened["conversation"]["seen"] == {"ana": 1}


async def test_ones_own_wishes_are_kept(counter: Counter):
    ana = await counter.browser("ana")
    await ana.patch("/api/me", language="pt-BR", theme="dark", single_keys=False)
    me = (await (await ana.get("/api/start")).json())["me"]
    assert (me["language"], me["theme"], me["single_keys"]) == ("pt-BR", "dark", False)


async def test_colleagues_are_listed_by_name(counter: Counter):
    ana = await counter.browser("ana")
    agents = await (await ana.get("/api/agents")).json()
    assert [each["name"] for each in agents] == ["Ana Souza", "Beatriz Monteiro", "Bruno Lima", "Carla Dias"]
    assert "email" not in agents[0]


async def test_an_admin_adds_somebody_who_can_then_sign_in(counter: Counter):
    admin = await counter.browser("admin")
    body = {"email": "davi@ipe.example", "name": "Davi Reis", "role": "agent", "password": "three plain words"}
    added = await admin.post("/api/users", **body)
    assert (added.status, (await added.json())["disabled"]) == (201, False)
    assert (await (await counter.visitor()).sign_in("davi")).status == 200
    users = await (await admin.get("/api/users")).json()
    assert "password" not in str(users)


async def test_the_last_admin_stays(counter: Counter):
    admin = await counter.browser("admin")
    for change in ({"disabled": True}, {"role": "agent"}):
        answer = await admin.patch("/api/users/admin", **change)
        assert (answer.status, (await answer.json())["code"]) == (409, "last_admin")


async def test_a_channel_says_its_secret_once_and_where_it_is_met(counter: Counter):
    admin = await counter.browser("admin")
    answer = await admin.post("/api/channels", kind="webhook", name="Loja")
    added = await answer.json()
    assert answer.status == 201
    assert added["secret"]
    assert added["address"] == f"http://desk.example/hooks/{added['key']}"
    listed = await (await admin.get("/api/channels")).json()
    assert added["secret"] not in str(listed)
    assert (await (await admin.patch(f"/api/channels/{added['id']}", enabled=False)).json())["enabled"] is False


async def test_a_channel_that_cannot_be_opened_leaves_the_others_open(counter: Counter):
    admin, house = await counter.browser("admin"), counter.house
    foreign = FernetBox([Fernet.generate_key().decode()])  # somebody has changed HUB_SECRET_KEY
    sealed = ChannelRecord("c1", "webhook", "Old", "k1", house.clock.now(), (foreign.seal("whsec_AAAA"),))
    await house.filing.submit(PutChannel(sealed))
    desks = HouseDesks()
    added = await (await admin.post("/api/channels", kind="webhook", name="New")).json()
    await desks.start(house)
    assert desks.by_key("webhook", added["key"])
    await desks.stop()


async def test_a_channel_takes_only_its_kinds_settings(counter: Counter):
    admin = await counter.browser("admin")
    wrong = await admin.post("/api/channels", kind="webhook", name="Loja", settings={"$where": "1"})
    assert (wrong.status, (await wrong.json())["fields"][0]["field"]) == (422, "settings.$where")
    assert (await admin.post("/api/channels", kind="fax", name="Fax")).status == 422


# --- files and frames


async def attached(counter: Counter, content: bytes, name: str, type: str) -> Attachment:
    file = await counter.house.files.put(content, name=name, type=type)
    await counter.message("Veja", attachments=(file,))
    return file


async def test_a_file_comes_as_a_download_that_no_browser_runs(counter: Counter):
    file = await attached(counter, b"<script>alert(1)</script>", 'a"\r\nX: y.html', "text/html")
    answer = await (await counter.browser("ana")).get(f"/api/files/{file.id}?inline=1")
    assert await answer.read() == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_picture_shows_in_place_only_when_its_bytes_are_one(counter: Counter):
    ana = await counter.browser("ana")
    true = await attached(counter, PNG, "foto.png", "image/svg+xml")
    false = await attached(counter, b"<svg onload=alert(1)>", "foto.png", "image/png")
    shown = await ana.get(f"/api/files/{true.id}?inline=1")
    assert (shown.headers["Content-Type"], shown.headers["Content-Disposition"][:6]) == ("image/png", "inline")
    assert (await ana.get(f"/api/files/{true.id}")).headers["Content-Disposition"].startswith("attachment")
    refused = await ana.get(f"/api/files/{false.id}?inline=1")
    assert refused.headers["Content-Disposition"].startswith("attachment")


async def test_a_large_file_arrives_whole(counter: Counter):
    content = bytes(range(256)) * 8_000
    file = await attached(counter, content, "grande.bin", "application/octet-stream")
    assert await (await (await counter.browser("ana")).get(f"/api/files/{file.id}")).read() == content


async def test_bytes_that_no_message_names_are_nobodys(counter: Counter):
    file = await counter.house.files.put(b"x", name="x", type="text/plain")
    admin = await counter.browser("admin")
    assert (await admin.get(f"/api/files/{file.id}")).status == 404
    assert (await admin.get(f"/api/files/{'0' * 43}")).status == 404


async def test_html_is_shown_in_a_frame_that_can_do_nothing(counter: Counter):
    logo = await counter.house.files.put(PNG, name="logo.png", type="image/png")
    html = '<p onclick=x>Oi<script>alert(1)</script><img src="cid:logo.png"><img src="https://t.example/p.gif">'
    received = await counter.message("Oi", html=html, attachments=(logo,))
    answer = await (await counter.browser("ana")).get(f"/api/messages/{received.message}/frame")
    page = await answer.text()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy
    assert f'src="/api/files/{logo.id}?inline=1"' in page
    assert 'data-blocked="1"' in page
    assert not any(word in page for word in ("script", "onclick", "t.example"))


async def test_html_that_is_made_to_take_for_ever_is_shown_as_text(counter: Counter):
    html = "<p>" + "".join(f"<font size={n}>" for n in range(20_000)) + "<p>x" * 100_000
    received = await counter.message("o texto <b>", html=html)
    page = await (await (await counter.browser("ana")).get(f"/api/messages/{received.message}/frame")).text()
    assert "<pre>o texto &lt;b&gt;</pre>" in page


async def test_long_but_honest_html_is_shown(counter: Counter):
    html = "<table>" + "<tr><td style='color:red'>linha</td></tr>" * 4_000 + "</table>"
    received = await counter.message("texto", html=html)
    page = await (await (await counter.browser("ana")).get(f"/api/messages/{received.message}/frame")).text()
    assert page.count("linha") == 4_000

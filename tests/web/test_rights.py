"""Not yours is not found; and what each role may."""

from dataclasses import dataclass, replace

import pytest

from hub.model import Attachment, Company, Conversation, Received
from hub.ports import Ref, Sheet
from tests.web.conftest import Browser, Counter


@dataclass(frozen=True, slots=True)
class Put:
    """Changes a record as it is, behind the verbs' back."""

    kind: type
    id: str
    changes: dict

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(self.kind, self.id)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(replace(sheet.get(self.kind, self.id), **self.changes))


@pytest.fixture
async def foreign(counter: Counter) -> Received:
    """A conversation of the team billing, with HTML and a file, where agents see only what is theirs."""
    file = await counter.house.files.put(b"secret", name="fatura.pdf", type="application/pdf")
    received = await counter.message("Segunda via?", html="<b>Segunda via?</b>", attachments=(file,))
    await counter.house.filing.submit(Put(Conversation, received.conversation, {"team": "billing"}))
    company = await counter.house.reader.company()
    await counter.house.filing.submit(Put(Company, company.id, {"agents_see_all": False}))
    await counter.house.directory.refresh()
    return received


async def file_of(counter: Counter, received: Received) -> Attachment:
    return (await counter.house.reader.messages_by_id([received.message]))[received.message].attachments[0]


async def reads(counter: Counter, browser: Browser, foreign: Received) -> dict[str, int]:
    conversation = await counter.house.reader.conversation(foreign.conversation)
    file = await file_of(counter, foreign)
    paths = [
        f"/api/conversations/{conversation.id}",
        f"/api/conversations/{conversation.number}",
        f"/api/conversations/{conversation.id}/entries?before=5",
        f"/api/customers/{conversation.customer}",
        f"/api/messages/{foreign.message}/frame",
        f"/api/files/{file.id}",
    ]
    return {path: (await browser.get(path)).status for path in paths}


async def test_what_is_another_teams_is_not_found(counter: Counter, foreign: Received):
    statuses = await reads(counter, await counter.browser("ana"), foreign)
    assert set(statuses.values()) == {404}


async def test_the_team_and_the_supervisor_find_all_of_it(counter: Counter, foreign: Received):
    for who in ("bruno", "carla", "admin"):
        statuses = await reads(counter, await counter.browser(who), foreign)
        assert set(statuses.values()) == {200}, (who, statuses)


async def test_nobody_finds_anything_without_signing_in(counter: Counter, foreign: Received):
    statuses = await reads(counter, await counter.visitor(), foreign)
    assert set(statuses.values()) == {401}


async def test_nothing_can_be_done_to_what_is_not_found(counter: Counter, foreign: Received):
    ana, path = await counter.browser("ana"), f"/api/conversations/{foreign.conversation}"
    answers = [
        await ana.post(f"{path}/replies", id="reply-000001", text="Oi", last_out_seq=0),
        await ana.post(f"{path}/notes", id="note-0000001", text="Oi"),
        await ana.post(f"{path}/take"),
        await ana.post(f"{path}/assign", assignee="ana"),
        await ana.post(f"{path}/resolve"),
        await ana.post(f"{path}/reopen"),
        await ana.post(f"{path}/seen", seq=1),
        await ana.delete(f"{path}/replies/reply-000001"),
        await ana.post(f"{path}/replies/reply-000001/send"),
    ]
    assert {answer.status for answer in answers} == {404}
    assert (await counter.house.reader.conversation(foreign.conversation)).assignee is None


async def test_a_stranger_to_the_id_cannot_tell_not_there_from_not_mine(counter: Counter, foreign: Received):
    ana = await counter.browser("ana")
    mine = await (await ana.get(f"/api/conversations/{foreign.conversation}")).json()
    nothing = await (await ana.get(f"/api/conversations/{'0' * 26}")).json()
    assert mine == nothing


async def test_lists_and_counts_leave_it_out(counter: Counter, foreign: Received):
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    for browser, seen in ((ana, 0), (bruno, 1)):
        assert len((await (await browser.get("/api/conversations?view=all")).json())["items"]) == seen
        assert (await (await browser.get("/api/counts")).json())["all"] == seen


async def test_a_reply_of_somebody_else_is_not_mine_to_take_back(counter: Counter):
    received = await counter.message()
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    path = f"/api/conversations/{received.conversation}/replies"
    reply = await (await ana.post(path, id="reply-000001", text="Oi", last_out_seq=0)).json()
    assert (await bruno.delete(f"{path}/{reply['id']}")).status == 404
    assert (await ana.delete(f"{path}/{reply['id']}")).status == 200


async def test_a_message_cannot_be_reached_through_another_conversation(counter: Counter):
    one, other = await counter.message(visitor="v1"), await counter.message(visitor="v2")
    ana = await counter.browser("ana")
    reply = await ana.post(
        f"/api/conversations/{one.conversation}/replies", id="reply-000001", text="Oi", last_out_seq=0
    )
    id = (await reply.json())["id"]
    assert (await ana.delete(f"/api/conversations/{other.conversation}/replies/{id}")).status == 404


ROLES = [
    ("GET", "/api/users", {"admin"}),
    ("POST", "/api/users", {"admin"}),
    ("PATCH", "/api/users/ana", {"admin"}),
    ("GET", "/api/channels", {"carla", "admin"}),
    ("POST", "/api/channels", {"admin"}),
    ("PATCH", "/api/channels/c1", {"admin"}),
    ("GET", "/api/quarantine", {"carla", "admin"}),
    ("POST", "/api/quarantine/q1/retry", {"carla", "admin"}),
    ("GET", "/api/quarantine/q1/raw", {"carla", "admin"}),
    ("DELETE", "/api/demo", {"admin"}),
    ("PATCH", "/api/company", {"admin"}),
    ("GET", "/api/agents", {"ana", "carla", "admin"}),
    ("PATCH", "/api/agents/bruno", {"carla", "admin"}),
    ("PUT", "/api/me/availability", {"ana", "carla", "admin"}),
    ("GET", "/api/offers", {"ana", "carla", "admin"}),
    ("GET", "/api/board", {"carla", "admin"}),
    ("POST", "/api/teams", {"carla", "admin"}),
    ("PATCH", "/api/teams/t", {"carla", "admin"}),
    ("DELETE", "/api/teams/t", {"carla", "admin"}),
    ("POST", "/api/skills", {"carla", "admin"}),
    ("PATCH", "/api/skills/s", {"carla", "admin"}),
    ("DELETE", "/api/skills/s", {"carla", "admin"}),
    ("POST", "/api/hours", {"carla", "admin"}),
    ("PATCH", "/api/hours/h", {"carla", "admin"}),
    ("DELETE", "/api/hours/h", {"carla", "admin"}),
]


@pytest.mark.parametrize("who", ["ana", "carla", "admin"])
async def test_a_role_may_what_it_may(counter: Counter, who: str):
    browser = await counter.browser(who)
    for method, path, may in ROLES:
        answer = await browser.client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status != 403) == (who in may), (method, path, answer.status)

"""Before a change: a message or a conversation is tried, and the draft is held against everything that waits."""

from datetime import timedelta
from typing import Any

import pytest

from hub.inbox.assign import UNSET, Assign
from tests.cast import CARLA
from tests.web.conftest import Browser, Counter

INVOICES = {
    "id": "invoices",
    "name": "Invoices",
    "when": {"all": [{"field": "text", "op": "mentions", "value": ["boleto", "fatura"]}]},
    "then": {"require": ["billing:2"], "priority": 7, "answer": {"pt": "Um momento!", "en": "Just a moment!"}},
}
SPANISH = {
    "id": "spanish",
    "name": "Spanish",
    "when": {"all": [{"field": "text", "op": "mentions", "value": "reembolso"}]},
    "then": {"require": ["lang-es:2"]},
}


@pytest.fixture
async def carla(counter: Counter) -> Browser:
    """Ana knows billing, Bruno nothing special; who leads takes nothing."""
    browser = await counter.browser("carla")
    for name in ("Billing", "lang es"):
        assert (await browser.post("/api/skills", name=name)).status == 201
    await agent(browser, "ana", skills={"billing": 3})
    await agent(browser, "carla", capacity=0)
    await agent(browser, "admin", capacity=0)
    return browser


async def agent(browser: Browser, id: str, **changes: Any) -> None:
    answer = await browser.patch(f"/api/agents/{id}", **changes)
    assert answer.status == 200, await answer.text()


async def draft(browser: Browser, *rules: dict, revision: int | None = None) -> int:
    answer = await browser.put("/api/routing/draft", rules=list(rules), revision=revision)
    assert answer.status == 200, await answer.text()
    return (await answer.json())["draft"]["revision"]


async def live(browser: Browser, *rules: dict) -> None:
    answer = await browser.post("/api/routing/publish", revision=await draft(browser, *rules))
    assert answer.status == 200, await answer.text()


async def chat(counter: Counter) -> str:
    """The channel's id."""
    found = await (await counter.browser("admin")).post("/api/channels", kind="widget", name="Chat")
    return (await found.json())["id"]


async def tried(browser: Browser, **body: Any) -> dict[str, Any]:
    answer = await browser.post("/api/routing/try", **body)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def queue(browser: Browser) -> dict[str, Any]:
    answer = await browser.post("/api/routing/queue")
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_a_typed_message_tells_what_matches_what_it_needs_and_whom_it_goes_to(counter: Counter, carla: Browser):
    await draft(carla, {**SPANISH, "enabled": False}, INVOICES)
    message = {"text": "Oi! Não consegui pagar o boleto, e agora?", "channel": await chat(counter)}
    found = await tried(carla, rules="draft", message=message)
    assert found["matched"] == [{"id": "invoices", "name": "Invoices", "index": 1}]
    assert (found["facts"]["language"], found["facts"]["first_contact"]) == ("pt", True)
    assert found["answers"] == ["Um momento!"]
    decision = found["decision"]
    assert (decision["outcome"], decision["agent"]["name"], decision["why"]) == ("assigned", "Ana Souza", "only_one")
    assert decision["needs"]["require"] == [{"id": "billing", "name": "Billing", "level": 2}]
    assert decision["needs"]["rules"] == [{"id": "invoices", "name": "Invoices"}]
    assert (decision["needs"]["weight"], decision["needs"]["priority"]) == (2, 7)


async def test_it_tells_what_is_asked_later_and_of_which_other_rules_a_step_asks_less(counter: Counter, carla: Browser):
    relax = [{"after_s": 300, "drop": "billing"}, {"after_s": 300, "anybody": True}, {"after_s": 900, "anybody": True}]
    everything: dict[str, Any] = {}
    await carla.post("/api/teams", name="Money")
    await draft(
        carla,
        {"id": "money", "name": "Money", "when": everything, "then": {"team": "money", "require": ["lang-es:2"]}},
        {**INVOICES, "then": {"require": ["billing:2"], "relax": relax}},
    )
    message = {"text": "o boleto", "channel": await chat(counter)}
    (stage,) = (await tried(carla, rules="draft", message=message))[
        "stages"
    ]  # by 900 s there is nothing left to ask less
    assert (stage["after_s"], stage["teams"]) == (300, [])
    assert [(each["id"], each["level"]) for each in stage["require"]] == [("lang-es", 2)]
    assert ([each["id"] for each in stage["rules"]], [each["id"] for each in stage["over"]]) == (
        ["invoices"],
        ["money"],
    )


async def test_the_live_rules_are_tried_beside_the_draft(counter: Counter, carla: Browser):
    message = {"text": "o boleto", "channel": await chat(counter)}
    await draft(carla, INVOICES)
    assert (await tried(carla, rules="live", message=message))["matched"] == []
    assert (await tried(carla, rules="draft", message=message))["matched"] != []


async def test_a_message_is_tried_at_another_time_and_for_another_kind_of_customer(counter: Counter, carla: Browser):
    week = {str(day): [{"start": 540, "end": 1080}] for day in range(1, 8)}
    made = await carla.post("/api/hours", name="Desk", time_zone="America/Recife", week=week)
    await carla.patch("/api/routing/settings", hours=(await made.json())["id"])
    closed = {"all": [{"field": "hours", "op": "is", "value": "closed"}]}
    former = {"all": [{"field": "lifecycle", "op": "is", "value": "former"}]}
    await draft(
        carla,
        {"id": "night", "name": "Night", "when": closed, "then": {"priority": 2}},
        {"id": "back", "name": "Back again", "when": former, "then": {"priority": 8}},
    )
    message = {"text": "Oi", "channel": await chat(counter), "lifecycle": "former"}
    by_day = await tried(carla, rules="draft", message={**message, "at": "2026-03-02T12:00:00-03:00"})
    by_night = await tried(carla, rules="draft", message={**message, "at": "2026-03-02T23:00:00-03:00"})
    assert [each["id"] for each in by_day["matched"]] == ["back"]
    assert [each["id"] for each in by_night["matched"]] == ["night", "back"]


async def test_a_message_of_somebody_known_is_tried_with_what_is_known_of_them(counter: Counter, carla: Browser):
    received = await counter.message("Oi")
    await counter.house.filing.submit(Assign(CARLA, received.conversation, "bruno", UNSET))
    known = (await counter.house.reader.conversation(received.conversation)).customer
    message = {"text": "Oi de novo", "channel": await chat(counter), "customer": known}
    found = await tried(carla, rules="live", message=message)
    assert (found["facts"]["first_contact"], found["facts"]["previous_agent"]["name"]) == (False, "Bruno Lima")
    assert (found["decision"]["agent"]["id"], found["decision"]["why"]) == ("bruno", "preferred")


async def test_a_conversation_that_somebody_has_is_tried_as_if_it_waited(counter: Counter, carla: Browser):
    await draft(carla, INVOICES)
    received = await counter.message("E a minha fatura?")
    await counter.house.filing.submit(Assign(CARLA, received.conversation, "bruno", UNSET))
    found = await tried(carla, rules="draft", conversation=received.conversation)
    assert (found["held_by"]["name"], found["decision"]["agent"]["name"]) == ("Bruno Lima", "Ana Souza")
    stays = await counter.house.reader.conversation(received.conversation)
    assert stays.assignee == "bruno"


async def test_a_conversation_takes_no_room_from_itself(counter: Counter, carla: Browser):
    await draft(carla, INVOICES)
    await agent(carla, "ana", capacity=2)
    received = await counter.message("E a minha fatura?")
    await counter.house.filing.submit(Assign(CARLA, received.conversation, "ana", UNSET))
    found = await tried(carla, rules="draft", conversation=received.conversation)
    assert found["decision"]["agent"]["name"] == "Ana Souza"


async def test_what_is_not_there_cannot_be_tried(counter: Counter, carla: Browser):
    channel = await chat(counter)
    for body in (
        {"message": {"text": "Oi", "channel": "none"}},
        {"message": {"text": "Oi", "channel": channel, "customer": "nobody"}},
        {"conversation": "none"},
    ):
        assert (await carla.post("/api/routing/try", **body)).status == 404, body
    both = {"message": {"text": "Oi", "channel": channel}, "conversation": "1"}
    wrong = [{"text": "x" * 20_001}, {"at": "9999-12-31T23:59:59Z"}, {"at": "2026-03-02T12:00:00"}, {"lifecycle": "x"}]
    messages = [{"message": {"text": "Oi", "channel": channel, **each}} for each in wrong]
    for body in ({}, both, {"rules": "old", "conversation": "1"}, *messages):
        assert (await carla.post("/api/routing/try", **body)).status == 422, body


async def test_faulty_drafts_are_not_tried(counter: Counter, carla: Browser):
    await draft(carla, {**INVOICES, "then": {"require": ["billing:9"]}})
    message = {"text": "o boleto", "channel": await chat(counter)}
    for path, body in (("try", {"message": message}), ("queue", {})):
        answer = await carla.post(f"/api/routing/{path}", **body)
        assert (answer.status, (await answer.json())["code"]) == (422, "rules_faulty")


async def test_the_queue_check_counts_who_would_go_at_once_and_what_would_change(counter: Counter, carla: Browser):
    await agent(carla, "ana", capacity=2)
    await agent(carla, "bruno", capacity=2)
    await live(carla, {**INVOICES, "then": {"priority": 9}})
    await counter.message("A", visitor="a")
    invoice = await counter.message("O boleto", visitor="b")
    third = await counter.message("C", visitor="c")
    await draft(carla, INVOICES)
    found = await queue(carla)
    assert (found["waiting"], found["checked"]) == (3, 3)
    assert found["live"] == {"at_once": 2, "waits": 1, "nobody": 0}
    assert found["draft"] == {"at_once": 2, "waits": 1, "nobody": 0}
    fates = {each["conversation"]["id"]: each["draft"]["fate"] for each in found["rows"]}
    assert sorted(fates.values()) == ["at_once", "at_once", "waits"]
    assert fates[third.conversation] == "waits"
    told = {each["conversation"]["id"]: (each["live"], each["draft"]) for each in found["changes"]}
    assert found["different"] == len(told)
    assert third.conversation not in told  # it finds no room by either rules
    waiting = await counter.house.reader.conversation(invoice.conversation)
    assert (waiting.assignee, waiting.needs) == (None, None)


async def test_the_queue_check_names_the_skill_that_is_missing_and_who_has_it(counter: Counter, carla: Browser):
    until = counter.house.clock.now() + timedelta(hours=2)
    await agent(carla, "bruno", skills={"lang-es": 4})
    away = {"availability": "away", "reason": "lunch", "until": until.isoformat()}
    assert (await carla.put("/api/agents/bruno/availability", **away)).status == 200
    first = await counter.message("Quiero un reembolso", visitor="a")
    await counter.message("¿Y mi reembolso?", visitor="b")
    await counter.message("Oi", visitor="c")
    await draft(carla, SPANISH)
    found = await queue(carla)
    assert found["live"] == {"at_once": 3, "waits": 0, "nobody": 0}
    assert found["draft"] == {"at_once": 1, "waits": 0, "nobody": 2}
    told = [each["draft"] for each in found["rows"] if each["draft"]["fate"] == "nobody"]
    assert [(each["why"], each["lacks"][0]["id"], each["agent"]) for each in told] == [
        ("lacks_skill", "lang-es", None)
    ] * 2
    (missing,) = found["missing"]
    assert (missing["skill"], missing["name"], missing["level"], missing["conversations"]) == (
        "lang-es",
        "lang es",
        2,
        2,
    )
    (holder,) = missing["agents"]
    assert (holder["name"], holder["availability"]) == ("Bruno Lima", "away")
    since = await counter.house.reader.conversation(first.conversation)
    assert missing["longest_since"].startswith(since.first_queued_at.isoformat()[:19])


async def test_without_a_draft_nothing_would_be_different(counter: Counter, carla: Browser):
    await counter.message()
    found = await queue(carla)
    assert (found["waiting"], found["different"], found["changes"]) == (1, 0, [])
    assert found["live"] == found["draft"]

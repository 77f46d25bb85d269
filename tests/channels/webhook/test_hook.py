"""`POST /hooks/{key}` over a whole hub: real server, real store."""

import asyncio
import zlib
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.inbox.channels import change_channel, rotate_secret
from hub.inbox.quarantine import retry
from hub.model import IdentityKind, Person, Role
from tests.channels.webhook.source import Source, known, until


def file(content: bytes, name: str = "nota.pdf") -> dict[str, str]:
    return {"name": name, "type": "application/pdf", "content": b64encode(content).decode()}


async def test_a_signed_message_is_stored_when_it_is_answered(source: Source) -> None:
    answer = await source.send({"from": {"name": "Ana", "email": "Ana@Example.com"}, "text": "Oi!", "subject": "1042"})
    assert answer.status == 202
    assert set(answer.body) == {"message", "conversation"}
    message = await source.message(answer)
    conversation = await source.hub.house.reader.conversation(answer.body["conversation"])
    assert (message.text, message.author_name, message.channel) == ("Oi!", "Ana", source.channel)
    assert conversation
    assert (conversation.subject, conversation.reach) == ("1042", ())


async def test_an_address_that_was_only_said_is_kept_as_a_claim(source: Source) -> None:
    message = await source.message(await source.send({"from": {"email": "ana@example.com"}, "text": "Oi!"}))
    customer = await source.hub.house.reader.customer(message.customer)
    assert customer
    assert [(c.kind, c.value) for c in customer.claims] == [(IdentityKind.EMAIL, "ana@example.com")]
    assert message.peer == f"external:{source.channel}:email=ana@example.com"


async def test_a_trusted_source_finds_the_customer_by_address(source: Source) -> None:
    await change_channel(source.hub.house, source.channel, settings={"trusted": True})
    await until(lambda: source.hub.by_key("webhook", source.key).record.settings["trusted"])
    one = await source.message(await source.send({"from": {"email": "ana@example.com"}, "text": "a", "thread": "t1"}))
    two = await source.message(await source.send({"from": {"email": "ANA@example.com"}, "text": "b", "thread": "t2"}))
    assert one.customer == two.customer
    assert one.conversation != two.conversation


async def test_the_same_message_again_gets_the_same_answer(source: Source) -> None:
    first = await source.send({"id": "evt-1", "text": "Oi!"})
    again = await source.send({"id": "evt-1", "text": "Oi!"})
    assert (first.status, again.status) == (202, 200)
    assert first.body == again.body


async def test_five_deliveries_at_once_are_one_message(source: Source) -> None:
    answers = await asyncio.gather(*(source.send({"text": "Oi!"}, id="msg_same") for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 200, 202]
    assert len({answer.body["message"] for answer in answers}) == 1


async def test_the_same_id_with_other_content_is_kept_too(source: Source) -> None:
    first = await source.send({"id": "evt-1", "text": "Oi!", "attachments": [file(b"one")]})
    other = await source.send({"id": "evt-1", "text": "Oi!", "attachments": [file(b"two")]})
    message = await source.message(other)
    assert other.status == 202
    assert other.body["message"] != first.body["message"]
    assert message.flagged == "same_id_other_content"
    assert b"".join([part async for part in source.hub.house.files.read(message.attachments[0].id)]) == b"two"


async def test_attachments_are_kept_as_files(source: Source) -> None:
    answer = await source.send({"attachments": [file(b"%PDF", "../nota.pdf"), file(b"x" * 300_000, "grande.bin")]})
    nota, big = (await source.message(answer)).attachments
    assert (nota.name, nota.type, nota.size) == ("nota.pdf", "application/pdf", 4)
    assert b"".join([part async for part in source.hub.house.files.read(big.id)]) == b"x" * 300_000


async def test_a_repeat_stores_no_file_again(source: Source, mongo: Any) -> None:
    body = {"id": "evt-1", "attachments": [file(b"%PDF", "einmal.pdf")]}
    first, again = await source.send(body), await source.send(body)
    assert again.status == 200
    assert again.body == first.body
    assert await mongo[source.hub.settings.database]["fs.files"].count_documents({"filename": "einmal.pdf"}) == 1


@pytest.mark.parametrize("missing", ["webhook_id", "webhook_timestamp", "webhook_signature"])
async def test_a_missing_header_is_named_and_nothing_is_stored(source: Source, missing: str) -> None:
    answer = await source.send({"id": "evt-1", "text": "Oi!"}, **{missing: ""})
    assert (answer.status, answer.body["code"]) == (401, "bad_signature")
    assert missing.replace("_", "-") in answer.body["detail"]
    assert (await source.send({"id": "evt-1", "text": "Oi!"})).status == 202  # and it had not been there


async def test_a_replay_after_five_minutes_is_refused(source: Source) -> None:
    answer = await source.send({"text": "Oi!"}, at=datetime.now(UTC) - timedelta(seconds=302))
    assert answer.status == 401
    assert "too old" in answer.body["detail"]


async def test_another_secret_does_not_open_the_door(source: Source) -> None:
    source.secret = "whsec_" + b64encode(b"a guess").decode()
    assert (await source.send({"text": "Oi!"})).status == 401


async def test_a_renewed_secret_works_beside_the_old_one(source: Source) -> None:
    old = source.secret
    source.secret = await rotate_secret(source.hub.house, source.channel)
    await until(lambda: len(source.hub.by_key("webhook", source.key).secrets) == 2)
    assert (await source.send({"text": "new"})).status == 202
    source.secret = old
    assert (await source.send({"text": "old"})).status == 202


async def test_a_bad_body_is_answered_with_every_wrong_field(source: Source) -> None:
    answer = await source.send({"id": 7, "from": {"email": "x", "vip": True}, "attachments": [{"content": "?"}]})
    assert (answer.status, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.fields == {
        "id": "not_text",
        "from.email": "not_an_email",
        "from.vip": "unknown_field",
        "attachments.0.content": "not_base64",
    }


async def test_what_is_no_json_is_a_bad_body(source: Source) -> None:
    answer = await source.send(b"text=oi")
    assert (answer.status, answer.fields) == (422, {"": "not_json"})


async def test_a_body_above_the_limit_is_refused_unread(source: Source) -> None:
    await change_channel(source.hub.house, source.channel, settings={"max_bytes": 2_000})
    await until(lambda: source.hub.by_key("webhook", source.key).record.settings["max_bytes"] == 2_000)
    announced = await source.send({"text": "x" * 3_000})
    assert (announced.status, announced.body["code"], announced.body["params"]) == (413, "too_large", {"limit": 2_000})

    async def without_end() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 1_000

    unannounced = await source.post(without_end(), {})
    assert unannounced.status == 413


async def test_a_large_body_within_the_limit_is_taken(source: Source) -> None:
    answer = await source.send({"attachments": [file(bytes(12 * 1024 * 1024))]})
    assert answer.status == 202


async def test_a_compressed_bomb_is_weighed_as_it_unfolds(source: Source) -> None:
    answer = await source.post(zlib.compress(bytes(30 * 1024 * 1024)), {"Content-Encoding": "deflate"})
    assert answer.status == 413


async def test_an_unknown_key_is_not_found(source: Source) -> None:
    assert (await source.post(b"{}", {}, key="nobody")).status == 404


async def test_a_webhook_that_is_switched_off_is_not_found(source: Source) -> None:
    await change_channel(source.hub.house, source.channel, enabled=False)
    await until(lambda: not known(source.hub, source.key))
    assert (await source.send({"text": "Oi!"})).status == 404


async def test_too_many_at_once_are_told_when_to_come_again(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.store.filing.CROWDED", 0)
    answer = await source.send({"text": "Oi!"})
    assert (answer.status, answer.body["code"]) == (503, "overloaded")
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_refusal_is_noted_without_what_it_held(source: Source) -> None:
    await source.send({"text": "a private matter", "x": 1})
    await source.send({"text": "a private matter"}, webhook_signature="v1,x")
    assert list(await source.hub.house.presence.refusals(source.channel)) == ["bad_signature", "bad_body"]


async def test_what_stumbles_over_a_fault_of_ours_is_kept_and_can_be_tried_again(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    house = source.hub.house
    with monkeypatch.context() as fault:
        fault.setattr("hub.channels.webhook.parse.inbound", stumble)
        answer = await source.send({"id": "evt-9", "text": "Oi!"})
    assert (answer.status, set(answer.body)) == (202, {"quarantined"})
    (kept,) = await house.reader.quarantine()
    received = await retry(house, Person("s", "Carla", Role.SUPERVISOR), kept.id)
    assert (await house.reader.messages_by_id([received.message]))[received.message].text == "Oi!"
    assert await house.reader.quarantine() == []


async def test_only_a_few_large_bodies_are_read_at_once(source: Source) -> None:
    big = {"attachments": [file(b"x" * 1_500_000)]}
    answers = await asyncio.gather(*(source.send(big, id=f"msg_{n}") for n in range(24)))
    assert {answer.status for answer in answers} <= {202, 503}
    stored = sum(answer.status == 202 for answer in answers)
    assert stored >= 8
    assert (await source.send({"text": "small"})).status == 202

"""A webhook's body → `Inbound`, or every fault in it."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.channels.webhook import parse
from hub.errors import Invalid
from hub.model import IdentityKind, Inbound


def read(given: object) -> parse.Body:
    return parse.body(given if isinstance(given, bytes) else json.dumps(given).encode(), region="BR")


def inbound(given: dict[str, Any], *, trusted: bool = False) -> Inbound:
    return parse.inbound(read({"text": "oi"} | given), channel="ch1", webhook_id="msg_1", trusted=trusted)


def faults(given: object) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read(given)
    assert refused.value.code == "bad_body"
    return {fault.field: fault.code for fault in refused.value.faults}


def file(content: bytes = b"abc", **more: str) -> dict[str, str]:
    return {"content": b64encode(content).decode(), **more}


# --- what it says


def test_a_whole_body_comes_in_as_it_is() -> None:
    body = read(
        {
            "id": "evt-9",
            "from": {"name": "Ana Lima", "email": "Ana@Loja.Example", "phone": "(11) 8765-4321", "external_id": "c-7"},
            "subject": "Pedido 1042",
            "text": "Onde está?",
            "html": "<p>Onde está?</p>",
            "thread": "order-1042",
            "sent_at": "2026-11-22T06:41:07.123999-03:00",
            "attachments": [file(name="nota.pdf", type="application/pdf")],
        }
    )
    message = parse.inbound(body, channel="ch1", webhook_id="msg_1", trusted=False)
    assert (message.external_id, message.thread, message.subject) == ("evt-9", "order-1042", "Pedido 1042")
    assert (message.text, message.html, message.sender.name) == ("Onde está?", "<p>Onde está?</p>", "Ana Lima")
    assert message.sent_at == datetime(2026, 11, 22, 9, 41, 7, 123_000, tzinfo=UTC)
    assert (message.channel, message.kind, message.answerable) == ("ch1", "webhook", False)
    assert body.attachments[0].unstored().name == "nota.pdf"
    assert body.attachments[0].content == b"abc"


@pytest.mark.parametrize("given", [{"text": "a"}, {"html": "<b>a</b>"}, {"attachments": [file(b"")]}])
def test_one_of_text_html_or_a_file_is_enough(given: dict[str, Any]) -> None:
    assert read(given)


def test_null_and_empty_fields_count_as_not_given() -> None:
    message = inbound({"id": "", "thread": "", "subject": None, "html": None, "from": {"email": "", "phone": " "}})
    assert (message.external_id, message.subject, message.html) == ("msg_1", None, None)
    assert message.sender.identities == ("external:ch1:",)


def test_without_an_id_of_its_own_the_header_names_the_message() -> None:
    assert inbound({}).external_id == "msg_1"


def test_nul_and_half_characters_are_taken_out() -> None:
    assert inbound({"text": "a\x00b"}).text == "ab"
    assert parse.body(rb'{"text": "cut \ud83d, whole \ud83d\ude00"}', region="BR").text == "cut \ufffd, whole 😀"


def test_names_stay_on_one_line_and_cannot_turn_it_around() -> None:
    sender = inbound({"from": {"name": " Ana\r\n\u202eLima\x07 "}}).sender
    assert sender.name == "Ana Lima"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("nota fiscal.pdf", "nota fiscal.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\foto.png", "foto.png"),
        ("a\x00b\r\nc.txt", "a b c.txt"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("..", "attachment"),
        ("dir/", "attachment"),
        ("", "attachment"),
    ],
)
def test_a_files_name_is_only_a_name(name: str, kept: str) -> None:
    assert read({"attachments": [file(name=name)]}).attachments[0].name == kept


@pytest.mark.parametrize(
    ("type", "kept"),
    [
        ("Text/HTML; charset=x", "text/html"),
        ("image/svg+xml", "image/svg+xml"),
        ("x", "application/octet-stream"),
        ("a/b\r\nX-Evil: 1", "application/octet-stream"),
    ],
)
def test_a_files_type_is_a_media_type_or_unknown(type: str, kept: str) -> None:
    assert read({"attachments": [file(type=type)]}).attachments[0].type == kept


# --- who wrote


def test_a_typed_address_is_only_a_claim() -> None:
    sender = inbound({"from": {"email": "Ana@Example.com", "phone": "11 8765-4321"}}).sender
    assert sender.identities == ("external:ch1:email=ana@example.com",)
    assert sender.claims == ((IdentityKind.EMAIL, "ana@example.com"), (IdentityKind.PHONE, "+5511987654321"))


def test_the_sources_own_id_names_the_person_before_any_claim() -> None:
    sender = inbound({"from": {"external_id": "c-7", "email": "ana@example.com"}}).sender
    assert sender.identities == ("external:ch1:c-7",)
    assert sender.claims == ((IdentityKind.EMAIL, "ana@example.com"),)


def test_a_trusted_source_vouches_for_addresses() -> None:
    sender = inbound({"from": {"external_id": "c-7", "email": "a@b.co", "phone": "+351912345678"}}, trusted=True).sender
    assert sender.identities == ("external:ch1:c-7", "email:a@b.co", "phone:+351912345678")
    assert sender.claims == ()


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({"from": {"phone": "+5511987654321"}}, "external:ch1:phone=+5511987654321"),
        ({"thread": "t-1"}, "external:ch1:thread=t-1"),
        ({"from": {"name": "Ana"}}, "external:ch1:"),
        ({}, "external:ch1:"),
    ],
)
def test_who_says_less_is_known_by_what_there_is(given: dict[str, Any], identity: str) -> None:
    assert inbound(given).sender.identities == (identity,)


def test_the_thread_is_the_bodys_or_the_persons() -> None:
    assert inbound({"thread": "t-1", "from": {"external_id": "c-7"}}).thread == "t-1"
    assert inbound({"from": {"external_id": "c-7"}}).thread == "external:ch1:c-7"


# --- what is wrong


def test_every_wrong_field_is_named_at_once() -> None:
    assert faults(
        {
            "id": 7,
            "from": {"name": 3, "email": "nobody", "phone": "12", "vip": True},
            "subject": "x" * 501,
            "sent_at": "yesterday",
            "attachments": [{"name": "a", "content": "?"}, {"name": "b"}, 3],
            "priority": 1,
        }
    ) == {
        "id": "not_text",
        "from.name": "not_text",
        "from.email": "not_an_email",
        "from.phone": "not_a_phone",
        "from.vip": "unknown_field",
        "subject": "too_long",
        "sent_at": "not_a_time",
        "attachments.0.content": "not_base64",
        "attachments.1.content": "missing",
        "attachments.2": "not_an_object",
        "priority": "unknown_field",
    }


@pytest.mark.parametrize("given", [{}, {"text": " \n"}, {"text": None, "html": ""}, {"id": "a", "attachments": []}])
def test_a_body_that_says_nothing_is_refused(given: object) -> None:
    assert faults(given) == {"text": "empty"}


def test_that_it_says_nothing_is_told_beside_the_other_faults() -> None:
    assert faults({"id": 7}) == {"id": "not_text", "text": "empty"}


@pytest.mark.parametrize("raw", [b"", b"text=oi", b'{"text": "\xff"}', b"[" * 10_000, b'{"a\\ud8": 1'])
def test_what_is_no_json_is_told_so(raw: bytes) -> None:
    assert faults(raw) == {"": "not_json"}


@pytest.mark.parametrize("given", [[], "oi", 3, None])
def test_json_of_another_kind_is_told_so(given: object) -> None:
    assert faults(given) == {"": "not_an_object"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"id": "x" * 201}, "id"),
        ({"thread": "x" * 201}, "thread"),
        ({"from": {"name": "x" * 201}}, "from.name"),
        ({"from": {"external_id": "x" * 201}}, "from.external_id"),
        ({"attachments": [file(name="x" * 256)]}, "attachments.0.name"),
    ],
)
def test_a_field_has_its_length(given: dict[str, Any], field: str) -> None:
    assert faults({"text": "oi"} | given) == {field: "too_long"}


def test_text_and_html_share_a_million_bytes() -> None:
    assert read({"text": "é" * 250_000, "html": "x" * 500_000})
    assert faults({"text": "é" * 250_001, "html": "x" * 500_000}) == {"text": "too_long", "html": "too_long"}
    assert faults({"html": "x" * 1_000_001}) == {"html": "too_long"}


def test_twenty_files_are_enough() -> None:
    assert len(read({"attachments": [file()] * 20}).attachments) == 20
    assert faults({"text": "oi", "attachments": [file()] * 21}) == {"attachments": "too_many"}


@pytest.mark.parametrize(
    "at", ["2026-11-22", "2026-11-22T09:41:07", "2026-13-22T09:41:07Z", 1_700_000_000, "0001-01-01T00:00:00+14:00"]
)
def test_a_time_is_whole_and_has_a_zone(at: object) -> None:
    assert faults({"text": "oi", "sent_at": at}) == {"sent_at": "not_a_time"}


@pytest.mark.parametrize("given", [{"text": {"$ne": 1}}, {"from": {"email": {"$regex": "."}}}, {"thread": ["a"]}])
def test_no_operator_gets_in(given: object) -> None:
    assert "not_text" in faults(given).values()


def test_an_answer_names_a_hundred_faults_and_no_more() -> None:
    assert len(faults({"text": "oi"} | {f"f{n}": n for n in range(500)})) == parse.FAULTS_MAX


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "from", "text", "html", "thread", "sent_at", "attachments"]), _json))
def test_any_json_is_read_or_refused_with_a_fault(given: dict[str, Any]) -> None:
    try:
        message = parse.inbound(read(given), channel="c", webhook_id="w", trusted=True)
    except Invalid as refused:
        assert_named(refused)
    else:
        message.content_hash.encode()


def assert_named(refused: Invalid) -> None:
    assert all(fault.code and fault.message for fault in refused.faults)
    assert refused.faults


@given(st.binary(max_size=60))
def test_bytes_at_random_are_refused_with_a_fault(raw: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(raw)
    assert_named(refused.value)

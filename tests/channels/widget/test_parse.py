"""What a visitor's browser may send, and what becomes of it."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.channels.widget import parse
from hub.channels.widget.settings import Settings, origin
from hub.errors import Invalid
from hub.model import IdentityKind, Language

ID = "abcdefgh12345678"


def wire(**frame: Any) -> str:
    return json.dumps(frame)


def test_a_message_keeps_its_words_and_loses_what_nobody_sees() -> None:
    said = parse.frame(wire(type="message", id=ID, text="  Oi!\r\n\u0000Tudo bem? 👩‍👩‍👧 \n"))
    assert isinstance(said, parse.Said)
    assert said.text == "Oi!\nTudo bem? 👩‍👩‍👧"


@pytest.mark.parametrize("text", ["", "   \n\t", "\u200b\u200b", "\u0000", "x" * 4001])
def test_a_message_without_anything_to_see_or_too_long_is_refused_by_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse.frame(wire(type="message", id=ID, text=text))
    assert [fault.field for fault in refused.value.faults] == ["text"]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "message", "id": ID, "text": {"$ne": ""}},
        {"type": "message", "id": {"$gt": ""}, "text": "oi"},
        {"type": "message", "id": ID, "text": "oi", "peer": "visitor:another"},
        {"type": "message", "id": "short", "text": "oi"},
        {"type": "hello", "token": "a b"},
        {"type": "hello", "token": "x" * 21},
        {"type": "hello", "after": "2026-11-22"},
        {"type": "hello", "after": True},
        {"type": "hello", "after": 10**30},
        {"type": "typing", "on": 1},
        {"type": "mark", "message": "m1", "state": "sent"},
        {"type": "mark", "message": ["m1"], "state": "read"},
        {"type": "claim", "email": "not an address"},
        {"type": "drop"},
        {"text": "oi"},
        [],
        None,
        3,
    ],
)
def test_what_is_not_known_is_refused(frame: Any) -> None:
    with pytest.raises(Invalid):
        parse.frame(json.dumps(frame))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 20_000,
        '{"a":' * 5_000,
        '{"type":"ping"}x',
        '"\\ud800"',
        '{"type":"message","id":"\\ud800"}',
        "\ud800",
        "NaN",
    ],
)
def test_what_is_not_json_is_refused_and_no_more(text: str) -> None:
    with pytest.raises(Invalid):
        parse.frame(text)


def test_a_frame_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid, match="bytes"):
        parse.frame(wire(type="message", id=ID, text="é" * parse.FRAME_MAX))


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=9),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["type", "id", "text", "on", "$where"]) | st.text(max_size=4), inner, max_size=4
                )
            ),
            max_leaves=9,
        ).map(json.dumps),
    )
)
def test_any_text_is_a_frame_or_is_refused(text: str) -> None:
    with suppress(Invalid):
        assert isinstance(parse.frame(text), parse.Frame)


def test_the_visitor_is_known_by_a_hash_of_the_token_only() -> None:
    peer = parse.peer("a" * 27)
    assert peer.startswith("visitor:")
    assert len(peer) == len("visitor:") + 32
    assert "aaaa" not in peer


def test_a_typed_address_is_a_claim_and_never_an_identity() -> None:
    said = parse.Said(type="message", id=ID, text="Oi", name="Maria", email="Maria@Example.com")
    inbound = parse.inbound(said, "visitor:f00", "ch1", Language.PT_BR)
    assert inbound.sender.identities == ("visitor:f00",)
    assert inbound.sender.claims == ((IdentityKind.EMAIL, "maria@example.com"),)


def test_the_visitors_own_id_makes_a_repeat_the_same_message() -> None:
    first, again, other = (
        parse.inbound(parse.Said(type="message", id=own, text="Oi"), peer, "ch1", Language.EN)
        for own, peer in ((ID, "visitor:f00"), (ID, "visitor:f00"), (ID, "visitor:ba2"))
    )
    assert first.message_id == again.message_id != other.message_id
    assert first.thread == "f00"
    assert parse.client_id(first.external_id) == ID


@pytest.mark.parametrize(
    ("site", "kept"),
    [
        ("https://Shop.example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://ação.example", "https://xn--ao-siap.example"),
    ],
)
def test_a_site_is_kept_as_browsers_write_it(site: str, kept: str) -> None:
    assert Settings(sites=(site,)).sites == (kept,)


@pytest.mark.parametrize(
    "site",
    [
        "shop.example",
        "https://shop.example/path",
        "https://a b",
        "https://x; script-src *",
        "*",
        "javascript:alert(1)",
        "https://*.example",
        "https://..",
        "https://é" + "x" * 70 + ".example",
    ],
)
def test_what_is_no_site_is_refused_in_words(site: str) -> None:
    with pytest.raises(ValueError, match=r"https://shop\.example"):
        origin(site)

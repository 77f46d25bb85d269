"""Standard Webhooks, checked against the reference library's signing."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from hub.channels.webhook import signature
from hub.errors import Invalid, Refused

NOW = datetime(2026, 11, 22, 9, 41, 7, 120_000, tzinfo=UTC)
OLD = "whsec_" + b64encode(b"the secret of last year, 32 byte").decode()
NEW = "whsec_" + b64encode(b"the secret of this year, 32 byte").decode()
BODY = '{"text": "Olá, tudo bem?"}'


def signed(secret: str = NEW, *, at: datetime = NOW, body: str = BODY, id: str = "msg_1") -> dict[str, str]:
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, at, body),
    }


def verify(headers: dict[str, str], *secrets: str, body: str = BODY) -> str:
    return signature.verify(headers, body.encode(), signature.keys(secrets or (NEW,)), NOW)


def test_what_the_reference_library_signs_is_accepted() -> None:
    assert verify(signed()) == "msg_1"


@given(st.text(), st.binary(min_size=1, max_size=80), st.from_regex(r"[!-~]{1,60}", fullmatch=True))
def test_any_body_secret_and_id_that_the_library_signs_is_accepted(body: str, secret: bytes, id: str) -> None:
    try:
        body.encode()
    except UnicodeEncodeError:
        return
    whsec = "whsec_" + b64encode(secret).decode()
    assert verify(signed(whsec, body=body, id=id), whsec, body=body) == id


def test_a_rotated_secret_goes_on_working_beside_the_new_one() -> None:
    assert verify(signed(OLD), NEW, OLD) == "msg_1"


def test_one_good_signature_among_several_is_enough() -> None:
    headers = signed()
    headers["webhook-signature"] = f"v1a,xyz v1,AAAA {headers['webhook-signature']} v1,ü"
    assert verify(headers) == "msg_1"


@pytest.mark.parametrize("missing", signature.HEADERS)
def test_a_missing_header_is_named(missing: str) -> None:
    headers = signed()
    del headers[missing]
    with pytest.raises(Refused, match=f"`{missing}` is missing"):
        verify(headers)


@pytest.mark.parametrize("off", [-300, 0, 300])
def test_a_clock_may_be_five_minutes_off(off: int) -> None:
    at = NOW.replace(microsecond=0) + timedelta(seconds=off)
    assert signature.verify(signed(at=at), BODY.encode(), signature.keys([NEW]), NOW.replace(microsecond=0)) == "msg_1"


@pytest.mark.parametrize(("off", "words"), [(-302, "too old"), (302, "in the future")])
def test_a_stale_timestamp_is_refused_and_says_so(off: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        verify(signed(at=NOW + timedelta(seconds=off)))


@pytest.mark.parametrize("timestamp", ["now", "-1", "1e9", "1.5", "٣", " 1700000000", "9" * 40])
def test_a_timestamp_is_whole_seconds_in_digits(timestamp: str) -> None:
    with pytest.raises(Refused, match="whole seconds"):
        verify(signed() | {"webhook-timestamp": timestamp})


@pytest.mark.parametrize("id", ["x" * 201, "a\x7f", "é", "\udcff"])
def test_an_id_that_cannot_be_kept_is_refused(id: str) -> None:
    with pytest.raises(Refused, match="`webhook-id` must be"):
        verify(signed() | {"webhook-id": id})


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2,abc"},
        {"webhook-signature": "\udcff"},
    ],
)
def test_what_was_not_signed_does_not_match_and_the_words_leak_nothing(change: dict[str, str]) -> None:
    headers = signed() | change
    with pytest.raises(Refused, match="matches") as refused:
        verify(headers)
    assert refused.value.code == "bad_signature"
    assert NEW not in str(refused.value)
    assert signed()["webhook-signature"][3:] not in str(refused.value)


def test_a_body_changed_by_one_byte_does_not_match() -> None:
    with pytest.raises(Refused, match="matches"):
        verify(signed(), body=BODY + " ")


def test_no_secret_lets_nobody_in() -> None:
    with pytest.raises(Refused):
        signature.verify(signed(), BODY.encode(), (), NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a-b_", "whsec_a", "passwörd"])
def test_a_secret_that_is_none_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(Invalid) as refused:
        signature.keys([secret])
    assert refused.value.code == "bad_secret"
    assert "a-b_" not in str(refused.value)

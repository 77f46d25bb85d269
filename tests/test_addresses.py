"""One spelling for an address."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from hub import addresses
from hub.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.Lima@Example.COM ", "ana.lima@example.com"),
        ("ana+loja@loja.test", "ana+loja@loja.test"),
        ("joão@exämple.com", "joão@xn--exmple-cua.com"),
        ("JOÃO@exemplo.com.br", "joão@exemplo.com.br"),
        ("a'b@sub-domain.example", "a'b@sub-domain.example"),
    ],
)
def test_an_email_has_one_spelling(typed: str, kept: str) -> None:
    assert addresses.email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "ana", "ana@", "@x.com", "ana@localhost", "ana@pc.local", "a..b@x.com", "a@x_y.com", "Ana <ana@x.com>"],
)
def test_what_is_no_email_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="e-mail address") as refused:
        addresses.email(typed)
    assert refused.value.code == "not_an_email"


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("+55 11 98765-4321", "BR", "+5511987654321"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("(11) 8765-4321", "BR", "+5511987654321"),  # the ninth digit
        ("+55 11 6765-4321", "PT", "+5511967654321"),
        ("(11) 3765-4321", "BR", "+551137654321"),  # a land line stays
        ("912 345 678", "PT", "+351912345678"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("0039 06 1234 5678", "DE", "+390612345678"),
    ],
)
def test_a_phone_has_one_spelling(typed: str, region: str, kept: str) -> None:
    assert addresses.phone(typed, region) == kept


@pytest.mark.parametrize("typed", ["", "ana", "123", "98765-4321", "+999 1234567", "+55 11 98765-4321-0000"])
def test_what_is_no_phone_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="phone number") as refused:
        addresses.phone(typed, "BR")
    assert refused.value.code == "not_a_phone"


def test_a_number_without_country_code_needs_a_known_region() -> None:
    with pytest.raises(Invalid, match="country code"):
        addresses.phone("11 98765-4321", "ZZ")


_local = st.text(alphabet="abzABZ019._%+-'ãÉİßﬁ", min_size=1, max_size=70)
_domain = st.from_regex(r"[abZ09ãß.-]{1,30}\.(com|BR|test|local|xn--p1ai)", fullmatch=True)


@given(st.builds("{}@{}".format, _local, _domain))
def test_a_kept_email_stays_as_it_is(typed: str) -> None:
    try:
        kept = addresses.email(typed)
    except Invalid:
        return
    assert addresses.email(kept) == kept


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,70}@([A-Za-z0-9.-]{1,70}\.)?(com|TEST|local|onion|b)", fullmatch=True))
def test_the_short_way_agrees_with_the_validator(typed: str) -> None:
    try:
        valid = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        with pytest.raises(Invalid):
            addresses.email(typed)
    else:
        assert addresses.email(typed) == f"{valid.local_part.lower()}@{valid.ascii_domain.lower()}"


@given(st.text(alphabet="+0123456789()- ", min_size=4, max_size=20), st.sampled_from(["BR", "PT", "US", "DE", "IT"]))
def test_a_kept_phone_stays_as_it_is_in_every_region(typed: str, region: str) -> None:
    try:
        kept = addresses.phone(typed, region)
    except Invalid:
        return
    assert addresses.phone(kept, region) == addresses.phone(kept, "US") == kept

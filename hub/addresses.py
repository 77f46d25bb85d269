"""One spelling for an address, so that the same person is found again however somebody typed it.

Both verbs give their own result back unchanged. Nothing here asks the network.
"""

import re
from functools import lru_cache
from unicodedata import normalize

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberFormat, ValidationResult

from hub.errors import Fault, Invalid


@lru_cache(maxsize=4096)
def email(text: str) -> str:
    """`Ana.Lima@Exämple.COM` → `ana.lima@xn--exmple-cua.com`: lower case, the domain in ASCII (IDNA).

    Test domains (`.test`, `.example`) are addresses like any other. Raises Invalid (`not_an_email`).
    """
    text = text.strip()
    if len(text) <= 254 and (plain := _PLAIN.fullmatch(text)) and plain["top"].lower() not in _SPECIAL:
        return text.lower()
    try:
        valid = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise _invalid("not_an_email", f"must be an e-mail address: {error}") from error
    return f"{normalize('NFC', valid.local_part.lower())}@{valid.ascii_domain.lower()}"


@lru_cache(maxsize=4096)
def phone(text: str, region: str) -> str:
    """`(11) 8765-4321` in `BR` → `+5511987654321`, the E.164 form.

    `region` (ISO 3166, two letters) is how a number without a country code is read. Raises Invalid (`not_a_phone`).
    """
    try:
        number = _with_ninth_digit(phonenumbers.parse(text, region))
    except phonenumbers.NumberParseException as error:
        raise _invalid("not_a_phone", f"must be a phone number, best with + and its country code: {error}") from error
    if not _whole(number):
        raise _invalid("not_a_phone", "must be a whole phone number with its area code, best with + and country code")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


# What most addresses look like; everything else, and every doubt, is the validator's (30 µs instead of 1).
_PLAIN = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@"
    r"(?:(?=[^.]{1,63}\.)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+(?P<top>[A-Za-z]{2,63})"
)
# Names that reach no mailbox (RFC 6761, 7686): the validator says so in words.
_SPECIAL = frozenset({"arpa", "invalid", "local", "localhost", "onion"})


def _with_ninth_digit(number: PhoneNumber) -> PhoneNumber:
    """Brazilian mobile numbers grew a leading 9 (Anatel, 2012–2016); old address books still miss it.

    Two digits of area and eight of subscriber, these from 6 up, are such a number; land lines begin with 2 to 5.
    """
    national = str(number.national_number)
    if number.country_code == 55 and len(national) == 10 and national[2] in "6789":
        return PhoneNumber(country_code=55, national_number=int(f"{national[:2]}9{national[2:]}"))
    return number


def _whole(number: PhoneNumber) -> bool:
    """Only the length is judged abroad: numbering plans change faster than the library's tables.

    In Brazil a mobile number without its area code has the length of a 0800 number, so there the plan is asked.
    """
    if number.country_code == 55:
        return phonenumbers.is_valid_number(number)
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _invalid(code: str, message: str) -> Invalid:
    return Invalid(code, message, (Fault("", code, message),))

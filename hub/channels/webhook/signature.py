"""Whether a request really comes from a holder of the channel's secret (Standard Webhooks, symmetric `v1`).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import hmac
import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.errors import Invalid, Refused

TOLERANCE_S = 300
ID_MAX = 200


def keys(secrets: Sequence[str]) -> tuple[bytes, ...]:
    """The bytes to sign with, of `whsec_…` secrets. Raises Invalid (`bad_secret`) without repeating the secret."""
    return tuple(_key(secret) for secret in secrets)


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[bytes], now: datetime) -> str:
    """The `webhook-id` of a request that one of `keys` has signed over exactly these bytes.

    Raises Refused (`bad_signature`) saying which part is missing, stale or does not match.
    """
    webhook_id, timestamp, signatures = (_header(headers, name) for name in HEADERS)
    if not _ID.fullmatch(webhook_id):
        raise _refused(f"`webhook-id` must be 1 to {ID_MAX} printable ASCII characters")
    age = now.timestamp() - _seconds(timestamp)
    if abs(age) > TOLERANCE_S:
        which = "old" if age > 0 else "far in the future"
        raise _refused(f"`webhook-timestamp` is too {which}: it may differ by {TOLERANCE_S} seconds; check the clock")
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    given = [signature.encode() for signature in signatures.split(" ")[:_SIGNATURES_MAX] if signature.isascii()]
    for key in keys:
        expected = b"v1," + b64encode(hmac.digest(key, signed, "sha256"))
        if any(hmac.compare_digest(expected, signature) for signature in given):
            return webhook_id
    raise _refused("no signature in `webhook-signature` matches: check the secret, and sign the exact bytes you send")


HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")

_ID = re.compile(rf"[\x20-\x7e]{{1,{ID_MAX}}}")
_SIGNATURES_MAX = 20  # more than any rotation needs; a long header shall not cost us


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise _refused(f"the header `{name}` is missing")
    return value


def _seconds(timestamp: str) -> int:
    # Only digits: the very text is part of what was signed, so there must be one way to write it.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise _refused("`webhook-timestamp` must be whole seconds since 1970, in digits")
    return int(timestamp)


def _key(secret: str) -> bytes:
    text = secret.removeprefix("whsec_")
    try:
        key = a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
    except ValueError as error:
        raise Invalid("bad_secret", "a webhook secret is `whsec_` and base64") from error
    if not key:
        raise Invalid("bad_secret", "a webhook secret must not be empty")
    return key


def _refused(why: str) -> Refused:
    return Refused("bad_signature", why)

"""The real clock and chance. Only `app.py` hands them out."""

import os
import secrets
import time
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]  # ten bits at once
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        return _EPOCH + timedelta(milliseconds=time.time_ns() // 1_000_000)

    def new_id(self) -> str:
        number = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
        return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])

    def new_secret(self, bits: int = 256) -> str:
        return secrets.token_urlsafe(bits // 8)

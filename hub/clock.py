"""The real clock and chance. Only `app.py` hands them out."""

import secrets
import time
from datetime import UTC, datetime, timedelta

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SystemClock:
    """Implements `ports.Clock`."""

    def now(self) -> datetime:
        return _EPOCH + timedelta(milliseconds=time.time_ns() // 1_000_000)

    def new_id(self) -> str:
        number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
        letters = []
        for _ in range(26):
            letters.append(_ALPHABET[number & 31])
            number >>= 5
        return "".join(reversed(letters))

    def new_secret(self, bits: int = 256) -> str:
        return secrets.token_urlsafe(bits // 8)

"""One agent's open socket. What goes out is bytes that were encoded once, whoever reads them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.model import Person, Session
from hub.web.api import encode

BUFFER_MOST = 1024 * 1024  # a reader that is further behind loads afresh when it is back

_CLOSE = {1001: b"\x88\x02\x03\xe9", 1008: b"\x88\x02\x03\xf0"}


def frame(message: Mapping[str, Any]) -> bytes:
    """A WebSocket text frame of the server's, unmasked (RFC 6455, 5.2)."""
    body = encode(message)
    length = len(body)
    if length < 126:
        return bytes((0x81, length)) + body
    if length < 65_536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + body
    return b"\x81\x7f" + length.to_bytes(8, "big") + body


@dataclass(slots=True, eq=False)
class Socket:
    """Nothing here waits: a slow reader is cut off, not waited for.

    aiohttp writes its own frames (pings, closing) to the same transport in one piece each, so the two never mix.
    While the socket catches up, what is new is held back behind what was missed.
    """

    transport: asyncio.Transport
    session: Session
    person: Person
    looking: str | None = None  # the conversation on its screen
    counts: Mapping[str, int] | None = None  # as last sent
    held: list[bytes] | None = None
    _held_bytes: int = field(default=0)

    def send(self, frames: bytes) -> None:
        if self.held is not None:
            self._hold(frames)
        elif not self.transport.is_closing():
            self.transport.write(frames)
            if self.transport.get_write_buffer_size() > BUFFER_MOST:
                self.transport.abort()

    def catch_up(self, missed: bytes) -> None:
        """Ends holding back."""
        held, self.held, self._held_bytes = self.held or [], None, 0
        self.send(missed + b"".join(held))

    def end(self, last: bytes = b"", code: int = 1001) -> None:
        """Says goodbye and closes; what was written before still goes out."""
        if not self.transport.is_closing():
            self.transport.write(last + _CLOSE[code])
            self.transport.close()

    def _hold(self, frames: bytes) -> None:
        assert self.held is not None
        self.held.append(frames)
        self._held_bytes += len(frames)
        if self._held_bytes > BUFFER_MOST:
            self.transport.abort()

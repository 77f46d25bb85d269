"""A lean sender and reader over bare sockets, so that what is measured is the hub and not its measurer.

Requests are made and signed beforehand; an answer is read only as far as its status, its length and `Retry-After`.
"""

import asyncio
import os
import re
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import cast

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_RETRY_AFTER = re.compile(rb"retry-after: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens, on this machine."""

    port: int

    def post(self, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        """A whole request, ready to be sent."""
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Content-Type: application/json"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Answer:
    """`sent` is of the monotonic clock, `took` in seconds; `retry_after` is None when the answer names none."""

    sent: float
    took: float
    status: int
    retry_after: float | None = None

    @property
    def accepted(self) -> bool:
        return self.status in (200, 202)


class Line(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._read = b""
        self._sent = 0.0
        self._answered: Callable[[Answer], None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def ask(self, request: bytes, answered: Callable[[Answer], None]) -> None:
        assert self._transport is not None
        self._answered = answered
        self._sent = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data
        head = self._read.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._read, 0, head)
        if len(self._read) < head + 4 + (int(length[1]) if length else 0):
            return
        retry_after = _RETRY_AFTER.search(self._read, 0, head)
        answer = Answer(
            self._sent,
            perf_counter() - self._sent,
            int(self._read[9:12]),
            float(retry_after[1]) if retry_after else None,
        )
        self._read = b""
        answered, self._answered = self._answered, None
        assert answered is not None
        answered(answer)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered:
            self._answered(Answer(self._sent, perf_counter() - self._sent, 0))

    def close(self) -> None:
        if self._transport:
            self._transport.close()


async def lines(place: Place, count: int) -> Sequence[Line]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Line, "127.0.0.1", place.port))[1] for _ in range(count)]


async def all_at_once(place: Place, requests: Iterator[bytes], *, senders: int, seconds: float) -> Sequence[Answer]:
    """Each sender sends its next request when the last is answered; who is told to come later waits that long."""
    answers: list[Answer] = []
    loop = asyncio.get_running_loop()
    open_lines = await lines(place, senders)
    end = loop.time() + seconds
    busy = len(open_lines)
    done = loop.create_future()

    def go_on(line: Line) -> None:
        nonlocal busy
        request = next(requests, None) if loop.time() < end else None
        if request is not None:
            line.ask(request, lambda answer: note(line, answer))
            return
        busy -= 1
        if not busy and not done.done():
            done.set_result(None)

    def note(line: Line, answer: Answer) -> None:
        answers.append(answer)
        if answer.status == 0:
            if not done.done():
                done.set_exception(ConnectionError("the server closed a connection"))
        elif answer.retry_after is None:
            go_on(line)
        else:
            loop.call_later(min(answer.retry_after, max(0.0, end - loop.time())), go_on, line)

    for line in open_lines:
        go_on(line)
    await done
    for line in open_lines:
        line.close()
    return answers


async def at_a_pace(place: Place, requests: Sequence[bytes], *, per_second: float) -> Sequence[Answer]:
    """One request each 1/`per_second`, whether or not the last is answered; the answers stand in the same order."""
    free = deque(await lines(place, 32))
    answers: list[Answer | None] = [None] * len(requests)
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.1

    def note(place_in_row: int, line: Line, answer: Answer) -> None:
        answers[place_in_row] = answer
        free.append(line)

    for n, request in enumerate(requests):
        await asyncio.sleep(max(0.0, begin + n / per_second - loop.time()))
        line = free.popleft() if free else (await lines(place, 1))[0]
        line.ask(request, lambda answer, n=n, line=line: note(n, line, answer))  # type: ignore[misc]
    while None in answers:
        await asyncio.sleep(0.05)
    for line in free:
        line.close()
    return [answer for answer in answers if answer]


class Socket(asyncio.Protocol):
    """A WebSocket that hands each frame to `heard(payload)` and answers pings."""

    def __init__(self, request: bytes, heard: Callable[[bytes], None]) -> None:
        self._request = request
        self._heard = heard
        self._read = b""
        self._transport: asyncio.WriteTransport | None = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._transport.write(self._request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.open.done():
            self.open.set_exception(ConnectionError("refused"))

    def data_received(self, data: bytes) -> None:
        self._read = self._read + data if self._read else data
        if not self.open.done() and not self._opened():
            return
        read, at = self._read, 0
        while (frame := _frame(read, at)) is not None:
            opcode, start, at = frame
            if opcode == 1:
                self._heard(read[start:at])
            elif opcode == 9:
                self._write(0x8A, read[start:at])
        self._read = read[at:]

    def say(self, text: str) -> None:
        self._write(0x81, text.encode())

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def _opened(self) -> bool:
        head, end, rest = self._read.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head[:20]:
            self.open.set_exception(ConnectionError(head.decode(errors="replace")))
            return False
        self._read = rest
        self.open.set_result(None)
        return True

    def _write(self, first: int, payload: bytes) -> None:
        # Masked with zeros: allowed, and free.
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
        assert self._transport is not None
        self._transport.write(bytes([first]) + length + b"\0\0\0\0" + payload)


def _frame(read: bytes, at: int) -> tuple[int, int, int] | None:
    """The frame at `at`: its opcode, and where its payload begins and ends. None until all of it is there."""
    if len(read) < at + 2:
        return None
    small = read[at + 1] & 0x7F
    start = at + (2 if small < 126 else 4 if small == 126 else 10)
    end = start + (small if small < 126 else int.from_bytes(read[at + 2 : start], "big"))
    return (read[at] & 0x0F, start, end) if len(read) >= max(start, end) else None


async def socket(
    place: Place, path: str, heard: Callable[[bytes], None], headers: Mapping[str, str] | None = None
) -> Socket:
    """An open WebSocket. It offers compression, as every browser does."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{place.port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    request = "\r\n".join([*lines, "", ""]).encode()
    loop = asyncio.get_running_loop()
    _, opened = await loop.create_connection(lambda: Socket(request, heard), "127.0.0.1", place.port)
    await opened.open
    return opened

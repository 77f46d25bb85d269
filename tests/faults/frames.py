"""Frames as no browser sends them, from a seed: random bytes, half frames, lies about lengths, nearly right words."""

import json
import struct
from collections.abc import Iterator
from random import Random

_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10
_WORDS = ("type", "looking", "typing", "ping", "hello", "begin", "message", "claim", "mark", "id", "text", "on")
_NOT_JSON = (b"", b"{", b"[" * 500, b"null", b"1e999", b'{"type":', b"\xef\xbb\xbf{}")
_NOT_UTF8 = (b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"ok\x80")
_ODD: tuple[object, ...] = ("", "\x00", "\ud7ff", "a" * 300, "$ne", "💥" * 20, "..", -1, 2**70, None, True, [], {})


def line(random: Random, number: int) -> Iterator[bytes]:
    """What one connection sends: frames that the hub has to read, and at the end one that breaks the protocol."""
    for _ in range(number - 1):
        yield random.choice(_READABLE)(random)
    yield random.choice(_BREAKING)(random)


def _half(random: Random) -> bytes:
    """What ends in the middle: nothing that follows it on this line is a frame any more."""
    whole = _frame(random, _TEXT, random.randbytes(random.randrange(8, 200)))
    return whole[: random.randrange(1, len(whole))]


def _huge(random: Random) -> bytes:
    """Larger than may be, or only said to be."""
    if random.random() < 0.5:
        return _frame(random, random.choice((_TEXT, _BINARY)), random.randbytes(random.choice((5_000, 40_000, 70_000))))
    return bytes((0x80 | _TEXT, 0xFF)) + struct.pack("!Q", random.choice((2**20, 2**40, 2**63 - 1, 2**64 - 1)))


def _nearly_right(random: Random) -> bytes:
    """JSON that says known words with unfit values: operators, deep nesting, numbers that are none."""
    said = {random.choice(_WORDS): random.choice((*_WORDS, *_ODD)) for _ in range(random.randrange(1, 4))}
    if random.random() < 0.7:
        said["type"] = random.choice(_WORDS)
    if random.random() < 0.1:
        said = {"type": {"$ne": None}, "conversation": {"$gt": ""}}
    return _frame(random, _TEXT, json.dumps(said).encode("utf-8", "surrogatepass"))


def _not_json(random: Random) -> bytes:
    return _frame(random, _TEXT, random.choice(_NOT_JSON))


def _bad_utf8(random: Random) -> bytes:
    return _frame(random, _TEXT, random.choice(_NOT_UTF8))


def _random_text(random: Random) -> bytes:
    text = "".join(
        chr(random.choice((random.randrange(0xD800), random.randrange(0xE000, 0x110000)))) for _ in range(40)
    )
    return _frame(random, _TEXT, text.encode())


def _harmless_control(random: Random) -> bytes:
    return _frame(random, random.choice((_PING, _PONG)), random.randbytes(random.randrange(126)))


def _binary(random: Random) -> bytes:
    return _frame(random, _BINARY, random.randbytes(random.randrange(200)))


def _end(random: Random) -> bytes:
    """Goodbyes, most of them with codes and reasons that there are not."""
    return _frame(random, random.choice((_CLOSE, _PING)), random.randbytes(random.choice((0, 1, 2, 60, 125, 126, 200))))


def _against_the_rules(random: Random) -> bytes:
    """Reserved bits and kinds, pieces of messages without a beginning, frames without a mask, no frame at all."""
    choice = random.randrange(4)
    if choice == 0:
        return _frame(random, random.choice((3, 4, 7, 11, 15)), b"x")
    if choice == 1:
        return _frame(random, random.choice((0, _TEXT)), b"piece", first=random.choice((0x00, 0x80, 0x40, 0x70)))
    if choice == 2:
        return bytes((0x81, 4)) + b"ping"
    return random.randbytes(random.randrange(1, 40))


_READABLE = (*[_nearly_right] * 4, _not_json, _random_text, _harmless_control)
_BREAKING = (_bad_utf8, _binary, _end, _huge, _half, _against_the_rules)


def _frame(random: Random, kind: int, body: bytes, first: int = 0x80) -> bytes:
    mask = random.randbytes(4)
    size = len(body)
    if size < 126:
        head = bytes((first | kind, 0x80 | size))
    elif size < 65_536:
        head = bytes((first | kind, 0x80 | 126)) + struct.pack("!H", size)
    else:
        head = bytes((first | kind, 0x80 | 127)) + struct.pack("!Q", size)
    whole = int.from_bytes(body, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return head + mask + whole.to_bytes(size, "big")

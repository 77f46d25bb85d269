"""The measuring itself: the sender sends, the screens see, and a bar is held the right way round."""

import pytest
from pymongo import AsyncMongoClient

from bench import figures, load, servers
from hub.engines import Addresses


def engines(addresses: Addresses) -> servers.Engines:
    return servers.Engines(addresses.mongo_url, addresses.redis_url)


async def test_every_message_is_answered_once_and_seen_once(
    addresses: Addresses, database_name: str, mongo: AsyncMongoClient
) -> None:
    screen = figures.Screen()
    async with servers.minimal_hub(engines(addresses), database_name) as floor:
        socket = await load.socket(floor.place, floor.screen, screen.heard)
        answers = await load.all_at_once(floor.place, iter(floor.messages(300)), senders=16, seconds=30)
        paced = await load.at_a_pace(floor.place, floor.messages(10), per_second=100)
        await figures._until(lambda: len(screen.seen) == 310, 5)
        socket.close()
    assert [answer.status for answer in (*answers, *paced)] == [202] * 310
    assert sorted(screen.seen) == list(range(310))
    assert await mongo[database_name].messages.count_documents({}) == 310


def length(frame: bytes) -> bytes:
    """As RFC 6455, 5.2, writes it."""
    size = len(frame)
    if size < 126:
        return bytes([size])
    return b"\x7e" + size.to_bytes(2, "big") if size < 65_536 else b"\x7f" + size.to_bytes(8, "big")


async def test_frames_of_every_size_are_read() -> None:
    frames = [b"", b"a" * 125, b"b" * 126, b"c" * 70_000]
    heard: list[bytes] = []
    socket = load.Socket(b"", heard.append)
    socket.open.set_result(None)
    wire = b"".join(b"\x81" + length(frame) + frame for frame in frames)
    for at in range(0, len(wire), 1_000):
        socket.data_received(wire[at : at + 1_000])
    assert heard == frames


@pytest.mark.parametrize(
    ("ratio", "at_most", "met"), [(0.41, False, True), (0.39, False, False), (1.9, True, True), (2.1, True, False)]
)
def test_a_bar_is_a_least_or_a_most(ratio: float, at_most: bool, met: bool) -> None:
    bar = 2.0 if at_most else 0.4
    assert figures.Figure("what", "", "", ratio, bar, at_most=at_most).met is met

"""What may be forgotten, on a real Valkey that is killed and emptied."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from secrets import token_hex

import pytest
from redis.asyncio import Redis as Client

from hub import engines
from hub.ephemeral import Redis
from tests.conftest import EnginesPlace
from tests.test_engines import pids


class Secrets:
    """As much of a clock as is asked for here."""

    def new_secret(self, bits: int = 256) -> str:
        return token_hex(bits // 8)


@pytest.fixture
async def one(redis_url: str, database_name: str) -> AsyncIterator[Redis]:
    async for redis in started(redis_url, database_name):
        yield redis


@pytest.fixture
async def other(redis_url: str, database_name: str) -> AsyncIterator[Redis]:
    """The same database in another process."""
    async for redis in started(redis_url, database_name):
        yield redis


@pytest.fixture
async def unanswered() -> AsyncIterator[Redis]:
    """Its server takes connections and never says a word."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        async for redis in started(f"redis://127.0.0.1:{port}", "balcao"):
            yield redis


async def started(url: str, database: str) -> AsyncIterator[Redis]:
    redis = Redis(url, database, Secrets())  # type: ignore[arg-type]
    await redis.start()
    yield redis
    await redis.stop()


def notes_of(redis: Redis) -> "asyncio.Queue[dict[str, object]]":
    heard: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    redis.listen(heard.put)
    return heard


async def test_a_note_reaches_every_process_this_one_included(one, other):
    here, there = notes_of(one), notes_of(other)
    await one.tell({"kind": "typing", "who": "Conceição"})
    assert await asyncio.wait_for(here.get(), 2) == await asyncio.wait_for(there.get(), 2)


async def test_a_note_stays_in_its_database(one, redis_url):
    async for stranger in started(redis_url, "another"):
        heard = notes_of(stranger)
        await one.tell({"kind": "secret"})
        await stranger.tell({"kind": "ours"})
        assert await asyncio.wait_for(heard.get(), 2) == {"kind": "ours"}


async def test_a_listener_that_fails_does_not_silence_the_others(one):
    async def fail(note: object) -> None:
        raise KeyError("kind")

    one.listen(fail)
    heard = notes_of(one)
    await one.tell({"kind": "typing"})
    assert await asyncio.wait_for(heard.get(), 2) == {"kind": "typing"}


async def test_whoever_beats_anywhere_is_online(one, other):
    await one.beat("ana")
    await other.beat("bruno")
    assert await one.online() == await other.online() == {"ana", "bruno"}


async def test_uses_are_counted_over_all_processes_and_may_be_forgiven(one, other):
    allowed = [await each.allow("sign-in:ana", limit=3, window_s=60) for each in (one, other, one, other)]
    assert allowed == [True, True, True, False]
    await other.forgive("sign-in:ana")
    assert await one.allow("sign-in:ana", limit=3, window_s=60)
    assert await one.allow("sign-in:bruno", limit=3, window_s=60)


async def test_uses_are_counted_in_a_window_that_moves(one):
    assert await one.allow("k", limit=1, window_s=1)
    assert not await one.allow("k", limit=1, window_s=1)
    await asyncio.sleep(1.05)
    assert await one.allow("k", limit=1, window_s=1)


async def test_a_lease_has_one_holder_until_it_ends_or_is_given_up(one, other):
    assert await one.hold("outbox", for_s=0.3)
    assert await one.hold("outbox", for_s=0.3)
    assert not await other.hold("outbox", for_s=0.3)
    await other.release("outbox")
    assert not await other.hold("outbox", for_s=0.3)
    await asyncio.sleep(0.35)
    assert await other.hold("outbox", for_s=60)
    await other.release("outbox")
    assert await one.hold("outbox", for_s=60)


async def test_the_last_twenty_refusals_are_kept(one, other):
    for number in range(22):
        await one.note_refusal("shop", f"bad signature {number}")
    kept = await other.refusals("shop")
    assert (len(kept), kept[0], kept[-1]) == (20, "bad signature 21", "bad signature 2")


async def test_an_emptied_redis_harms_nobody(one, other, redis_url):
    heard = notes_of(other)
    await one.beat("ana")
    await one.hold("outbox", for_s=60)
    async with Client.from_url(redis_url) as client:
        await client.flushall()
    assert await one.online() == {"ana"}
    assert await one.hold("outbox", for_s=60)
    assert await one.allow("k", limit=1, window_s=60)
    await one.tell({"kind": "typing"})
    assert await asyncio.wait_for(heard.get(), 2) == {"kind": "typing"}


async def test_a_redis_that_does_not_answer_holds_nobody_up(unanswered):
    began = time.monotonic()
    await asyncio.gather(
        unanswered.tell({}), unanswered.beat("ana"), unanswered.note_refusal("c", "w"), unanswered.forgive("k")
    )
    assert await unanswered.hold("outbox", for_s=60)
    assert await unanswered.online() == {"ana"}
    assert [await unanswered.allow("k", limit=2, window_s=60) for _ in range(3)] == [True, True, False]
    assert not await unanswered.answers()
    assert not await unanswered.refusals("c")
    assert time.monotonic() - began < 0.6


async def test_a_killed_valkey_comes_back_and_everybody_hears_again(tmp_path: Path):
    place = EnginesPlace(tmp_path, mongo_url="mongodb://unused")
    async with engines.attach_or_start(place, lambda url: asyncio.sleep(0)) as addresses:
        async for redis in started(addresses.redis_url, "balcao"):
            heard = notes_of(redis)
            os.kill(pids(tmp_path)["valkey"], signal.SIGKILL)
            assert await redis.hold("outbox", for_s=60)
            async with asyncio.timeout(5):
                while heard.empty():
                    await redis.tell({"kind": "again"})
                    await asyncio.sleep(0.05)
            assert await redis.answers()

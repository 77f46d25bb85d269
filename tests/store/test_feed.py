"""Every committed event, once, in order; and losing the place is an ordinary case."""

import asyncio

import pytest

from hub.events import Kind
from hub.inbox.receive import Receive
from hub.ports import Told
from hub.store.feed import ChangeStreamFeed
from tests.cast import Shelf, inbound, shelf


class Ear:
    def __init__(self, feed: ChangeStreamFeed) -> None:
        self.told: list[Told] = []
        self.lost = 0
        self._news = asyncio.Event()
        feed.listen(self._tell, self._lose)

    async def _tell(self, told) -> None:
        self.told += told
        self._news.set()

    async def _lose(self) -> None:
        self.lost += 1
        self._news.set()

    async def until(self, enough) -> None:
        async with asyncio.timeout(20):
            while not enough(self):
                self._news.clear()
                await self._news.wait()

    def messages(self) -> list[str]:
        return [each.event.data["message"] for each in self.told if each.event.kind is Kind.MESSAGE_RECEIVED]


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


@pytest.fixture
async def feed(store: Shelf):
    feed = ChangeStreamFeed(store.database)
    await feed.start()
    yield feed
    await feed.stop()


async def test_what_is_filed_is_told_in_order(store: Shelf, feed: ChangeStreamFeed) -> None:
    ear = Ear(feed)
    filed = await asyncio.gather(*(store.filing.submit(Receive(inbound(f"{n}"))) for n in range(60)))
    await ear.until(lambda ear: len(ear.messages()) == 60)
    assert ear.messages() == [each.message for each in filed]


async def test_a_place_in_the_ring_leads_to_what_came_after_it(store: Shelf, feed: ChangeStreamFeed) -> None:
    ear, beginning = Ear(feed), feed.cursor
    for n in range(3):
        await store.filing.submit(Receive(inbound(f"{n}", visitor="v")))
    await ear.until(lambda ear: len(ear.messages()) == 3)
    first = ear.told[0].cursor
    assert [each.cursor for each in feed.since(first)] == [each.cursor for each in ear.told[1:]]
    assert len(feed.since(beginning)) == len(ear.told)
    assert feed.since(feed.cursor) == ()


async def test_a_place_nobody_knows_means_reload(feed: ChangeStreamFeed) -> None:
    assert feed.since("8267") is None


async def test_places_are_the_same_in_two_processes(store: Shelf, feed: ChangeStreamFeed) -> None:
    other = ChangeStreamFeed(store.database)
    await other.start()
    one, two = Ear(feed), Ear(other)
    await store.filing.submit(Receive(inbound()))
    await one.until(lambda ear: ear.messages())
    await two.until(lambda ear: ear.messages())
    await other.stop()
    assert [each.cursor for each in one.told] == [each.cursor for each in two.told]


async def test_a_lost_place_is_told_and_the_feed_goes_on(store: Shelf, feed: ChangeStreamFeed) -> None:
    """An event's place that the oplog does not hold: the server answers 280 (286 once the oplog has run over)."""
    ear = Ear(feed)
    await store.filing.submit(Receive(inbound("before")))
    await ear.until(lambda ear: ear.messages())
    await feed.stop()
    feed._cursor = feed._cursor[:2] + "60000000" + feed._cursor[10:]  # the seconds of the place's time
    feed._ending = False
    feed._task = asyncio.create_task(feed._run())
    await ear.until(lambda ear: ear.lost == 1)
    filed = await store.filing.submit(Receive(inbound("after")))
    await ear.until(lambda ear: filed.message in ear.messages())


async def test_a_database_that_is_dropped_is_a_lost_place_too(store: Shelf, feed: ChangeStreamFeed) -> None:
    ear = Ear(feed)
    await store.filing.submit(Receive(inbound("before")))
    await ear.until(lambda ear: ear.messages())
    await store.database["events"].drop()
    await ear.until(lambda ear: ear.lost == 1)
    filed = await store.filing.submit(Receive(inbound("after")))
    await ear.until(lambda ear: filed.message in ear.messages())


async def test_an_event_of_a_newer_hub_ends_nobodys_news(store: Shelf, feed: ChangeStreamFeed) -> None:
    ear = Ear(feed)
    await store.database["events"].insert_one({"_id": "e1", "kind": "moon.risen", "at": store.clock.now()})
    filed = await store.filing.submit(Receive(inbound()))
    await ear.until(lambda ear: ear.messages() == [filed.message])


async def test_a_listener_that_fails_keeps_nobody_from_the_news(store: Shelf, feed: ChangeStreamFeed) -> None:
    async def fail(*_: object) -> None:
        raise ZeroDivisionError

    feed.listen(fail, fail)
    ear = Ear(feed)
    await store.filing.submit(Receive(inbound()))
    await ear.until(lambda ear: ear.messages())

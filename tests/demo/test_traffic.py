"""Customers come in by the real doors of a real hub, sixty times faster than in life."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from hub.app import ROLES, Hub, listening
from hub.clock import SystemClock
from hub.demo.colleague import colleagues, waiting
from hub.demo.traffic import AT_ONCE, LEASE, WAIT_MOST, Traffic
from hub.engines import Addresses
from hub.ephemeral import Redis
from hub.events import Kind
from hub.inbox.assign import assign
from hub.inbox.availability import set_availability
from hub.inbox.receive import receive
from hub.inbox.reply import reply
from hub.inbox.rights import person_of
from hub.inbox.routing_settings import change_settings
from hub.model import Availability, Conversation, Delivery, Direction, Inbound, Message, Person, Role, Sender, Status
from hub.ports import Told
from hub.settings import load


class Shop:
    """An open demo, and what has happened in it."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.house = hub.house
        self.opened_at = hub.house.clock.now()
        self._told: list[Told] = []
        self._news = asyncio.Condition()
        self.house.feed.listen(self._hear, self._lost)

    async def next(self, kind: Kind, channel: str, *, of_old: bool = False) -> Conversation:
        """The conversation to which this happens next, on a channel of this kind; `of_old`: one of the scripts'."""
        async with asyncio.timeout(20):
            while True:
                while self._told:
                    event = self._told.pop(0).event
                    found = await self.house.reader.conversation(event.conversation) if event.conversation else None
                    if event.kind is kind and found and found.channel_kind == channel and of_old == self._is_old(found):
                        return found
                async with self._news:
                    await self._news.wait()

    def _is_old(self, conversation: Conversation) -> bool:
        return conversation.created_at < self.opened_at

    async def messages(self, conversation: Conversation) -> Sequence[Message]:
        return await self.house.reader.messages(conversation.id, before=None, limit=50)

    async def person(self, role: Role) -> Person:
        user = min((u for u in self.house.directory.users.values() if u.role is role), key=lambda u: u.name)
        return await person_of(self.house, user)

    async def leave_it_to_the_colleagues(self) -> None:
        """Ana is out, and a minute at this speed is an hour of life: nobody is spared by the minute."""
        boss, ana = await self.person(Role.ADMIN), await self.person(Role.AGENT)
        await set_availability(self.house, boss, ana.id, Availability.OFFLINE)
        await change_settings(self.house, boss, flood=0)

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        running = asyncio.create_task(Traffic(self.house, f"http://127.0.0.1:{self.hub.port}", speed=60).run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _hear(self, told: Sequence[Told]) -> None:
        self._told += told
        async with self._news:
            self._news.notify_all()

    async def _lost(self) -> None:
        return None


@pytest.fixture
async def shop(addresses: Addresses, database_name: str, tmp_path: Path) -> AsyncIterator[Shop]:
    settings = load(data=tmp_path, port=0, undo_s=0, database=database_name)
    with socket.create_server(("127.0.0.1", 0)) as door:
        hub = Hub(settings, addresses, ROLES, door)
        async with hub.open():
            await hub.show_demo()
            async with listening(hub, door):
                shop = Shop(hub)
                await shop.leave_it_to_the_colleagues()
                yield shop


async def test_begun_twice_at_once_is_one_demo(addresses: Addresses, database_name: str, tmp_path: Path):
    hub = Hub(load(data=tmp_path, port=0, database=database_name), addresses, frozenset({"delivery"}))
    async with hub.open():
        await asyncio.gather(hub.show_demo(), hub.show_demo())
        stored = {user.id for user in await hub.house.reader.users()}
        assert stored == set(hub.house.directory.users)
        assert len({user.email for user in hub.house.directory.users.values()}) == len(stored)


async def test_a_customer_is_answered_by_a_colleague_thanks_and_goes(shop):
    async with shop.busy():
        done = await shop.next(Kind.CONVERSATION_RESOLVED, "widget")
    stream = await shop.messages(done)
    assert {each.direction for each in stream} == {Direction.IN, Direction.OUT}
    assert all(each.delivery is Delivery.READ for each in stream if each.direction is Direction.OUT)
    assert done.assignee in {colleague.person.id for colleague in await colleagues(shop.house)}


async def test_the_order_system_hands_over_and_a_colleague_sees_to_it(shop):
    async with shop.busy():
        done = await shop.next(Kind.CONVERSATION_RESOLVED, "webhook")
    assert [each.direction for each in await shop.messages(done)] == [Direction.IN, Direction.NOTE]


async def test_who_is_answered_by_the_reader_talks_with_the_reader(shop):
    ana, lead = await shop.person(Role.AGENT), await shop.person(Role.SUPERVISOR)
    await set_availability(shop.house, ana, ana.id, Availability.BUSY)
    async with shop.busy():
        begun = await shop.next(Kind.CONVERSATION_BEGUN, "widget")
        await assign(shop.house, lead, begun.id, assignee=ana.id)  # whoever has it by now
        now = await shop.house.reader.conversation(begun.id)  # with a colleague's answer, it may be
        before = now.seq
        await reply(shop.house, ana, begun.id, id="by-hand-1", text="Oi! Já vejo.", last_out_seq=now.last_out_seq)
        for _ in range(20):
            await shop.next(Kind.MESSAGE_RECEIVED, "widget")
            now = await shop.house.reader.conversation(begun.id)
            if now.seq > before + 1:
                break
    assert now.assignee == ana.id
    assert now.status is Status.OPEN
    assert now.last.direction is Direction.IN


async def test_few_come_in_while_many_wait(shop):
    widget = next(each for each in shop.house.directory.channels.values() if each.kind == "widget")
    for n in range(2 * WAIT_MOST):  # some are given to somebody meanwhile
        sender = Sender((f"visitor:{n:032}",), f"Visitor {n}")
        await receive(shop.house, Inbound(widget.id, "widget", f"{n}:m", f"{n:032}", sender, "Alô?"))
    begun = await waiting(shop.house)
    traffic = Traffic(shop.house, f"http://127.0.0.1:{shop.hub.port}", speed=1)
    assert await traffic._has_room()
    traffic._inside = AT_ONCE
    assert begun > WAIT_MOST
    assert not await traffic._has_room()


async def test_only_who_has_the_lease_lets_customers_in(shop, redis_url):
    other = Redis(redis_url, f"{shop.hub.settings.database}_demo", SystemClock())
    assert await other.hold(LEASE, for_s=30)
    assert not await Traffic(shop.house, "http://127.0.0.1:9")._has_room()
    await other.stop()


async def test_a_closed_door_ends_a_visit_quietly(shop):
    traffic = Traffic(shop.house, "http://127.0.0.1:9", speed=1000)
    running = asyncio.create_task(traffic.run())
    await asyncio.sleep(0.3)
    assert not running.done()
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=5)
    assert done


async def test_the_shop_page_carries_the_widget_of_the_demo(shop):
    key = next(each.key for each in shop.house.directory.channels.values() if each.kind == "widget")
    async with ClientSession() as browser, browser.get(f"http://127.0.0.1:{shop.hub.port}/demo/shop") as page:
        assert f'data-key="{key}"' in await page.text()

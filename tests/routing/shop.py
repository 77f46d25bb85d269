"""Loja Ipê, the demo company, with its own people and rules and an empty queue, and an engine at work.

It is a Wednesday, ten in the morning in Recife, and time passes when a test says so.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from inspect import iscoroutinefunction
from typing import Any
from zoneinfo import ZoneInfo

from hub import demo
from hub.clock import SystemClock
from hub.demo.cast import Regular, read_cast
from hub.errors import Unavailable
from hub.events import Event, Kind
from hub.inbox.availability import set_availability
from hub.inbox.house import House
from hub.inbox.receive import receive
from hub.inbox.reply import reply
from hub.inbox.rights import as_person
from hub.model import Agent, Availability, ChannelRecord, Language, Message, Person, Sender
from hub.ports import Ref, Sheet
from hub.routing.engine import Engine
from hub.store.database import Database
from hub.store.records import COLLECTIONS, from_document, to_document
from tests.cast import inbound
from tests.house import Parts, built
from tests.inbox.hands import Ahead
from tests.routing.company import PATIENCE_S, Company

RECIFE = ZoneInfo("America/Recife")
WEDNESDAY = datetime(2030, 3, 6, 10, tzinfo=RECIFE)
TALKS = frozenset({"conversations", "messages", "events", "threads"})

Documents = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Patient:
    """A filing or a reader that is asked again while the store does not answer: a busy machine may forget it for some
    seconds."""

    asked: Any

    def __getattr__(self, name: str) -> Any:
        there = getattr(self.asked, name)
        if not iscoroutinefunction(there):
            return there

        async def again(*given: Any, **named: Any) -> Any:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    try:
                        return await there(*given, **named)
                    except Unavailable:
                        await asyncio.sleep(0.1)

        return again


@dataclass(kw_only=True)
class Shop(Company):
    """People are called as `cast.toml` calls them: Ana, Bruno and Davi are here, Carla is at lunch until 10:40; Helena
    and Beatriz supervise. Customers are those of the cast, or anybody who has never been here."""

    clock: Ahead
    people: Mapping[str, Person]
    channels: Mapping[str, ChannelRecord]  # by kind: the widget on the site, and the webhook of the order system
    customers: Mapping[str, Regular]

    @property
    def house(self) -> House:
        """For people; engines have their own patience."""
        house = self.parts.house
        return replace(house, filing=Patient(house.filing), reader=Patient(house.reader))

    async def engine(self, **given: Any) -> Engine:
        engine = Engine(self.parts.house, **given)
        await engine.start()
        self.engines.append(engine)
        return engine

    async def writes(self, text: str = "Oi, bom dia!", *, who: str = "Rita", by: str = "widget", **given: Any) -> str:
        """Gives the conversation's id."""
        channel, known = self.channels[by], self.customers.get(who)
        sender = Sender(known.proved[:1] if known else (f"visitor:{who}",), known.name if known else who)
        given = {"visitor": who, "channel": channel.id, "kind": channel.kind, "sender": sender} | given
        return (await receive(self.house, inbound(text, **given))).conversation

    async def answers(self, key: str, id: str) -> None:
        """Somebody writes back to the customer, whose turn it is then."""
        seen = (await self.conversation(id)).last_out_seq
        await reply(
            self.house, self.people[key], id, id=self.clock.new_id(), text="Já vejo para você.", last_out_seq=seen
        )

    async def comes(self, *keys: str) -> None:
        for key in keys:
            await self._is_now(key, Availability.AVAILABLE)

    async def goes(self, *keys: str, to: Availability = Availability.OFFLINE) -> None:
        for key in keys:
            await self._is_now(key, to)

    async def _is_now(self, key: str, availability: Availability) -> None:
        await set_availability(self.house, self.people[key], self.people[key].id, availability)

    async def pass_time(self, **span: float) -> None:
        """`minutes=5`; whoever has to do with it sees it at once."""
        self.clock.by += timedelta(**span)
        for engine in self.engines:
            engine._wake.set()

    async def pass_time_until(self, hour: int, minute: int = 0) -> None:
        """By the clock on the wall: later today, else tomorrow."""
        here = self.clock.now().astimezone(RECIFE)
        then = datetime.combine(here.date(), time(hour, minute), RECIFE)
        then += timedelta(days=then <= here)
        await self.pass_time(seconds=(then - here).total_seconds())

    def key_of(self, id: str | None) -> str | None:
        """How the cast calls this agent."""
        return next((key for key, person in self.people.items() if person.id == id), None)

    async def given_to(self, id: str) -> str:
        return str(self.key_of(await super().given_to(id)))

    async def offered_to(self, id: str) -> str:
        return str(self.key_of(await super().offered_to(id)))

    async def with_whom(self, id: str) -> str | None:
        """Who has it now, when everything has been looked at."""
        await self.settled()
        return await self.with_whom_now(id)

    async def with_whom_now(self, id: str) -> str | None:
        return self.key_of((await self.conversation(id)).assignee)

    async def told(self, id: str) -> Event:
        """What routing said last of this conversation."""
        events = [
            event
            for kind in (Kind.CONVERSATION_ASSIGNED, Kind.CONVERSATION_OFFERED, Kind.CONVERSATION_WAITS)
            for event in await self.events(kind, id)
            if "decision" in event.data
        ]
        return max(events, key=lambda event: (event.at, event.id))

    async def decision(self, id: str) -> Mapping[str, Any]:
        decision: Mapping[str, Any] = (await self.told(id)).data["decision"]
        return decision

    async def automatic(self, id: str) -> list[Message]:
        """What rules answered."""
        messages = await self.house.reader.messages(id, before=None, limit=50)
        return [each for each in messages if each.automatic]


@dataclass(frozen=True, slots=True)
class Nothing:
    def wants(self, sheet: Sheet) -> list[Ref]:
        return []

    def decide(self, sheet: Sheet) -> None:
        return


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The shop as it is before anybody writes, to be put up again for each test: that takes a tenth of the time that
    a new one would."""

    parts: Parts
    clock: Ahead
    documents: Documents

    async def put_up(self) -> Shop:
        await Patient(self.parts.filing).submit(Nothing())  # whatever an engine of before had still to file is filed
        self.clock.by = WEDNESDAY - SystemClock().now()
        database, directory = self.parts.database, self.parts.house.directory
        await asyncio.gather(*(_refill(database, name, self.documents[name]) for name in self.documents))
        await Patient(directory).refresh()
        people = {
            user.email.partition("@")[0]: as_person(user, directory.agents[user.id], directory.company)
            for user in directory.users.values()
        }
        channels = {channel.kind: channel for channel in directory.channels.values()}
        customers = read_cast(Language.PT_BR).customers
        return Shop(self.parts, clock=self.clock, people=people, channels=channels, customers=customers)


@asynccontextmanager
async def built_shop(mongo_url: str, redis_url: str, name: str) -> AsyncIterator[Backdrop]:
    clock = Ahead(WEDNESDAY - SystemClock().now())
    async with built(mongo_url, redis_url, name, clock=clock) as parts:
        await demo.seed(parts.house, Language.PT_BR)
        documents = {name: await parts.database[name].find().to_list() for name in COLLECTIONS.values()}
        kept = documents | dict.fromkeys(TALKS, ()) | {"agents": [_rested(each) for each in documents["agents"]]}
        await parts.follow()
        yield Backdrop(parts, clock, kept)


@asynccontextmanager
async def opened_shop(backdrop: Backdrop) -> AsyncIterator[Shop]:
    """With an engine at work."""
    shop = await backdrop.put_up()
    await shop.engine(sweep_s=0.2)
    try:
        yield shop
    finally:
        for engine in shop.engines:
            await engine.stop()


def _rested(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """An agent who has nothing yet."""
    agent = from_document(Agent, document)
    return to_document(replace(agent, slots=(), offers=(), recent=(), last_assigned_at=None))


async def _refill(database: Database, name: str, documents: Sequence[Mapping[str, Any]]) -> None:
    await database[name].delete_many({})
    if documents:
        await database[name].insert_many(documents)

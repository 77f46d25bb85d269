"""A company with its engines at work: real store, feed and Redis, and people who come and go."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from hub.events import Event, Kind
from hub.inbox.house import House
from hub.inbox.receive import receive
from hub.model import Agent, Availability, Conversation, Hours, Opening, Routing, RuleVersion
from hub.ports import Ref, Sheet
from hub.routing.engine import Engine
from hub.store.records import COLLECTIONS, from_document
from tests.cast import Hire, inbound
from tests.house import Parts, built

PATIENCE_S = 25.0
_VERSIONS = count(1)


@dataclass
class Company:
    parts: Parts
    engines: list[Engine] = field(default_factory=list)

    @property
    def house(self) -> House:
        return self.parts.house

    async def writes(self, text: str = "Oi, bom dia!", **given: Any) -> str:
        """A customer's message; gives the conversation's id."""
        return (await receive(self.house, inbound(text, **given))).conversation

    async def change(self, kind: type, id: str, **changes: Any) -> None:
        """As somebody would who tells of it; records of routing raise its revision."""
        await self.house.filing.submit(Set(kind, id, changes))
        if kind is not Agent:
            await self.house.directory.refresh()

    async def here(self, *agents: str, **changes: Any) -> None:
        for agent in agents:
            await self.change(Agent, agent, availability=Availability.AVAILABLE, **changes)

    async def conversation(self, id: str) -> Conversation:
        found = await self.house.reader.conversation(id)
        assert found
        return found

    async def agent(self, id: str) -> Agent:
        return (await self.house.reader.agents([id]))[0]

    async def until(self, holds: Callable[[], Awaitable[Any]]) -> Any:
        """What it gives as soon as it is true of it."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := await holds()):
                await asyncio.sleep(0.02)
        return found

    async def given_to(self, id: str) -> str:
        async def assignee() -> str | None:
            return (await self.conversation(id)).assignee

        return str(await self.until(assignee))

    async def waits_because(self, id: str, why: str) -> Conversation:
        async def waits() -> Conversation | None:
            found = await self.conversation(id)
            return found if found.waits and found.waits.why == why else None

        found: Conversation = await self.until(waits)
        return found

    async def offered_to(self, id: str) -> str:
        async def agent() -> str | None:
            offer = (await self.conversation(id)).offer
            return offer.agent if offer else None

        return str(await self.until(agent))

    async def held(self, many: int) -> bool:
        """Whether so many conversations are with somebody."""
        return many == await self.parts.database["conversations"].count_documents({"assignee": {"$exists": True}})

    async def leads(self, engine: Engine) -> bool:
        return engine._leads

    async def settled(self) -> None:
        """Every engine here has heard what there is to hear, and has swept once more."""
        for engine in self.engines:
            before = engine._sweeps
            async with asyncio.timeout(PATIENCE_S):
                while engine._sweeps < before + 2 or engine._picture.line.due:
                    await asyncio.sleep(0.02)

    async def publish(self, *rules: dict[str, Any]) -> None:
        """These rules are live from now on."""
        number = next(_VERSIONS)  # a version is never another one
        version = {"number": number, "at": self.house.clock.now(), "author": "admin", "rules": rules}
        await self.house.filing.submit(Set(RuleVersion, str(number), version))
        await self.change(Routing, "routing", version=number)

    async def closed_hours(self, id: str) -> None:
        """Opening hours that open in an hour or more, whatever the time is."""
        weekday = str((self.house.clock.now() + timedelta(days=2)).isoweekday())
        await self.change(Hours, id, name=id, time_zone="UTC", week={weekday: (Opening(540, 1080),)})

    async def events(self, kind: Kind, conversation: str | None = None) -> list[Event]:
        asked = {"kind": kind.value} | ({"conversation": conversation} if conversation else {})
        return [from_document(Event, each) async for each in self.parts.database["events"].find(asked).sort("at", 1)]

    async def begin_afresh(self) -> None:
        """Nothing is left of what was before, and no engine is at work."""
        while self.engines:
            await self.engines.pop().stop()
        for name in COLLECTIONS.values():
            await self.parts.database[name].delete_many({})
        await self.parts.filing.submit(Hire(Availability.OFFLINE))
        await self.house.directory.refresh()

    async def engine(self, **given: Any) -> Engine:
        engine = Engine(self.house, **given)
        await engine.start()
        self.engines.append(engine)
        return engine


@asynccontextmanager
async def opened(mongo_url: str, redis_url: str, name: str, **given: Any) -> AsyncIterator[Company]:
    """Without an engine."""
    async with built(mongo_url, redis_url, name, **given) as parts:
        await parts.filing.submit(Hire(Availability.OFFLINE))
        await parts.follow()
        company = Company(parts)
        try:
            yield company
        finally:
            for engine in company.engines:
                await engine.stop()


@asynccontextmanager
async def all_day(mongo_url: str, redis_url: str, module: str) -> AsyncIterator[Company]:
    """One for a whole module of tests, that each begin the day afresh."""
    name = f"test_{os.getpid()}_{module.rpartition('.')[2]}"
    async with opened(mongo_url, redis_url, name) as company:
        yield company
        await company.parts.database.drop()


@dataclass(frozen=True, slots=True)
class Set:
    """Puts a record with these fields, and tells of it."""

    kind: type
    id: str
    changes: dict[str, Any]

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(self.kind, self.id), Ref(Routing, "routing")]

    def decide(self, sheet: Sheet) -> None:
        before = sheet.get(self.kind, self.id)
        if self.kind is Agent:
            assert before
            since = {"since": sheet.now} if "availability" in self.changes else {}
            sheet.put(replace(before, **since, **self.changes))
            sheet.tell(Kind.AGENT_CHANGED, data={"agent": self.id, "fields": list(self.changes)})
            return
        routing = sheet.get(Routing, "routing") or Routing()
        if self.kind is not Routing:
            sheet.put(replace(before, **self.changes) if before else self.kind(id=self.id, **self.changes))
        else:
            routing = replace(routing, **self.changes)
        sheet.put(replace(routing, revision=routing.revision + 1))
        sheet.tell(Kind.ROUTING_CHANGED, data={"what": "settings"})

"""The people of the tests, and a house for them to live in: real store, real feed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from hub.clock import SystemClock
from hub.model import Agent, Availability, Company, Inbound, Language, Person, Role, Sender, User
from hub.ports import Ref, Sheet
from hub.store.database import Database, connect
from hub.store.filing import GroupFiling
from hub.store.migrations import migrate
from hub.store.reader import MongoReader

COMPANY = Company("Loja Ipê", "America/Recife", Language.PT_BR)
ANA = Person("ana", "Ana Souza", Role.AGENT, ("sales",))
BRUNO = Person("bruno", "Bruno Lima", Role.AGENT, ("billing",))
CARLA = Person("carla", "Carla Dias", Role.SUPERVISOR)
ADMIN = Person("admin", "Beatriz Monteiro", Role.ADMIN)
EVERYBODY = (ANA, BRUNO, CARLA, ADMIN)

_NUMBERS = count(1)


def inbound(text: str = "Oi, bom dia!", *, visitor: str = "v1", id: str | None = None, **changes: Any) -> Inbound:
    """A chat message of a visitor; each has an id of its own unless it is given one."""
    given = Inbound(
        channel="chat",
        kind="widget",
        external_id=id or f"m{next(_NUMBERS)}",
        thread=visitor,
        sender=Sender((f"visitor:{visitor}",)),
        text=text,
    )
    return replace(given, **changes)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The writer and the reader on a database of one test."""

    database: Database
    filing: GroupFiling
    reader: MongoReader
    clock: SystemClock


@asynccontextmanager
async def shelf(mongo_url: str, name: str) -> AsyncIterator[Shelf]:
    database, clock = connect(mongo_url, name), SystemClock()
    await migrate(database)
    filing = GroupFiling(database, clock)
    await filing.start()
    try:
        await filing.submit(Hire())
        yield Shelf(database, filing, MongoReader(database), clock)
    finally:
        await filing.stop()
        await database.client.close()


@dataclass(frozen=True, slots=True)
class Hire:
    """The company and its people, who are at their desks: each is what `availability` says."""

    availability: Availability = Availability.AVAILABLE

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Company, COMPANY.id), *(Ref(kind, each.id) for each in EVERYBODY for kind in (User, Agent))]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(COMPANY)
        for person in EVERYBODY:
            user = sheet.get(User, person.id)
            sheet.put(user or User(person.id, f"{person.id}@ipe.example", person.name, person.role, "!", sheet.now))
            agent = Agent(person.id, person.name, self.availability, person.teams, since=sheet.now)
            sheet.put(sheet.get(Agent, person.id) or agent)

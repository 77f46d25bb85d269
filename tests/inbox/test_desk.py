"""What a channel is told of the people behind the counter: somebody could answer now, or nobody could."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from hub.inbox.desk import Hearing, HouseDesk
from hub.inbox.directory import Directory
from hub.inbox.users import ChangeUser
from hub.model import Availability, ChannelRecord, Hours, Routing
from hub.ports import Ref, Sheet
from tests.cast import ANA, EVERYBODY, Shelf
from tests.inbox.hands import set_agent

AVAILABLE, BUSY, AWAY, OFFLINE = Availability


class Closed:
    """The company has opening hours, and they are over for good."""

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Routing, "routing")]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(Hours("shop", "Loja", "America/Recife", {}))
        sheet.put(replace(sheet.get(Routing, "routing") or Routing(), hours="shop"))


async def attended(store: Shelf) -> bool:
    directory = Directory(store.reader)
    await directory.refresh()
    house = SimpleNamespace(directory=directory, clock=store.clock, box=None)
    record = ChannelRecord(id="chat", kind="widget", name="Site", key="loja", created_at=store.clock.now())
    return await HouseDesk(house, record, Hearing()).attended()


async def only_ana_is(store: Shelf, availability: Availability) -> None:
    for person in EVERYBODY:
        await set_agent(store, person, availability=availability if person is ANA else OFFLINE)


@pytest.mark.parametrize(("availability", "here"), [(AVAILABLE, True), (BUSY, False), (AWAY, False), (OFFLINE, False)])
async def test_somebody_is_here_who_takes_conversations(store: Shelf, availability: Availability, here: bool) -> None:
    await only_ana_is(store, availability)
    assert await attended(store) is here


async def test_who_may_sign_in_no_more_is_not_here(store: Shelf) -> None:
    await only_ana_is(store, AVAILABLE)
    await store.filing.submit(ChangeUser("ana", {"disabled": True}, frozenset()))
    await set_agent(store, ANA, availability=AVAILABLE)
    assert not await attended(store)


async def test_outside_of_the_opening_hours_nobody_is_here(store: Shelf) -> None:
    await only_ana_is(store, AVAILABLE)
    await store.filing.submit(Closed())
    assert not await attended(store)

"""What is kept in mind is what the store has, however many changes come at once."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest

from hub.events import Event, Kind
from hub.inbox.directory import Directory
from hub.inbox.rulebook import Publish, SaveDraft
from hub.model import Agent, Routing, RuleVersion
from hub.ports import Ref, Sheet, Told
from tests.cast import CARLA, Shelf, shelf

HELLO = {"id": "hello", "name": "Hello", "then": {"priority": 6}}


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


@pytest.fixture
async def directory(store: Shelf) -> Directory:
    made = Directory(store.reader)
    await made.refresh()
    return made


async def publish(store: Shelf, *rules: dict) -> RuleVersion:
    draft = await store.filing.submit(SaveDraft(CARLA, rules, None))
    return await store.filing.submit(Publish(CARLA, draft.revision, "", None))


@dataclass(frozen=True, slots=True)
class Put:
    """Changes a record as it is, behind the verbs' back."""

    kind: type
    id: str
    changes: dict[str, Any]

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(self.kind, self.id)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(replace(sheet.get(self.kind, self.id), **self.changes))


def told(kind: Kind, **data: str) -> Told:
    return Told("", Event("e", kind, None, data=data))


async def test_the_book_has_the_live_rules_compiled(store: Shelf, directory: Directory):
    assert (directory.book.routing.version, directory.book.rules.every) == (0, ())
    await publish(store, HELLO)
    await directory.refresh_book()
    assert [rule.name for rule in directory.book.rules.every] == ["Hello"]
    assert directory.rule_name("hello") == "Hello"


async def test_of_two_refreshes_at_once_the_newest_picture_stays(store: Shelf, directory: Directory):
    first = asyncio.Event()
    reads = store.reader.routing

    class Slow:
        """The first question is answered late, with what was true when it was asked."""

        def __getattr__(self, name: str):
            return getattr(store.reader, name)

        async def routing(self) -> Routing | None:
            found = await reads()
            if not first.is_set():
                first.set()
                await asyncio.sleep(0.2)
            return found

    slow = Directory(Slow())
    early = asyncio.create_task(slow.refresh_book())
    await first.wait()
    await publish(store, HELLO)
    await slow.refresh_book()
    await early
    assert slow.book.routing.version == 1


async def test_a_saved_draft_changes_nothing_that_routing_decides_by(store: Shelf, directory: Directory):
    await publish(store, HELLO)
    await directory._told([told(Kind.ROUTING_CHANGED, what="draft")])
    assert directory.book.routing.version == 0
    await directory._told([told(Kind.ROUTING_CHANGED, what="rules")])
    assert directory.book.routing.version == 1


async def test_an_agent_who_learns_something_is_known_with_it(store: Shelf, directory: Directory):
    await store.filing.submit(Put(Agent, "ana", {"skills": {"billing": 3}}))
    await directory._told([told(Kind.AGENT_CHANGED, agent="ana")])
    assert directory.agents["ana"].skills == {"billing": 3}
    assert len(directory.agents) == 4


async def test_rules_of_a_newer_hub_that_cannot_be_read_hold_nothing_up(store: Shelf, directory: Directory):
    made = await publish(store, HELLO)
    odd = {**HELLO, "then": {"teleport": True}}
    await store.filing.submit(Put(RuleVersion, made.id, {"rules": (odd,)}))
    fresh = Directory(store.reader)
    await fresh.refresh()
    assert (fresh.book.routing.version, fresh.book.rules.every) == (1, ())
    assert fresh.name_of("ana") == "Ana Souza"


async def test_the_names_of_removed_rules_are_known_after_a_start(store: Shelf):
    await publish(store, HELLO)
    await publish(store, {"id": "other", "name": "Other", "then": {"priority": 1}})
    fresh = Directory(store.reader)
    await fresh.refresh()
    assert (fresh.rule_name("hello"), fresh.rule_name("unheard-of")) == ("Hello", "unheard-of")

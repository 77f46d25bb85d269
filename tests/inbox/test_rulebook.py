"""Drafts, versions and two supervisors at once: no version is ever lost, and nobody writes over another unawares."""

import asyncio

import pytest

from hub.errors import NotFound, Refused
from hub.events import Kind
from hub.inbox.routing_settings import ChangeSettings
from hub.inbox.rulebook import DiscardDraft, Publish, Restore, SaveDraft, with_ids
from hub.model import Person, Routing, RuleDraft, RuleVersion
from hub.store.filing import GroupFiling
from tests.cast import ADMIN, CARLA, Shelf, shelf

HELLO = {"id": "hello", "name": "Hello", "when": {}, "then": {"priority": 6}}
MORE = {"id": "more", "name": "More", "when": {}, "then": {"priority": 7}}


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made


async def save(store: Shelf, *rules: dict, by: Person = CARLA, revision: int | None = None) -> RuleDraft:
    return await store.filing.submit(SaveDraft(by, rules, revision))


async def publish(store: Shelf, *rules: dict, by: Person = CARLA) -> RuleVersion:
    draft = await save(store, *rules, by=by)
    return await store.filing.submit(Publish(by, draft.revision, "", None))


async def live(store: Shelf) -> Routing:
    return await store.reader.routing() or Routing()


async def told(store: Shelf) -> list[dict]:
    found = await store.database["events"].find({"kind": Kind.ROUTING_CHANGED.value}).to_list()
    return [event["data"] | {"by": event["actor"]["_id"]} for event in found]


async def test_a_draft_routes_nothing_until_it_is_published(store: Shelf):
    draft = await save(store, HELLO)
    assert (await live(store)).version == 0
    made = await store.filing.submit(Publish(CARLA, draft.revision, "at last", None))
    assert (made.number, made.author, made.note, made.rules) == (1, "carla", "at last", (HELLO,))
    assert ((await live(store)).version, (await live(store)).revision) == (1, 1)
    assert await store.reader.draft() is None


async def test_what_is_published_is_told_with_its_author_and_number(store: Shelf):
    await publish(store, HELLO)
    both = await told(store)
    assert len(both) == 2
    assert {"what": "draft", "by": "carla"} in both
    assert {"what": "rules", "version": 1, "by": "carla"} in both


async def test_a_draft_keeps_all_its_authors_the_latest_last(store: Shelf):
    draft = await save(store, HELLO)
    draft = await save(store, HELLO, MORE, by=ADMIN, revision=draft.revision)
    assert draft.authors == ("carla", "admin")
    assert (await save(store, MORE, revision=draft.revision)).authors == ("admin", "carla")


async def test_the_second_of_two_at_once_is_told_by_whom_and_writes_over_nothing(store: Shelf):
    draft = await save(store, HELLO)
    await save(store, HELLO, MORE, by=ADMIN, revision=draft.revision)
    with pytest.raises(Refused) as refused:
        await save(store, revision=draft.revision)
    assert (refused.value.code, refused.value.params["who"]) == ("draft_changed", "Beatriz Monteiro")
    assert len((await store.reader.draft()).rules) == 2


async def test_of_two_who_begin_a_draft_at_the_same_moment_one_is_told(store: Shelf):
    saves = (save(store, HELLO), save(store, MORE, by=ADMIN))
    done = await asyncio.gather(*saves, return_exceptions=True)
    assert [type(each) for each in done].count(RuleDraft) == 1
    assert {each.code for each in done if isinstance(each, Refused)} == {"draft_changed"}


async def test_nobody_saves_over_a_later_draft_with_the_revision_of_one_that_is_gone(store: Shelf):
    first = await save(store, HELLO)
    await store.filing.submit(DiscardDraft(CARLA, first.revision))
    with pytest.raises(Refused, match="published or discarded"):
        await save(store, MORE, revision=first.revision)
    await asyncio.sleep(0.002)
    await save(store, HELLO, by=ADMIN)
    with pytest.raises(Refused, match="Somebody else"):
        await save(store, MORE, revision=first.revision)


async def test_a_draft_that_changed_after_it_was_seen_is_not_published(store: Shelf):
    seen = await save(store, HELLO)
    await save(store, HELLO, MORE, by=ADMIN, revision=seen.revision)
    with pytest.raises(Refused) as refused:
        await store.filing.submit(Publish(CARLA, seen.revision, "", None))
    assert refused.value.code == "draft_changed"


async def test_a_draft_does_not_undo_unseen_what_was_published_meanwhile(store: Shelf):
    await publish(store, HELLO)
    await publish(store, MORE)
    draft = await save(store, HELLO, MORE)
    await store.filing.submit(Restore(ADMIN, 1))
    with pytest.raises(Refused) as refused:
        await store.filing.submit(Publish(CARLA, draft.revision, "", None))
    assert (refused.value.code, refused.value.params) == ("live_changed", {"who": "Beatriz Monteiro", "version": 3})
    made = await store.filing.submit(Publish(CARLA, draft.revision, "", over=3))
    assert made.number == 4


async def test_a_draft_that_changes_nothing_makes_no_version(store: Shelf):
    await publish(store, HELLO)
    with pytest.raises(Refused, match="the same"):
        await publish(store, HELLO)


async def test_restoring_publishes_the_older_rules_and_keeps_every_version(store: Shelf):
    await publish(store, HELLO)
    await publish(store, HELLO, MORE)
    draft = await save(store, MORE)
    made = await store.filing.submit(Restore(ADMIN, 1))
    assert (made.number, made.restored, made.rules) == (3, 1, (HELLO,))
    assert [each.number for each in await store.reader.rule_versions(10)] == [3, 2, 1]
    assert await store.reader.draft() == draft


async def test_what_is_live_or_not_there_is_not_restored(store: Shelf):
    await publish(store, HELLO)
    with pytest.raises(Refused, match="live already"):
        await store.filing.submit(Restore(CARLA, 1))
    with pytest.raises(NotFound):
        await store.filing.submit(Restore(CARLA, 7))


async def test_of_two_hubs_that_publish_at_once_no_version_is_lost(store: Shelf):
    await publish(store, HELLO)
    await publish(store, MORE)
    draft = await save(store, HELLO, MORE)
    other = GroupFiling(store.database, store.clock)
    await other.start()
    both = (store.filing.submit(Restore(ADMIN, 1)), other.submit(Publish(CARLA, draft.revision, "", None)))
    done = await asyncio.gather(*both, return_exceptions=True)
    await other.stop()
    made = [each.number for each in done if isinstance(each, RuleVersion)]
    assert {each.code for each in done if isinstance(each, Refused)} <= {"live_changed"}
    assert [each.number for each in await store.reader.rule_versions(10)] == [*sorted(made, reverse=True), 2, 1]
    assert (await live(store)).version == max(made)


async def test_settings_that_stay_as_they_are_are_told_nobody(store: Shelf):
    changed = await store.filing.submit(ChangeSettings(CARLA, {"flood": 5, "weights": {"email": 2}}))
    assert (changed.revision, changed.flood, changed.weights["email"], changed.weights["widget"]) == (1, 5, 2, 2)
    assert await store.filing.submit(ChangeSettings(CARLA, {"flood": 5})) == changed
    assert [each["what"] for each in await told(store)] == ["settings"]


def test_rules_get_ids_of_their_names_and_keep_those_they_have():
    named = with_ids(({"name": "Boleto, já!"}, HELLO, {"name": "Boleto já"}, {"then": {}}, HELLO), ())
    assert [rule["id"] for rule in named] == ["boleto-ja", "hello", "boleto-ja-2", "rule", "hello-2"]


def test_a_new_rule_does_not_pass_for_one_that_was_removed():
    assert with_ids(({"name": "Hello"},), (HELLO,))[0]["id"] == "hello-2"

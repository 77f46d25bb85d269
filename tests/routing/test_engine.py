"""The engine on a real store: whom it gives what, when, and what it says of it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.assign import assign
from hub.inbox.give import Give
from hub.inbox.offer import accept, decline
from hub.inbox.resolve import resolve
from hub.model import Agent, Availability, ChannelRecord, Mode, Routing, Strategy, Team
from hub.ports import Filing
from hub.routing.book import Book
from hub.routing.engine import Engine, picture
from hub.routing.engine import engine as at_work
from hub.routing.engine.news import News
from hub.routing.facts import Facts
from hub.routing.needs import Applied
from hub.store.records import to_document
from tests.cast import ADMIN, ANA, BRUNO
from tests.routing.company import Company, all_day, opened


@pytest.fixture(scope="module")
async def company_all_day(mongo_url: str, redis_url: str) -> AsyncIterator[Company]:
    async with all_day(mongo_url, redis_url, __name__) as made:
        yield made


@pytest.fixture
async def company(company_all_day: Company) -> Company:
    """With one engine at work. Nobody is here yet."""
    await company_all_day.begin_afresh()
    await company_all_day.engine(sweep_s=0.5)
    await company_all_day.settled()
    return company_all_day


@dataclass
class Pressed:
    """A filing with more than it can do, whenever it is asked."""

    filing: Filing
    asked: int = 0

    def pressed(self) -> bool:
        self.asked += 1
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.filing, name)


@dataclass
class Contrary:
    """A filing that never gives this conversation to anybody."""

    filing: Filing
    fault: Exception
    conversation: str = ""
    asked: int = 0

    async def submit(self, change: Any) -> Any:
        if isinstance(change, Give) and change.plan.conversation == self.conversation:
            self.asked += 1
            raise self.fault
        return await self.filing.submit(change)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.filing, name)


def rule(**given: object) -> dict[str, object]:
    return {"id": "r1", "name": "One", "then": given}


# --- giving


async def test_a_new_conversation_goes_to_who_is_here_and_says_why(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    assert await company.given_to(id) == "ana"
    (told,) = await company.events(Kind.CONVERSATION_ASSIGNED)
    assert told.data["decision"]["why"] == "only_one"
    assert told.cause in {event.id for event in await company.events(Kind.MESSAGE_RECEIVED)}


async def test_what_waits_says_why_and_is_given_when_somebody_comes(company: Company) -> None:
    id = await company.writes()
    await company.waits_because(id, "nobody_here")
    await company.here("bruno")
    assert await company.given_to(id) == "bruno"
    assert len(await company.events(Kind.CONVERSATION_WAITS)) == 1


async def test_messages_that_wait_to_be_filed_delay_it_and_never_stop_it(company: Company) -> None:
    await company.engines.pop().stop()
    pressed = Pressed(company.house.filing)
    engine = Engine(replace(company.house, filing=cast("Filing", pressed)))
    company.engines.append(engine)
    await engine.start()
    await company.here("ana")
    assert await company.given_to(await company.writes()) == "ana"
    assert pressed.asked > 20  # it waited, and asked again and again


@pytest.mark.parametrize("fault", [Refused("stale", "Planted."), ArithmeticError("planted")])
async def test_one_that_can_never_be_given_keeps_nobody_else_waiting(company: Company, fault: Exception) -> None:
    await company.engines.pop().stop()
    contrary = Contrary(company.house.filing, fault)
    beside = Engine(replace(company.house, filing=cast("Filing", contrary)))
    company.engines.append(beside)
    contrary.conversation = await company.writes(visitor="first")
    others = [await company.writes(visitor=f"v{n}") for n in range(3)]
    await company.here("ana", "bruno", "carla")
    with capture_logs():
        await beside.start()
        for id in others:
            assert await company.given_to(id)
    assert contrary.asked
    assert (await company.conversation(contrary.conversation)).assignee is None


async def test_whose_claims_failed_a_while_is_given_all_the_same(company: Company) -> None:
    await company.engines.pop().stop()
    contrary = Contrary(company.house.filing, Refused("stale", "Planted."), await company.writes())
    beside = Engine(replace(company.house, filing=cast("Filing", contrary)))
    company.engines.append(beside)
    await beside.start()
    await company.here("ana")

    async def has_failed() -> bool:
        return contrary.asked > 4

    await company.until(has_failed)
    assert contrary.conversation in beside._picture.line.missed
    id, contrary.conversation = contrary.conversation, ""
    assert await company.given_to(id) == "ana"


async def test_on_a_machine_so_slow_that_every_picture_is_old_it_goes_on(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_work, "OLD_S", -1.0)
    await company.here("ana", "bruno")
    ids = [await company.writes(visitor=f"v{n}") for n in range(6)]
    assert {await company.given_to(id) for id in ids} == {"ana", "bruno"}


async def test_it_goes_to_whom_the_rules_ask_for(company: Company) -> None:
    await company.here("ana", "carla")
    await company.here("bruno", skills={"billing": 3})
    asked = {"when": {"field": "text", "op": "mentions", "value": ["boleto"]}, **rule(require=["billing:2"])}
    await company.publish(asked)
    invoice, other = await company.writes("Cadê o boleto?", visitor="a"), await company.writes("Oi", visitor="b")
    assert await company.given_to(invoice) == "bruno"
    assert await company.given_to(other)
    given = await company.conversation(invoice)
    assert given.needs
    assert given.needs.rules == ("r1",)


async def test_who_has_room_again_is_given_the_most_urgent(company: Company) -> None:
    await company.here("ana", capacity=2)
    first = await company.writes(visitor="a")
    assert await company.given_to(first) == "ana"
    second, third = await company.writes(visitor="b"), await company.writes(visitor="c")
    await company.waits_because(second, "full")
    await company.waits_because(third, "full")
    await resolve(company.house, ANA, first)
    assert await company.given_to(second) == "ana"
    assert (await company.conversation(third)).assignee is None


async def test_five_short_lines_at_once_are_assigned_once_and_at_once(company: Company) -> None:
    await company.here("ana")
    (id, *_) = await asyncio.gather(*(company.writes(f"linha {n}", visitor="a") for n in range(5)))
    assert await company.given_to(id) == "ana"
    await company.settled()
    assert len(await company.events(Kind.CONVERSATION_ASSIGNED)) == 1


async def test_forty_at_once_leave_nobody_above_their_capacity_and_nobody_waiting_in_vain(company: Company) -> None:
    await company.change(Routing, "routing", flood=0)
    ids = await asyncio.gather(*(company.writes(visitor=f"v{n}") for n in range(40)))
    await company.here("ana", "bruno", capacity=20)
    await company.until(lambda: company.held(20))
    held = Counter([(await company.conversation(id)).assignee for id in ids])
    assert held == {"ana": 10, "bruno": 10, None: 20}
    for agent in ("ana", "bruno"):
        assert len((await company.agent(agent)).slots) == 10


async def test_the_flood_guard_spares_the_first_agent_of_the_shift(company: Company) -> None:
    ids = [await company.writes(visitor=f"v{n}") for n in range(5)]
    await company.here("ana")
    await company.until(lambda: company.held(3))
    last = await company.waits_because(ids[-1], "flood")
    assert last.waits
    assert last.waits.again_at


async def test_two_engines_give_each_conversation_once(mongo_url: str, redis_url: str, database_name: str) -> None:
    async with (
        opened(mongo_url, redis_url, database_name) as company,
        opened(mongo_url, redis_url, database_name) as other,
    ):
        await company.change(Routing, "routing", flood=0)
        for one in (company, other):
            await one.engine(forced=True, sweep_s=0.5)
        await company.here("ana", "bruno", capacity=20)
        await asyncio.gather(*(one.writes(visitor=f"{n}") for n in range(8) for one in (company, other)))
        await company.until(lambda: company.held(8))
        await company.settled()
        told = Counter(event.conversation for event in await company.events(Kind.CONVERSATION_ASSIGNED))
        assert set(told.values()) == {1}


async def test_only_one_engine_leads_and_another_takes_over(mongo_url: str, redis_url: str, database_name: str) -> None:
    async with (
        opened(mongo_url, redis_url, database_name) as company,
        opened(mongo_url, redis_url, database_name) as other,
    ):
        first = await company.engine(sweep_s=0.2)
        await company.until(lambda: company.leads(first))
        second = await other.engine(sweep_s=0.2)
        await company.here("ana")
        assert await company.given_to(await company.writes(visitor="a")) == "ana"
        assert not second._leads
        await first.stop()
        assert await company.given_to(await company.writes(visitor="b")) == "ana"


async def test_events_alone_wake_it(mongo_url: str, redis_url: str, database_name: str) -> None:
    async with opened(mongo_url, redis_url, database_name) as company:
        engine = await company.engine(sweep_s=600)
        await company.until(lambda: company.leads(engine))
        first, second = await company.writes(visitor="a"), await company.writes(visitor="b")
        await company.waits_because(second, "nobody_here")
        await company.here("ana", capacity=2)
        assert await company.given_to(first) == "ana"
        await resolve(company.house, ANA, first)
        assert await company.given_to(second) == "ana"


# --- time passes


async def test_what_is_asked_for_is_relaxed_when_its_time_has_come(company: Company) -> None:
    await company.here("ana")
    await company.publish(rule(require=["billing:2"], relax=[{"after_s": 2, "drop": "billing"}]))
    id = await company.writes()
    waits = await company.waits_because(id, "lacks_skill")
    assert waits.waits
    assert waits.waits.lacks == ("billing:2",)
    assert await company.given_to(id) == "ana"
    (told,) = await company.events(Kind.CONVERSATION_ASSIGNED)
    assert told.data["decision"]["relaxed"] == 1


async def test_an_agent_back_from_lunch_is_given_what_waits(company: Company) -> None:
    soon = company.house.clock.now() + timedelta(seconds=1)
    await company.change(Agent, "ana", availability=Availability.AWAY, until=soon, connected=True)
    assert await company.given_to(await company.writes()) == "ana"


async def test_a_rule_that_changes_while_many_wait_is_asked_again(company: Company) -> None:
    await company.change(Routing, "routing", flood=0)
    await company.publish(rule(require=["spanish:3"]))
    await company.here("ana", "bruno", capacity=50)
    ids = await asyncio.gather(*(company.writes(visitor=f"v{n}") for n in range(30)))
    await company.waits_because(ids[-1], "lacks_skill")
    await company.publish(rule(tag=["seen"]))
    await company.until(lambda: company.held(30))


async def test_held_until_open_it_waits_and_then_goes(company: Company) -> None:
    await company.here("ana")
    await company.closed_hours("night")
    await company.change(Routing, "routing", hours="night")
    await company.publish(rule(hold="until open"))
    id = await company.writes()
    await company.waits_because(id, "until_open")
    await company.change(Routing, "routing", hours=None)
    assert await company.given_to(id) == "ana"


# --- offers


async def offering(company: Company, offer_s: int) -> None:
    await company.change(Team, "vip", name="VIP", mode=Mode.OFFER, strategy=Strategy.LONGEST_IDLE)
    await company.change(Routing, "routing", offer_s=offer_s, version=0)
    await company.here("ana", "bruno", teams=("vip",))
    await company.publish(rule(team="vip"))


async def test_an_offer_is_made_and_accepted(company: Company) -> None:
    await offering(company, 60)
    id = await company.writes()
    assert await company.offered_to(id) == "ana"
    (told,) = await company.events(Kind.CONVERSATION_OFFERED)
    assert told.data["decision"]["outcome"] == "offered"
    await accept(company.house, ANA, id)
    assert (await company.conversation(id)).assignee == "ana"


async def test_a_declined_offer_goes_to_the_next_one(company: Company) -> None:
    await offering(company, 60)
    id = await company.writes()
    assert await company.offered_to(id) == "ana"
    await decline(company.house, ANA, id)
    assert await company.offered_to(id) == "bruno"


async def test_offers_run_out_until_all_have_let_them(company: Company) -> None:
    await offering(company, 1)
    id = await company.writes()
    last = await company.waits_because(id, "declined")
    assert last.missed
    assert (set(last.missed.agents), last.declined) == ({"ana", "bruno"}, ())
    assert [event.data["expired"] for event in await company.events(Kind.CONVERSATION_DECLINED)] == [True, True]


# --- by hand


async def test_what_somebody_takes_by_hand_is_left_with_them(company: Company) -> None:
    id = await company.writes()
    await company.waits_because(id, "nobody_here")
    await assign(company.house, BRUNO, id, assignee="bruno")
    await company.here("ana")
    await company.settled()
    assert (await company.conversation(id)).assignee == "bruno"


async def test_what_is_put_back_by_hand_goes_to_somebody_else(company: Company) -> None:
    await company.here("ana")
    id = await company.writes()
    assert await company.given_to(id) == "ana"
    await assign(company.house, ADMIN, id, assignee=None, seen_assignee="ana")
    await company.here("bruno")
    assert await company.given_to(id) == "bruno"


# --- answers


async def test_a_rule_answers_and_the_conversation_is_given_all_the_same(company: Company) -> None:
    await company.publish(rule(answer={"pt": "Já vamos atender."}))
    id = await company.writes()

    async def answered() -> object:
        return (await company.conversation(id)).answered

    assert await company.until(answered) == ("r1",)
    await company.here("ana")
    assert await company.given_to(id) == "ana"


async def test_a_channel_has_its_new_name_before_the_rules_ask_for_it(company: Company) -> None:
    now = company.house.clock.now()
    new = ChannelRecord("chat", "widget", "Loja nova", "key", now)
    await company.parts.database.of(ChannelRecord).insert_one(to_document(new))  # and nobody has told the directory
    await company.engines[0]._picture.hear(News(names=True))
    assert company.house.directory.channels["chat"].name == "Loja nova"


async def test_one_that_cannot_be_judged_keeps_nobody_else_waiting(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rule should be able to do that: so it is planted."""
    needs_of = picture.needs_of

    def stumble(book: Book, facts: Facts, kind: str) -> Applied:
        if "stumble" in facts.text:
            raise ArithmeticError
        return needs_of(book, facts, kind)

    monkeypatch.setattr(picture, "needs_of", stumble)
    with capture_logs() as logs:  # (to show what local variables hold takes seconds)
        bad, good = await company.writes("stumble", visitor="a"), await company.writes(visitor="b")
        await company.here("ana")
        assert await company.given_to(good) == "ana"
    assert (await company.conversation(bad)).assignee is None
    assert {log["conversation"] for log in logs if log["event"] == "not understood"} == {bad}

"""What an engine would do at the counter, done by hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.inbox.give import Give, LetWait, MakeOffer, Plan
from hub.model import Agent, Availability, Company, Conversation, Needs, Person, Routing
from hub.routing.decision import Barrier, Candidate, Decision, Outcome, Why
from tests.cast import ANA
from tests.inbox.hands import Change
from tests.web.conftest import Counter


async def plan(counter: Counter, id: str, decision: Decision, team: str | None = None) -> Plan:
    now = await counter.house.reader.conversation(id)
    routing = await counter.house.reader.routing() or Routing()
    assert now
    looked_at = counter.house.clock.now() + timedelta(minutes=1)  # however busy this machine is, it is not stale
    return Plan(id, now.version, now.seq, routing.revision, decision, looked_at, team)


def decision(to: Person | None = ANA, **given: Any) -> Decision:
    found = Decision(
        Outcome.ASSIGNED if to else Outcome.NOBODY,
        Why.MOST_ROOM if to else Why.LACKS_SKILL,
        to.id if to else None,
        needs=Needs(weight=2),
        candidates=tuple(Candidate(f"a{n}", 1, 10, barrier=Barrier.FULL) for n in range(10)),
    )
    return replace(found, **given)


async def give(counter: Counter, id: str, to: Person = ANA, **given: Any) -> Conversation:
    return await counter.house.filing.submit(Give(await plan(counter, id, decision(to, **given))))


async def let_wait(counter: Counter, id: str, **given: Any) -> Conversation:
    return await counter.house.filing.submit(LetWait(await plan(counter, id, decision(None, **given))))


async def offer(
    counter: Counter, id: str, to: Person = ANA, offer_s: float = 300, team: str | None = None
) -> Conversation:
    """`team`: whose conversation it is, however wide the needs have become."""
    return await counter.house.filing.submit(MakeOffer(await plan(counter, id, decision(to), team), offer_s))


async def set_agent(counter: Counter, person: Person, **fields: Any) -> None:
    """Behind everybody's back."""
    await counter.house.filing.submit(Change(Agent, person.id, fields))


async def here(counter: Counter, *people: Person, **fields: Any) -> None:
    for person in people:
        await set_agent(counter, person, availability=Availability.AVAILABLE, **fields)


async def only_their_teams(counter: Counter) -> None:
    """Agents see only what is their teams' or nobody's."""
    await counter.house.filing.submit(Change(Company, "company", {"agents_see_all": False}))
    await counter.house.directory.refresh()

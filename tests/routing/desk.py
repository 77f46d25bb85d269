"""A desk where anything may happen: agents come, go and learn; conversations queue, are given, answered and put back,
in any order. After every round the pure core has done what `oracle.py` says, and what routing promises holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from hub.model import Agent, Availability, Conversation, Missed, Needs, Relax, Routing, Slot, Strategy, Turn
from hub.routing import barriers, choose, seats, urgency
from hub.routing.decision import Decision, Outcome
from tests.routing import oracle

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = Routing(minutes_per_step=1)
ASK_AGAIN = timedelta(seconds=60)
IDS = ("ana", "bruno", "carla", "davi")


# Hypothesis says what happens and when. What people are like comes from one seed, so that each draw is as likely as it
# reads: left to itself, it tries the same few crowds, where nobody can do anything.
PICK = st.integers(0, 99)


def some_agent(chance: Random) -> dict[str, Any]:
    """Here and able more often than not."""
    return {
        "availability": chance.choice([Availability.AVAILABLE] * 6 + list(Availability)),
        "teams": chance.choice([("sales",), ("desk",), ("sales", "desk"), ()]),
        "skills": {skill: chance.randint(1, 3) for skill in ("billing", "spanish") if chance.random() < 0.8},
        "capacity": chance.choice([10, 10, 10, 5, 3, 2, 0]),
        "caps": chance.choice([{}, {}, {}, {"widget": 4}, {"widget": 0, "email": 3}]),
    }


def some_needs(chance: Random, now: datetime) -> Needs:
    """Simple more often than not."""
    return Needs(
        require=chance.choice([{}, {}, {"billing": 1}, {"billing": 2}, {"spanish": 3}, {"billing": 2, "spanish": 2}]),
        prefer=chance.choice([{}, {}, {"spanish": 2}, {"billing": 1, "spanish": 1}]),
        teams=chance.choice([(), (), ("sales",), ("desk", "sales")]),
        agent=chance.choice([None, None, None, None, *IDS]),
        wait_s=chance.choice([0, 30, 90]),
        weight=chance.choice([1, 2, 2, 4]),
        priority=chance.randint(4, 6),
        relax=tuple(_some_step(chance) for _ in range(chance.choice([0, 0, 1, 2]))),
        hold=chance.random() < 0.2,
        open_at=chance.choice([None, now, now + timedelta(seconds=40)]),
    )


def _some_step(chance: Random) -> Relax:
    steps = ({"drop": "billing"}, {"lower": "billing", "level": 1}, {"team": "desk"}, {"anybody": True})
    return Relax(chance.randint(0, 90), **chance.choice(steps))


def some_crowd(chance: Random, now: datetime, most: int) -> list[Agent]:
    """In the middle of a day: they hold something, and were given it lately or long ago."""
    return [_at_work(Agent(f"a{n:02}", "", **some_agent(chance)), chance, now) for n in range(chance.randint(0, most))]


def _at_work(agent: Agent, chance: Random, now: datetime) -> Agent:
    times = [
        now - timedelta(seconds=chance.choice([5, 20, 59, 60, 600])) for _ in range(chance.choice([0, 0, 1, 2, 3]))
    ]
    kinds = ("widget", "email")
    ends = [None, now, now + timedelta(seconds=30), now + timedelta(seconds=90)]
    slots = [Slot(f"s{n}", chance.choice([1, 2]), "", chance.choice(kinds), chance.choice(ends)) for n in range(5)]
    held = chance.randint(0, 4)
    return replace(
        agent,
        slots=tuple(slots[:held]),
        offers=tuple(slots[held : held + chance.choice([0, 0, 1])]),
        recent=tuple(times),
        last_assigned_at=chance.choice([None, *times]),
    )


def some_context(chance: Random, now: datetime) -> choose.Context:
    return choose.Context(
        now,
        now - timedelta(seconds=chance.choice([0, 10, 45, 90])),
        chance.choice(["widget", "email"]),
        chance.choice(list(Strategy)),
        frozenset(chance.sample(["a00", "a01", "a02"], chance.choice([0, 0, 1, 2]))),
        frozenset(chance.sample(["a00", "a01", "a03"], chance.choice([0, 0, 1, 2]))),
        chance.choice([None, now, now + timedelta(seconds=20)]),
        chance.choice([0, 2, 3]),
    )


@dataclass(frozen=True)
class Given:
    """One decision of a round, and what it was about."""

    conversation: Conversation
    decision: Decision

    @property
    def served(self) -> bool:
        return self.decision.outcome is Outcome.ASSIGNED

    @property
    def asks_for(self) -> tuple[object, ...]:
        """All that may be served differently; how long it has waited counts only while somebody is waited for."""
        asked, conversation = self.decision.needs, self.conversation
        goes_first = (asked.agent, asked.wait_s, conversation.queued_at) if asked.agent else None
        skills = (asked.require, asked.prefer, asked.teams, asked.weight)
        return skills, goes_first, conversation.channel_kind, set(conversation.declined), conversation.missed


class Desk(RuleBasedStateMachine):
    """The engine's part is the plainest there is: all who wait, most urgent first, one after another."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.numbers = count(1)
        self.agents: dict[str, Agent] = {}
        self.conversations: dict[str, Conversation] = {}
        self.chance, self.strategy, self.flood = Random(0), Strategy.MOST_ROOM, 0

    @initialize(seed=st.integers(0, 999_999))
    def open_the_desk(self, seed: int) -> None:
        self.chance = Random(seed)
        self.strategy, self.flood = self.chance.choice(list(Strategy)), self.chance.choice([0, 2, 3])
        for id in IDS:
            self.agents[id] = Agent(id, id.title(), **some_agent(self.chance))

    # --- what people do ---------------------------------------------------------------------------------

    @rule(id=st.sampled_from(IDS))
    def an_agent_is_another(self, id: str) -> None:
        self.agents[id] = replace(self.agents[id], **some_agent(self.chance))

    @rule(id=st.sampled_from(IDS), availability=st.sampled_from(Availability))
    def an_agent_goes_or_returns(self, id: str, availability: Availability) -> None:
        self.agents[id] = replace(self.agents[id], availability=availability)

    @precondition(lambda self: sum(each.waiting for each in self.conversations.values()) < 8)
    @rule(how_many=st.integers(1, 5), kind=st.sampled_from(("widget", "email")))
    def customers_write(self, how_many: int, kind: str) -> None:
        """One after another, or all asking for the same."""
        needs = some_needs(self.chance, self.now)
        alike = self.chance.random() < 0.4
        for _ in range(how_many):
            needs = needs if alike else some_needs(self.chance, self.now)
            id = f"c{next(self.numbers):03}"
            self.conversations[id] = Conversation(
                id, 1, "rita", "Rita", kind, kind, self.now, needs=needs, first_queued_at=self.now, queued_at=self.now
            )

    @rule(which=PICK)
    def an_agent_answers(self, which: int) -> None:
        """It weighs nothing any more once the customer has been silent for a while."""
        if held := self._one(which, lambda each: each.assignee and each.turn is Turn.US):
            idle = timedelta(seconds=60 if held.channel_kind == "widget" else 0)
            self._let_go(held)
            self._hold(replace(held, turn=Turn.CUSTOMER), self.now + idle)

    @rule(which=PICK)
    def a_customer_returns(self, which: int) -> None:
        """To their agent, even beyond the capacity."""
        if held := self._one(which, lambda each: each.assignee and each.turn is Turn.CUSTOMER):
            self._let_go(held)
            self._hold(replace(held, turn=Turn.US), None)

    @rule(which=PICK)
    def one_is_resolved(self, which: int) -> None:
        if held := self._one(which, lambda each: each.assignee):
            self._let_go(held)
            del self.conversations[held.id]

    @rule(seconds=st.integers(0, 200))
    def a_busy_hour_ends(self, seconds: int) -> None:
        """All that is held is resolved, and who waits gives up."""
        self.now += timedelta(seconds=seconds)
        self.conversations.clear()
        for agent in self.agents.values():
            self.agents[agent.id] = replace(agent, slots=())

    @rule(which=PICK)
    def one_is_put_back(self, which: int) -> None:
        """Its agent does not get it again, and it keeps its age."""
        if held := self._one(which, lambda each: each.assignee and each.turn is Turn.US):
            self._let_go(held)
            declined = (*held.declined, held.assignee or "")
            self._put(replace(held, assignee=None, declined=declined, queued_at=self.now))

    @rule(which=PICK)
    def one_is_not_answered(self, which: int) -> None:
        """The agent whom it was offered to let it run out: they are not asked again for a while."""
        if held := self._one(which, lambda each: each.assignee and each.turn is Turn.US):
            self._let_go(held)
            before = held.missed.agents if held.missed else ()
            missed = Missed((*before, held.assignee or ""), self.now)
            self._put(replace(held, assignee=None, missed=missed, queued_at=self.now))

    @rule(seconds=st.sampled_from((5, 20, 60, 150)))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # --- what routing does ------------------------------------------------------------------------------

    @invariant()
    def all_are_served_who_can_be(self) -> None:
        """Whatever has happened, routing hands out what waits."""
        sweep = choose.Round(self._seats())
        given = [self._handed_out(sweep, each) for each in self._queue()]
        self._nobody_jumped_the_queue(given)
        for waiting in filter(lambda each: each.waiting, self.conversations.values()):
            self._checked(sweep, waiting)  # those too that are held until opening
            self._left_for_a_reason(waiting)

    def _handed_out(self, sweep: choose.Round, conversation: Conversation) -> Given:
        decision = self._checked(sweep, conversation)
        if decision.outcome is Outcome.ASSIGNED:
            agent = self.agents[decision.agent or ""]
            self._may_have_it(agent, conversation, decision.needs)
            recent = (*agent.recent, self.now)
            self.agents[agent.id] = replace(agent, last_assigned_at=self.now, recent=recent)
            self._hold(replace(conversation, assignee=agent.id), None)
            sweep.update(seats.seat_of(self.agents[agent.id], self.now))
        return Given(conversation, decision)

    def _checked(self, sweep: choose.Round, conversation: Conversation) -> Decision:
        """The round's decision, which is a fresh one's in any order of the seats, and the oracle's."""
        assert conversation.needs
        needs, context, crowd = conversation.needs, self._context(conversation), self._seats()
        decision = sweep.choose(needs, context)
        assert decision == choose.choose(needs, crowd, context) == choose.choose(needs, crowd[::-1], context)
        assert oracle.in_short(decision) == oracle.oracle(needs, list(self.agents.values()), context)
        return decision

    def _may_have_it(self, agent: Agent, conversation: Conversation, asked: Needs) -> None:
        """I2 and I3, without asking anybody."""
        kind, weight = conversation.channel_kind, asked.weight
        assert agent.availability is Availability.AVAILABLE
        assert oracle.weighs(agent, self.now) + weight <= agent.capacity
        assert oracle.weighs(agent, self.now, kind) + weight <= agent.caps.get(kind, 99)
        assert all(agent.skills[skill] >= level for skill, level in asked.require.items())
        assert agent.id not in conversation.declined
        missed = conversation.missed
        assert missed is None or agent.id not in missed.agents or self.now >= missed.at + ASK_AGAIN
        assert not self.flood or len(oracle.given_lately(agent, self.now)) < self.flood
        assert barriers.barrier(asked, seats.seat_of(agent, self.now), self._context(conversation)) is None

    def _nobody_jumped_the_queue(self, given: list[Given]) -> None:
        """I6: the most urgent is asked first; where two ask for the same, the first of them has it or neither."""
        assert (urgent := [self._urgency(each) for each in given]) == sorted(urgent, reverse=True)
        for at, first in enumerate(given):
            for later in given[at + 1 :]:
                if first.asks_for == later.asks_for:
                    assert first.served or not later.served

    def _urgency(self, each: Given) -> float:
        """In seconds, which are whole here."""
        assert each.conversation.first_queued_at
        waited = self.now - each.conversation.first_queued_at
        return each.decision.needs.priority * 60 * SETTINGS.minutes_per_step + waited.total_seconds()

    def _left_for_a_reason(self, conversation: Conversation) -> None:
        """I5: nobody waits whom `choose` would serve, now or until the time that it told."""
        assert conversation.needs
        context = self._context(conversation)
        decision = choose.choose(conversation.needs, self._seats(), context)
        assert decision.outcome is Outcome.NOBODY
        oracle.check_again_at(decision, conversation.needs, list(self.agents.values()), context)

    # --- the desk ---------------------------------------------------------------------------------------

    def _seats(self) -> list[seats.Seat]:
        return [seats.seat_of(agent, self.now) for agent in self.agents.values()]

    def _queue(self) -> list[Conversation]:
        """Who is held until opening has no place in it."""
        waiting = (
            each for each in self.conversations.values() if each.waiting and not urgency.held(each.needs, self.now)
        )
        return sorted(waiting, key=lambda each: urgency.place(each, SETTINGS))

    def _context(self, conversation: Conversation) -> choose.Context:
        assert conversation.queued_at
        return choose.Context(
            self.now,
            conversation.queued_at,
            conversation.channel_kind,
            self.strategy,
            frozenset(conversation.declined),
            frozenset(conversation.missed.agents if conversation.missed else ()),
            conversation.missed and conversation.missed.at + ASK_AGAIN,
            self.flood,
        )

    def _one(self, which: int, fits: Callable[[Conversation], object]) -> Conversation | None:
        found = [each for each in self.conversations.values() if fits(each)]
        return found[which % len(found)] if found else None

    def _put(self, conversation: Conversation) -> None:
        self.conversations[conversation.id] = conversation

    def _hold(self, conversation: Conversation, until: datetime | None) -> None:
        self._put(conversation)
        agent = self.agents[conversation.assignee or ""]
        weight = conversation.needs.weight if conversation.needs else 1
        slot = Slot(conversation.id, weight, conversation.channel, conversation.channel_kind, until)
        self.agents[agent.id] = replace(agent, slots=(*agent.slots, slot))

    def _let_go(self, conversation: Conversation) -> None:
        agent = self.agents[conversation.assignee or ""]
        slots = tuple(slot for slot in agent.slots if slot.conversation != conversation.id)
        self.agents[agent.id] = replace(agent, slots=slots)

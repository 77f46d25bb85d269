"""Customers who write and agents who come, go, answer, take, pass on and resolve, at random, by the hub's own verbs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from hub.errors import HubError
from hub.events import Kind
from hub.inbox.assign import assign, take
from hub.inbox.availability import set_availability
from hub.inbox.house import House
from hub.inbox.offer import accept, decline
from hub.inbox.receive import receive
from hub.inbox.reply import reply
from hub.inbox.resolve import resolve
from hub.model import (
    Agent,
    Availability,
    Company,
    Conversation,
    Language,
    Mode,
    Person,
    Role,
    Routing,
    RuleVersion,
    Strategy,
    Team,
    Turn,
    User,
)
from hub.ports import Ref, Rights, Sheet
from tests.cast import inbound

AGENTS = 14
AT_ONCE = 10  # people who do something at the same time
WAIT_MOST = 60  # then customers hold back, so that the queue is always there and never all there is
MANY = 6  # conversations that somebody sees to at once
TEAMS = ("sales", "billing", "support")
SKILLS = ("refunds", "orders", "spanish")
WORDS = ("refund", "order", "hola", "boleto", "bom dia", "invoice")
PEOPLE = tuple(Person(f"agent{n:02}", f"Agent {n:02}", Role.SUPERVISOR) for n in range(AGENTS))


def _mentions(word: str, **then: object) -> dict[str, object]:
    when = {"field": "text", "op": "mentions", "value": [word]}
    return {"id": word, "name": word.title(), "when": when, "then": then}


RULES: Sequence[Mapping[str, object]] = (
    _mentions("refund", require=["refunds:2"], relax=[{"after_s": 20, "lower": "refunds:1"}]),
    _mentions("order", require=["orders:1"], prefer=["refunds:3"], team="sales"),
    _mentions("hola", require=["spanish:3"], relax=[{"after_s": 15, "drop": "spanish"}]),
    _mentions("boleto", team="billing", priority=7),
    _mentions("invoice", team="support", weight=3),
)


@dataclass(frozen=True, slots=True)
class Open:
    """The company as the storm finds it: no two agents can and hold the same."""

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Company, "company")]

    def decide(self, sheet: Sheet) -> None:
        dice = Random(7)
        sheet.put(Company("Loja Ipê", "America/Recife", Language.PT_BR))
        modes = (Mode.ASSIGN, Mode.ASSIGN, Mode.OFFER)
        for team, mode, strategy in zip(TEAMS, modes, Strategy, strict=True):
            sheet.put(Team(team, team.title(), strategy, mode))
        sheet.put(RuleVersion("1", 1, sheet.now, "", RULES))
        sheet.put(Routing(version=1, revision=1, flood=0, offer_s=4, rescue_s=8, idle_s=5, wait_s=3))
        for person in PEOPLE:
            sheet.put(User(person.id, f"{person.id}@ipe.example", person.name, person.role, "!", sheet.now))
            skills = {skill: dice.randint(1, 5) for skill in SKILLS if dice.random() < 0.7}
            teams = tuple(team for team in TEAMS if dice.random() < 0.6) or TEAMS[:1]
            caps = {"widget": 4} if dice.random() < 0.3 else {}
            capacity = dice.randint(4, 10)
            sheet.put(Agent(person.id, person.name, Availability.AVAILABLE, teams, skills, capacity, caps))


@dataclass(frozen=True, slots=True)
class Publish:
    """The same rules in another order: everything is decided anew."""

    turn: int

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Routing, "routing")]

    def decide(self, sheet: Sheet) -> None:
        routing = sheet.get(Routing, "routing")
        assert routing
        number = routing.version + 1
        rules = (*RULES[self.turn :], *RULES[: self.turn])
        sheet.put(RuleVersion(str(number), number, sheet.now, "", rules))
        sheet.put(replace(routing, version=number, revision=routing.revision + 1))
        sheet.tell(Kind.ROUTING_CHANGED, data={"what": "rules", "version": number})


@dataclass(frozen=True, slots=True)
class Learn:
    """An agent's capacity or skills become others."""

    agent: str
    capacity: int
    skill: str
    level: int

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Agent, self.agent)]

    def decide(self, sheet: Sheet) -> None:
        agent = sheet.get(Agent, self.agent)
        assert agent
        sheet.put(replace(agent, capacity=self.capacity, skills={**agent.skills, self.skill: self.level}))
        sheet.tell(Kind.AGENT_CHANGED, data={"agent": agent.id, "fields": ["capacity", "skills"]})


class Crowd:
    def __init__(self, house: House, seed: int) -> None:
        self.house = house
        self.dice = Random(seed)
        self.seed = seed
        self._visitors = 0
        self._goes = asyncio.Event()
        self._goes.set()
        self._acts: Sequence[tuple[int, Callable[[], Awaitable[object]]]] = (
            (30, self._writes),
            (55, self._works),
            (4, self._takes),
            (4, self._passes_on),
            (4, self._comes_or_goes),
            (1, self._learns),
            (1, self._publishes),
        )

    def pause_or_go_on(self) -> None:
        if self._goes.is_set():
            self._goes.clear()
        else:
            self._goes.set()

    async def live(self, over: asyncio.Event) -> None:
        await asyncio.gather(*(self._one(over) for _ in range(AT_ONCE)))

    async def _one(self, over: asyncio.Event) -> None:
        acts, weights = [act for _, act in self._acts], [weight for weight, _ in self._acts]
        while not over.is_set():
            if not self._goes.is_set():
                await asyncio.sleep(0.1)
                continue
            (act,) = self.dice.choices(acts, weights)
            try:
                await act()
            except HubError:  # somebody else was faster, or the store is asked too much
                await asyncio.sleep(0.01)

    # --- customers

    async def _writes(self) -> None:
        if await self._waiting() >= WAIT_MOST:
            await asyncio.sleep(0.05)
            return
        await asyncio.gather(*(self._writes_one() for _ in range(MANY)))

    async def _writes_one(self) -> None:
        visitor, word = self._visitor(), self.dice.choice(WORDS)
        kind = self.dice.choice(("widget", "webhook", "email"))
        given = {"visitor": f"{kind}-{visitor}", "kind": kind, "channel": kind}
        for line in range(self.dice.choice((1, 1, 1, 5))):
            await receive(self.house, inbound(f"{word} {line}", id=self.house.clock.new_id(), **given))

    def _visitor(self) -> str:
        """Mostly somebody new; sometimes one who was here before."""
        if self.dice.random() < 0.75:
            self._visitors += 1
            return f"{self.seed}-{self._visitors}"
        return f"{self.seed}-{self.dice.randint(max(1, self._visitors - 60), max(1, self._visitors))}"

    async def _waiting(self) -> int:
        counts = await self.house.reader.counts()
        return sum(n for key, n in counts.items() if key.assignee is None and key.turn == Turn.US)

    # --- agents

    async def _works(self) -> None:
        """Answers or resolves what they have; sees to what is offered."""
        person = self.dice.choice(PEOPLE)
        await self._answers_offer(person)
        mine = await self._page(person, "mine")
        await asyncio.gather(*(self._sees_to(person, each) for each in mine[:MANY]), return_exceptions=True)

    async def _sees_to(self, person: Person, conversation: Conversation) -> None:
        if self.dice.random() < 0.3 and conversation.reach:
            id, last = self.house.clock.new_id(), conversation.last_out_seq
            ends = self.dice.random() < 0.5
            await reply(self.house, person, conversation.id, id=id, text="Oi!", last_out_seq=last, resolve=ends)
        else:
            await resolve(self.house, person, conversation.id)

    async def _answers_offer(self, person: Person) -> None:
        (agent,) = await self.house.reader.agents([person.id])
        for offer in agent.offers:
            luck = self.dice.random()
            if luck < 0.75:
                await accept(self.house, person, offer.conversation)
            elif luck < 0.85:
                await decline(self.house, person, offer.conversation)

    async def _takes(self) -> None:
        waiting = await self._page(PEOPLE[0], "waiting")
        if waiting:
            await take(self.house, self.dice.choice(PEOPLE), self.dice.choice(waiting).id, seen_assignee=None)

    async def _passes_on(self) -> None:
        person = self.dice.choice(PEOPLE)
        mine = await self._page(person, "mine")
        if mine:
            to = self.dice.choice((None, *(each.id for each in PEOPLE)))
            await assign(self.house, person, self.dice.choice(mine).id, assignee=to, seen_assignee=person.id)

    async def _comes_or_goes(self) -> None:
        person = self.dice.choice(PEOPLE)
        here = self.dice.random() < 0.7
        other = self.dice.choice((Availability.BUSY, Availability.AWAY, Availability.OFFLINE))
        await set_availability(self.house, person, person.id, Availability.AVAILABLE if here else other)

    async def _learns(self) -> None:
        agent, capacity = self.dice.choice(PEOPLE).id, self.dice.randint(3, 10)
        await self.house.filing.submit(Learn(agent, capacity, self.dice.choice(SKILLS), self.dice.randint(0, 5)))

    async def _publishes(self) -> None:
        if self.dice.random() < 0.1:
            await self.house.filing.submit(Publish(self.dice.randrange(len(RULES))))

    async def _page(self, person: Person, view: str) -> Sequence[Conversation]:
        return await self.house.reader.page(Rights(person.id, everything=True), view, after=None, limit=20)

"""The draft against everything that waits now: what it would change, and what nobody could serve."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from hub.errors import Refused
from hub.inbox.house import House
from hub.inbox.queries import all_waiting
from hub.inbox.queue_facts import gather, openings
from hub.inbox.trial import book_of, staff
from hub.model import Agent, Availability, Conversation, Needs
from hub.routing.book import Book
from hub.routing.choose import Round
from hub.routing.decision import Decision, Outcome, Why
from hub.routing.handing import context_of, with_one_more
from hub.routing.needs import needs_of
from hub.routing.seats import seat_of
from hub.routing.urgency import place
from hub.turns import Turns

MOST = 20_000  # conversations, the most urgent
PAGE = 100
MANY = 2_000  # more than these take seconds of work
MANY_TIMES = 3  # a minute, by whomever
CHANGES_TOLD = 100
ROWS_TOLD = 50  # of each count
HOLDERS_TOLD = 10
_FAR = datetime.max.replace(tzinfo=UTC)
_NOBODY_COULD = frozenset({Why.NOBODY_HERE, Why.LACKS_SKILL})


class Fate(StrEnum):
    """What would become of a conversation now."""

    AT_ONCE = "at_once"  # it goes to somebody, or is in somebody's hands already
    WAITS = "waits"  # who could have it is full, spared or declined; or it waits for somebody, or for opening
    NOBODY = "nobody"  # nobody who is here could have it, whatever their room


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of those looked at meet each fate: together they are all of them."""

    at_once: int
    waits: int
    nobody: int


@dataclass(frozen=True, slots=True)
class Missing:
    """A skill at a level that nobody who is here has: how many conversations want it, since when the first of them
    waits, and who has it but is not here."""

    skill: str
    level: int
    conversations: int
    longest_since: datetime
    agents: Sequence[Agent]


@dataclass(frozen=True, slots=True)
class Move:
    """A conversation, and what either rules would make of it."""

    conversation: Conversation
    live: Decision
    draft: Decision

    @property
    def differs(self) -> bool:
        return self.live.agent != self.draft.agent


@dataclass(frozen=True, slots=True)
class QueueCheck:
    """`checked` of those `waiting`; `missing` under the draft, what most want first; `changes`: the first of those
    `different`; `rows`: the first of each count of `live` and `draft`, the most urgent first."""

    waiting: int
    checked: int
    live: Tally
    draft: Tally
    different: int
    missing: Sequence[Missing]
    changes: Sequence[Move]
    rows: Sequence[Move]


@dataclass(slots=True)
class _Queue:
    """What waits, in short: no texts are kept. `live`, `draft`: the needs, by conversation."""

    waiting: int = 0
    conversations: list[Conversation] = field(default_factory=list)
    live: dict[str, Needs] = field(default_factory=dict)
    draft: dict[str, Needs] = field(default_factory=dict)


async def check_queue(house: House) -> QueueCheck:
    """Nobody is given anything. Without a draft the live rules are compared with themselves.

    Raises Invalid `rules_faulty`; Refused `too_many` while many wait and it was asked for several times in a minute.
    """
    live, draft, now = await book_of(house, draft=False), await book_of(house, draft=True), house.clock.now()
    turns = Turns()
    queue = await _read(house, live, draft, now, turns)
    agents = await staff(house)
    by_live = await _handed_out(queue.conversations, queue.live, live, agents, now, turns)
    by_draft = await _handed_out(queue.conversations, queue.draft, draft, agents, now, turns)
    every = [Move(each, by_live[each.id], by_draft[each.id]) for each in queue.conversations]
    moves = [each for each in every if each.differs]
    return QueueCheck(
        waiting=queue.waiting,
        checked=len(queue.conversations),
        live=_tally(by_live.values()),
        draft=_tally(by_draft.values()),
        different=len(moves),
        missing=_missing(queue.conversations, by_draft, agents),
        changes=moves[:CHANGES_TOLD],
        rows=_first_of_each(every),
    )


def fate(decision: Decision) -> Fate:
    if decision.outcome is not Outcome.NOBODY:
        return Fate.AT_ONCE
    return Fate.NOBODY if decision.why in _NOBODY_COULD else Fate.WAITS


async def _read(house: House, live: Book, draft: Book, now: datetime, turns: Turns) -> _Queue:
    """The queue with its needs by both rules, page by page."""
    found = _Queue()
    ids: list[str] = []
    async for page in house.reader.queue(minutes_per_step=live.routing.minutes_per_step, most=MOST):
        ids += [each.conversation for each in page]
    if len(ids) > MANY and not await house.presence.allow("queue check", limit=MANY_TIMES, window_s=60):
        raise Refused("too_many", "Many conversations wait, and the queue was checked a moment ago. Wait a minute.")
    opening = openings(live, now)
    for start in range(0, len(ids), PAGE):
        known = await house.reader.conversations(ids[start : start + PAGE])
        waiting = [known[id] for id in ids[start : start + PAGE] if id in known and known[id].waiting]
        facts = await gather(house, live, waiting, now, opening)
        for each in waiting:
            await turns.breathe()
            found.live[each.id] = needs_of(live, facts[each.id], each.channel_kind).needs
            found.draft[each.id] = needs_of(draft, facts[each.id], each.channel_kind).needs
        found.conversations += waiting
    many = len(ids) == MOST
    found.waiting = all_waiting(await house.reader.counts()) if many else len(found.conversations)
    return found


async def _handed_out(
    conversations: Sequence[Conversation],
    needs: Mapping[str, Needs],
    book: Book,
    agents: Sequence[Agent],
    now: datetime,
    turns: Turns,
) -> Mapping[str, Decision]:
    """As the engine would hand them out now, the most urgent first, each agent with what they were given before."""
    seats = {each.id: seat_of(each, now) for each in agents}
    round, decided = Round(tuple(seats.values())), dict[str, Decision]()
    for each in sorted(conversations, key=lambda each: place(each, book.routing, needs[each.id])):
        await turns.breathe()
        if each.offer and each.offer.until > now:  # in somebody's hands, where it has its room already
            decided[each.id] = Decision(Outcome.OFFERED, Why.PREFERRED, each.offer.agent)
            continue
        decided[each.id] = decision = round.choose(needs[each.id], context_of(each, needs[each.id], book, now))
        if decision.agent:
            seats[decision.agent] = with_one_more(seats[decision.agent], needs[each.id], each.channel_kind, now)
            round.update(seats[decision.agent])
    return decided


def _tally(decisions: Collection[Decision]) -> Tally:
    counts = Counter(fate(each) for each in decisions)
    return Tally(at_once=counts[Fate.AT_ONCE], waits=counts[Fate.WAITS], nobody=counts[Fate.NOBODY])


def _first_of_each(every: Iterable[Move]) -> Sequence[Move]:
    """Enough of them to name the conversations behind each number."""
    counts: Counter[tuple[str, Fate]] = Counter()
    rows = []
    for each in every:
        behind = [("live", fate(each.live)), ("draft", fate(each.draft))]
        if any(counts[number] < ROWS_TOLD for number in behind):
            rows.append(each)
            counts.update(behind)
    return rows


def _missing(
    conversations: Sequence[Conversation], decided: Mapping[str, Decision], agents: Sequence[Agent]
) -> Sequence[Missing]:
    """Most wanted first."""
    wanted: dict[tuple[str, int], list[datetime]] = {}
    best = _best(each for each in agents if each.availability is Availability.AVAILABLE)
    for each in conversations:
        decision = decided[each.id]
        if fate(decision) is Fate.NOBODY:
            for skill, level in decision.needs.require.items():
                if best.get(skill, 0) < level:
                    wanted.setdefault((skill, level), []).append(each.first_queued_at or each.created_at)
    found = [
        Missing(skill, level, len(since), min(since), _away_with(skill, level, agents))
        for (skill, level), since in wanted.items()
    ]
    return sorted(found, key=lambda each: (-each.conversations, each.longest_since, each.skill, each.level))


def _best(agents: Iterable[Agent]) -> Mapping[str, int]:
    """The highest level of each skill among these."""
    best: dict[str, int] = {}
    for agent in agents:
        for skill, level in agent.skills.items():
            best[skill] = max(level, best.get(skill, 0))
    return best


def _away_with(skill: str, level: int, agents: Sequence[Agent]) -> Sequence[Agent]:
    """Who is not here; who will be back first comes first."""
    able = [each for each in agents if each.skills.get(skill, 0) >= level]
    return sorted(able, key=lambda each: (each.until is None, each.until or _FAR, each.name))[:HOLDERS_TOLD]

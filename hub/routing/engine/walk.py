"""One walk along the queue, the most urgent first: what is to be done for each, decided on the seats in mind."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from hub.inbox.give import Expire, Give, LetWait, MakeOffer, Plan
from hub.model import Mode, Needs
from hub.routing.choose import Context, Round
from hub.routing.decision import Decision, Outcome
from hub.routing.engine.line import Entry
from hub.routing.engine.picture import Picture
from hub.routing.handing import context_of, mode_of

log = structlog.get_logger("hub.routing")

WAITS_MOST = 800
PATIENT = 5  # times that a claim may fail before others no longer stay behind: it may do so for ever

Change = Give | MakeOffer | LetWait | Expire


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done for one who waits. `agent`: who gets it, or is offered it."""

    entry: Entry
    change: Change
    agent: str = ""


@dataclass(slots=True)
class Ahead:
    """Whom nobody may pass, in all walks along one queue. `last_of`: who was given something last, of those who ask for
    the same; `unknown`: whether there is somebody of whom it is not known yet what they ask for."""

    last_of: dict[Hashable, str] = field(default_factory=dict)
    unknown: bool = False


@dataclass(slots=True)
class Walk:
    """`most`: to be given at most; `blocked`: somebody could be given something, and would pass one who is more urgent
    and of whom it is not known yet what they ask for."""

    picture: Picture
    now: datetime
    most: int
    ahead: Ahead
    blocked: bool = False
    gives: list[Step] = field(default_factory=list)
    others: list[Step] = field(default_factory=list)
    _round: Round = field(init=False)

    def __post_init__(self) -> None:
        self._round = Round(tuple(self.picture.crew.seats.values()))

    async def along(self, entries: Iterable[Entry]) -> bool:
        """Gives whether the end was reached: else enough was found to do for now, or the walk is blocked."""
        line = self.picture.line
        self.picture.turns.begin()
        for entry in entries:
            if entry.aside_until and entry.aside_until > self.now:
                continue
            if entry.applied is None:
                self.ahead.unknown = True
            else:
                line.was_looked_at(entry.conversation.id)
                try:
                    self._look_at(entry)
                except Exception:  # one that cannot be decided must not keep the others waiting
                    log.exception("not decided", conversation=entry.conversation.id)
                    line.set_aside(entry, self.now)
            if self.blocked or len(self.gives) >= self.most:
                return False
            await self.picture.turns.breathe()
        return True

    def _look_at(self, entry: Entry) -> None:
        offer = entry.conversation.offer
        if offer is None:
            self._decide(entry)
        elif offer.until > self.now:
            self.picture.line.look_again(entry, offer.until)
        else:
            self.others.append(Step(entry, Expire(entry.conversation.id)))

    def _decide(self, entry: Entry) -> None:
        assert entry.applied
        needs, book = entry.applied.needs, self.picture.book
        context = context_of(entry.conversation, needs, book, self.now)
        decision = self._round.choose(needs, context)
        if decision.agent is None:
            self._let_wait(entry, decision)
            return
        if self.ahead.unknown:
            self.picture.line.due[entry.conversation.id] = None
            self.blocked = True
            return
        seat = self.picture.crew.give(decision.agent, decision.needs, context.kind, self.now)
        self._round.update(seat)
        key, last_of = _same(decision.needs, context), self.ahead.last_of
        self.gives.append(Step(entry, self._gift(entry, decision, last_of.get(key)), decision.agent))
        if entry.tried <= PATIENT:
            last_of[key] = entry.conversation.id

    def _gift(self, entry: Entry, decision: Decision, behind: str | None) -> Give | MakeOffer:
        book = self.picture.book
        assert entry.applied
        if mode_of(entry.applied.needs, book) is Mode.ASSIGN:
            return Give(self._plan(entry, decision), behind=behind)
        offered = replace(decision, outcome=Outcome.OFFERED)
        return MakeOffer(self._plan(entry, offered), book.routing.offer_s, behind=behind)

    def _let_wait(self, entry: Entry, decision: Decision) -> None:
        """It is told only when it is not what was told before."""
        self.picture.line.look_again(entry, decision.again_at)
        if entry.line == decision.line:
            return
        if len(self.others) < WAITS_MOST:
            self.others.append(Step(entry, LetWait(self._plan(entry, decision))))
        else:
            self.picture.line.due[entry.conversation.id] = None

    def _plan(self, entry: Entry, decision: Decision) -> Plan:
        assert entry.applied
        conversation, picture = entry.conversation, self.picture
        return Plan(
            conversation=conversation.id,
            version=conversation.version,
            seq=conversation.seq,
            revision=picture.book.routing.revision,
            decision=decision,
            decided_at=self.now,
            team=next(iter(entry.applied.needs.teams), None),
            language=entry.language,
            cause=entry.cause or picture.woken_by,
            tags=entry.applied.tags,
            answers=tuple(each for each in entry.applied.answers if each.rule not in conversation.answered),
        )


def _same(asked: Needs, context: Context) -> Hashable:
    """What those have in common of whom the more urgent goes first."""
    return (
        asked.agent,
        tuple(asked.require.items()),
        tuple(asked.prefer.items()),
        asked.teams,
        asked.weight,
        context.kind,
    )

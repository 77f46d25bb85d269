"""What routing does to a conversation, as changes: each holds only if what it was decided on still holds.

An engine may be frozen between deciding and doing, or two may run: every guard stands in `decide`, on the records as
they are in the transaction, so that whoever comes too late changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.auto_answer import AutoAnswer
from hub.inbox.availability import GONE
from hub.inbox.hand_over import hand_over, holders, let_go, settings_of, wanted, with_declined, with_recent, with_slot
from hub.model import SYSTEM, Actor, Agent, Conversation, Missed, Offer, Routing, Slot, Status, Turn, Waits
from hub.ports import Ref, Sheet
from hub.routing import choose
from hub.routing.capacity import weight_of
from hub.routing.decision import Decision, as_data
from hub.routing.handing import relaxes_from, who_is_asked
from hub.routing.needs import Answer
from hub.routing.seats import seat_of

STALE_S = 2.0  # a decision older than this gives nothing: a frozen engine wakes with an old picture


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for one conversation, and on what. `version`, `seq`: the conversation's; `revision`: of the
    company's routing; `cause`: the id of the event that woke the engine; `tags`: what rules add to the
    conversation's; `team`: else the first that is needed; `answers`: what rules answer by themselves."""

    conversation: str
    version: int
    seq: int
    revision: int
    decision: Decision
    decided_at: datetime
    team: str | None = None
    language: str | None = None
    cause: str | None = None
    tags: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class _Decided:
    """A change that a plan leads to. `behind`: the conversation that asks for the same and went before it: while that
    one still waits, nobody passes it."""

    plan: Plan
    behind: str | None = field(default=None, kw_only=True)
    weight = 1_000

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.plan.conversation)
        if self.behind:
            yield Ref(Conversation, self.behind)
        yield from wanted(self.plan.decision.agent)
        for answer in _answers(self.plan):
            yield from answer.wants(sheet)


@dataclass(frozen=True, slots=True)
class Give(_Decided):
    """To the chosen agent. Raises Refused `stale` or `passes`: decide again."""

    def decide(self, sheet: Sheet) -> Conversation:
        before = _as_decided(sheet, self.plan)
        _passes_nobody(sheet, self.behind)
        conversation = _sorted(self.plan, before, sheet.now)
        agent = _who_still_can(sheet, self.plan.decision, conversation)
        told = _told(self.plan, before, conversation)
        given = hand_over(sheet, conversation, agent.id, SYSTEM, self.plan.cause, data=told, routed=True)
        return _answered(sheet, self.plan, given)


@dataclass(frozen=True, slots=True)
class MakeOffer(_Decided):
    """Shown to the chosen agent for `offer_s` seconds; it takes its room there as if it were theirs, and counts for
    the flood guard. Raises Refused `stale` or `passes`: decide again."""

    offer_s: float

    def decide(self, sheet: Sheet) -> Conversation:
        before = _as_decided(sheet, self.plan)
        _passes_nobody(sheet, self.behind)
        conversation = _sorted(self.plan, before, sheet.now)
        agent = _who_still_can(sheet, self.plan.decision, conversation)
        until = sheet.now + timedelta(seconds=self.offer_s)
        slot = _offered_slot(sheet, conversation, until)
        offers, recent = with_slot(agent.offers, slot), with_recent(agent, sheet)
        sheet.put(replace(agent, offers=offers, recent=recent))
        event = sheet.tell(
            Kind.CONVERSATION_OFFERED,
            conversation=conversation.id,
            customer=conversation.customer,
            cause=self.plan.cause,
            data={"agent": agent.id, "until": until, **_told(self.plan, before, conversation)},
        )
        offer = Offer(agent.id, sheet.now, until, event)
        changed = replace(
            conversation,
            offer=offer,
            waits=None,
            missed=_this_round(conversation.missed, agent.id),
            version=conversation.version + 1,
        )
        sheet.put(changed)
        return _answered(sheet, self.plan, changed)


@dataclass(frozen=True, slots=True)
class LetWait(_Decided):
    """Nobody can have it now: keeps why, and tells it when that has changed. Raises Refused `stale`."""

    def decide(self, sheet: Sheet) -> Conversation:
        conversation, decision = _as_decided(sheet, self.plan), self.plan.decision
        changed = _sorted(self.plan, conversation, sheet.now)
        waits = conversation.waits
        if waits and changed == conversation and (waits.why, waits.lacks) == (decision.why, decision.lacks):
            return _answered(sheet, self.plan, conversation)
        event = sheet.tell(
            Kind.CONVERSATION_WAITS,
            conversation=conversation.id,
            customer=conversation.customer,
            cause=self.plan.cause,
            data=_told(self.plan, conversation, changed),
        )
        waits = Waits(decision.why.value, sheet.now, decision.lacks, event, decision.again_at)
        changed = replace(changed, waits=waits)
        sheet.put(changed)
        return _answered(sheet, self.plan, changed)


@dataclass(frozen=True, slots=True)
class Expire:
    """An offer has run out: it goes to the next one, and the conversation keeps its age. Gives whether it was so."""

    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        yield from holders(sheet.get(Conversation, self.conversation))

    def decide(self, sheet: Sheet) -> bool:
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None or conversation.offer is None or conversation.offer.until > sheet.now:
            return False
        not_taken(sheet, conversation, SYSTEM, expired=True)
        return True


@dataclass(frozen=True, slots=True)
class Rescue:
    """What waits for an agent who went away with it, `rescue_s` seconds ago, returns to the queue with its age. Gives
    whether it was so."""

    conversation: str
    agent: str
    rescue_s: float

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        yield from wanted(self.agent)
        yield from holders(sheet.get(Conversation, self.conversation))

    def decide(self, sheet: Sheet) -> bool:
        conversation, agent = sheet.get(Conversation, self.conversation), sheet.get(Agent, self.agent)
        if conversation is None or agent is None or not left_behind(conversation, agent, sheet.now, self.rescue_s):
            return False
        hand_over(sheet, conversation, None, SYSTEM, data={"why": "away"})
        return True


def left_behind(conversation: Conversation, agent: Agent, now: datetime, rescue_s: float) -> bool:
    """Whether this agent had it, on our turn, when they went away, and has been away for so long. What came to them
    later, by somebody's hand, stays."""
    return (
        conversation.status is Status.OPEN
        and conversation.turn is Turn.US
        and conversation.assignee == agent.id
        and agent.availability in GONE
        and agent.since is not None
        and (conversation.assigned_at is None or conversation.assigned_at <= agent.since)
        and now - agent.since >= timedelta(seconds=rescue_s)
    )


def not_taken(sheet: Sheet, conversation: Conversation, actor: Actor, *, expired: bool) -> Conversation:
    """The agent whom it was offered to has declined it, or let it run out."""
    assert conversation.offer
    agent = conversation.offer.agent
    let_go(sheet, conversation)
    changed = replace(
        conversation,
        offer=None,
        declined=conversation.declined if expired else with_declined(conversation, agent),
        missed=_with_missed(conversation.missed, agent, sheet.now) if expired else conversation.missed,
        version=conversation.version + 1,
    )
    sheet.put(changed)
    sheet.tell(
        Kind.CONVERSATION_DECLINED,
        conversation=changed.id,
        customer=changed.customer,
        actor=actor,
        data={"agent": agent, "expired": expired},
    )
    return changed


def _with_missed(missed: Missed | None, agent: str, now: datetime) -> Missed:
    before = missed.agents if missed else ()
    return Missed((*(each for each in before if each != agent), agent), now)


def _this_round(missed: Missed | None, asked: str) -> Missed | None:
    """Whoever is asked again begins a new round, in which everybody may be."""
    return None if missed and asked in missed.agents else missed


def _sorted(plan: Plan, conversation: Conversation, now: datetime) -> Conversation:
    """The conversation with what the rules made of it; a team or a priority that is new raises its version."""
    needs = plan.decision.needs
    team = plan.team or next(iter(needs.teams), None)
    moved = (team, needs.priority) != (conversation.team, conversation.priority)
    made: dict[str, Any] = {
        "needs": needs,
        "team": team,
        "priority": needs.priority,
        "language": plan.language or conversation.language,
        "queued_at": relaxes_from(conversation, now),
        "tags": (*conversation.tags, *(tag for tag in plan.tags if tag not in conversation.tags)),
    }
    if all(getattr(conversation, name) == value for name, value in made.items()):
        return conversation
    return replace(conversation, **made, version=conversation.version + moved)


def _answers(plan: Plan) -> Iterable[AutoAnswer]:
    return (AutoAnswer(plan.conversation, answer, plan.cause) for answer in plan.answers)


def _answered(sheet: Sheet, plan: Plan, conversation: Conversation) -> Conversation:
    """With what rules answer, where that is due. It stands in the sheet as it is now."""
    for answer in _answers(plan):
        answer.decide(sheet)
    return sheet.get(Conversation, conversation.id) or conversation


def _told(plan: Plan, before: Conversation, now: Conversation) -> dict[str, Any]:
    """What the event says. Whose it was before is told where that is other, for those who see it no longer."""
    moved = {"team_before": before.team or ""} if now.team != before.team else {}
    return {"decision": as_data(plan.decision), **moved}


def _passes_nobody(sheet: Sheet, ahead: str | None) -> None:
    """Whoever went before may have found their agent taken meanwhile: then this one would take what is theirs now."""
    conversation = sheet.get(Conversation, ahead) if ahead else None
    if conversation and conversation.waiting and not conversation.offer:
        raise Refused("passes", "Somebody more urgent who asks for the same still waits.")


def _as_decided(sheet: Sheet, plan: Plan) -> Conversation:
    """The conversation, if it and the rules are as they were when this was decided, a moment ago."""
    conversation = sheet.get(Conversation, plan.conversation)
    if (
        conversation is None
        or not conversation.waiting
        or (conversation.version, conversation.seq) != (plan.version, plan.seq)
        or conversation.offer is not None  # one that has run out is to `Expire` first
        or settings_of(sheet).revision != plan.revision
        or (sheet.now - plan.decided_at).total_seconds() > STALE_S
    ):
        raise _stale()
    return conversation


def _who_still_can(sheet: Sheet, decision: Decision, conversation: Conversation) -> Agent:
    """The chosen agent, if they can have it as they are stored now: here, able, with room.

    Whoever may sign in no more is offline (`users.ChangeUser`), so that their user need not be read.
    """
    agent = sheet.get(Agent, decision.agent) if decision.agent else None
    if agent is None:
        raise _stale()
    context = _context(conversation, settings_of(sheet), sheet.now)
    if choose.barrier(decision.needs, seat_of(agent, sheet.now), context) is not None:
        raise _stale()
    return agent


def _context(conversation: Conversation, settings: Routing, now: datetime) -> choose.Context:
    return choose.Context(
        now=now,
        queued_at=relaxes_from(conversation, now),
        kind=conversation.channel_kind,
        **who_is_asked(conversation, settings),
    )


def _offered_slot(sheet: Sheet, conversation: Conversation, until: datetime) -> Slot:
    weight = weight_of(conversation, settings_of(sheet))
    return Slot(conversation.id, weight, conversation.channel, conversation.channel_kind, until)


def _stale() -> Refused:
    return Refused("stale", "The picture has changed.")

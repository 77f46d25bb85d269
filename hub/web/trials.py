"""The checks before a change, for supervisors: a message or a conversation tried, and the draft on the queue."""

from typing import Annotated, Literal

from pydantic import Field

from hub.errors import Fault, Invalid
from hub.inbox.directory import Directory
from hub.inbox.queue_check import Missing, Move, QueueCheck, Tally, check_queue, fate
from hub.inbox.trial import Stage, Trial, Typed, try_conversation, try_message
from hub.model import Agent, Conversation, Lifecycle
from hub.routing.decision import Decision, Why, as_data
from hub.routing.facts import TEXT_MOST, Facts
from hub.web.api import Body, Call, Nothing
from hub.web.decisions import decision, level, levels, skill_name, teams
from hub.web.named import Moment, maybe_time, named, time
from hub.web.routing_views import (
    FactsView,
    FateView,
    HolderView,
    MissingView,
    MoveView,
    QueueView,
    StageView,
    TallyView,
    TrialView,
    WaitingMark,
    WaitingRow,
)
from hub.web.views import Id, channel_mark

Tag = Annotated[str, Field(min_length=1, max_length=80)]


class TypedMessage(Body):
    """A message that nobody has sent. `customer`: somebody known; else it is somebody new, of this `lifecycle` and with
    these `tags`. `at`: when it comes; else now."""

    text: str = Field(max_length=TEXT_MOST)
    channel: Id
    subject: str = Field("", max_length=998)
    customer: Id | None = None
    lifecycle: Lifecycle = Lifecycle.VISITOR
    tags: list[Tag] = Field(default_factory=list, max_length=50)
    attachment: bool = False
    at: Moment | None = None


class Trying(Body):
    """Either a message or a conversation (its id or number). Without a draft the live rules are tried."""

    rules: Literal["live", "draft"] = "draft"
    message: TypedMessage | None = None
    conversation: Id | None = None


async def try_rules(call: Call, body: Trying) -> TrialView:
    """Which rules match, what that needs, and whom it would go to; nobody is given anything."""
    draft = body.rules == "draft"
    if body.message and body.conversation is None:
        typed = Typed(**body.message.model_dump(exclude={"tags"}), tags=tuple(body.message.tags))
        return _trial(await try_message(call.house, typed, draft=draft), call.house.directory)
    if body.conversation and body.message is None:
        return _trial(
            await try_conversation(call.house, call.person, body.conversation, draft=draft), call.house.directory
        )
    fault = Fault("message", "required", "Give a message or a conversation: one of the two.")
    raise Invalid("invalid", "Some fields are not right: see fields.", [fault])


async def queue(call: Call, body: Nothing) -> QueueView:
    """The draft against everything that waits now; nobody is given anything."""
    return _queue(await check_queue(call.house), call.house.directory)


def _trial(trial: Trial, directory: Directory) -> TrialView:
    return {
        "matched": [{"id": id, "name": trial.rules.get(id, id), "index": index} for index, id in trial.matched],
        "facts": _facts(trial.facts, directory),
        "answers": list(trial.answers),
        "decision": decision(as_data(trial.decision), directory, trial.rules),
        "held_by": named(trial.held_by, directory),
        "stages": [_stage(each, trial, directory) for each in trial.stages],
    }


def _stage(stage: Stage, trial: Trial, directory: Directory) -> StageView:
    return {
        "after_s": stage.after_s,
        "require": levels(stage.needs.require, directory),
        "teams": teams(stage.needs.teams, directory),
        "rules": [{"id": id, "name": trial.rules.get(id, id)} for id in stage.rules],
        "over": [{"id": id, "name": trial.rules.get(id, id)} for id in stage.over],
    }


def _facts(facts: Facts, directory: Directory) -> FactsView:
    return {
        "channel": facts.channel,
        "address": facts.address,
        "language": facts.language,
        "open": dict(facts.open),
        "first_contact": facts.first_contact,
        "lifecycle": facts.lifecycle,
        "tags": list(facts.tags),
        "order_count": facts.order_count,
        "order_value": facts.order_value,
        "previous_agent": named(facts.previous_agent, directory),
        "attachment": facts.attachment,
        "verified": facts.verified,
    }


def _queue(check: QueueCheck, directory: Directory) -> QueueView:
    return {
        "waiting": check.waiting,
        "checked": check.checked,
        "live": _tally(check.live),
        "draft": _tally(check.draft),
        "different": check.different,
        "missing": [_missing(each, directory) for each in check.missing],
        "changes": [_move(each, directory) for each in check.changes],
        "rows": [_row(each, directory) for each in check.rows],
    }


def _tally(tally: Tally) -> TallyView:
    return {"at_once": tally.at_once, "waits": tally.waits, "nobody": tally.nobody}


def _missing(missing: Missing, directory: Directory) -> MissingView:
    return {
        "skill": missing.skill,
        "name": skill_name(missing.skill, directory),
        "level": missing.level,
        "conversations": missing.conversations,
        "longest_since": time(missing.longest_since),
        "agents": [_holder(each) for each in missing.agents],
    }


def _holder(agent: Agent) -> HolderView:
    return {
        "id": agent.id,
        "name": agent.name,
        "availability": agent.availability.value,
        "until": maybe_time(agent.until),
    }


def _move(move: Move, directory: Directory) -> MoveView:
    return {
        "conversation": _mark(move.conversation, directory),
        "live": named(move.live.agent, directory),
        "draft": named(move.draft.agent, directory),
    }


def _row(move: Move, directory: Directory) -> WaitingRow:
    return {
        "conversation": _mark(move.conversation, directory),
        "live": _fate(move.live, directory),
        "draft": _fate(move.draft, directory),
    }


def _fate(decision: Decision, directory: Directory) -> FateView:
    awaited = decision.needs.agent if decision.why is Why.WAITS_FOR_AGENT else None
    return {
        "fate": fate(decision).value,
        "agent": named(decision.agent or awaited, directory),
        "why": decision.why.value,
        "lacks": [level(each, directory) for each in decision.lacks],
    }


def _mark(conversation: Conversation, directory: Directory) -> WaitingMark:
    return {
        "id": conversation.id,
        "number": conversation.number,
        "customer": {"id": conversation.customer, "name": conversation.customer_name},
        "channel": channel_mark(conversation.channel, directory, conversation.channel_kind),
        "subject": conversation.subject,
        "text": conversation.last.text if conversation.last else "",
        "waiting_since": maybe_time(conversation.waiting_since),
    }

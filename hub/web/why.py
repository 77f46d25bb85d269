"""Why a conversation is with whom it is, or why it still waits."""

from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from hub.inbox import why as inbox
from hub.inbox.why import Reason
from hub.web.api import Call, Query
from hub.web.decisions import DecisionView, decision
from hub.web.named import Named, Time, named, time
from hub.web.views import Author, Id, actor


class WhyQuery(Query):
    """`event`: the id of one of its events, whose decision is asked for."""

    event: str = Field("", max_length=40)


class CauseView(TypedDict):
    """What led to it: an event's kind, and when and by whom that happened."""

    kind: str
    at: Time
    actor: Author


class WhyView(TypedDict):
    """`state`: held (by `assignee`), offered (to the decision's agent), waiting, or none of these (`quiet`: the
    customer's turn, or resolved).

    `decision` is null where a person decided (`by`), and where nothing was ever decided. `at`: when it was; `fresh`:
    made just now, with the live rules.
    """

    state: Literal["held", "offered", "waiting", "quiet"]
    assignee: Named | None
    decision: DecisionView | None
    by: Author | None
    at: Time
    cause: CauseView | None
    fresh: bool


async def why(call: Call, ref: Id, query: WhyQuery) -> WhyView:
    """Why it is with whom it is, or why it still waits: the whole decision."""
    reason = await inbox.why(call.house, call.person, ref, query.event)
    return _view(reason, call)


def _view(reason: Reason, call: Call) -> WhyView:
    directory, name = call.house.directory, reason.conversation.customer_name
    cause = reason.cause
    return {
        "state": reason.state,
        "assignee": named(reason.conversation.assignee, directory),
        "decision": decision(reason.decision, directory) if reason.decision else None,
        "by": actor(reason.by, directory, name) if reason.by else None,
        "at": time(reason.at),
        "cause": (
            {"kind": cause.kind.value, "at": time(cause.at), "actor": actor(cause.actor, directory, name)}
            if cause
            else None
        ),
        "fresh": reason.fresh,
    }

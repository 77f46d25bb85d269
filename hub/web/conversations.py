"""Lists, one conversation, and what is done with it besides writing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from hub.errors import Invalid
from hub.inbox import assign as assigning
from hub.inbox import resolve as resolving
from hub.inbox.queries import Place, list_view, numbers, open_conversation
from hub.inbox.seen import seen as mark_seen
from hub.ports import Only
from hub.web import views
from hub.web.api import Body, Call, Nothing, Query
from hub.web.views import CustomerPane, Entry, Id, Row

Number = Annotated[int, Field(ge=0, le=2**53 - 1)]


class Counts(TypedDict):
    mine: int
    waiting: int
    team: int
    all: int


class ListQuery(Query):
    """`team`: only what this team has ("none": what has no team); `channel`: an id; `agent`: an id, or "any" for what
    somebody has."""

    view: Literal["mine", "waiting", "team", "all", "resolved"] = "all"
    after: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)
    team: str = Field("", max_length=40)
    channel: str = Field("", max_length=40)
    agent: str = Field("", max_length=40)


class Page(TypedDict):
    items: list[Row]
    next: str | None


class OpenedView(TypedDict):
    conversation: Row
    entries: list[Entry]
    before: int | None
    customer: CustomerPane


class OlderQuery(Query):
    before: Number


class Older(TypedDict):
    entries: list[Entry]
    before: int | None


class Taking(Body):
    from_: str | None = Field(None, alias="from", max_length=40)


class Assigning(Body):
    assignee: str | None = Field(max_length=40)
    from_: str | None = Field(None, alias="from", max_length=40)


class Seen(Body):
    seq: Number


async def counts(call: Call) -> Counts:
    """How many open conversations each view has."""
    found = (await numbers(call.house, [call.person])).of(call.person)
    return {"mine": found["mine"], "waiting": found["waiting"], "team": found["team"], "all": found["all"]}


async def list_conversations(call: Call, query: ListQuery) -> Page:
    """A page of a view, by rank."""
    after = _place(query.after) if query.after else None
    only = Only(query.team or None, query.channel or None, query.agent or None)
    found, following = await list_view(call.house, call.person, query.view, after, query.limit, only)
    rows = [views.row(each, call.house.directory) for each in found]
    return {"items": rows, "next": _mark(following) if following else None}


async def open_one(call: Call, ref: Id) -> OpenedView:
    """A conversation by id or number: its last messages, what happened between them, and the customer."""
    opened = await open_conversation(call.house, call.person, ref)
    directory, conversation = call.house.directory, opened.conversation
    return {
        "conversation": views.row(conversation, directory),
        "entries": views.entries(opened.messages, opened.events, directory, conversation.customer_name),
        "before": opened.before,
        "customer": views.customer_pane(opened.customer_view, directory),
    }


async def older_entries(call: Call, ref: Id, query: OlderQuery) -> Older:
    """The page before a message's seq."""
    opened = await open_conversation(call.house, call.person, ref, query.before)
    name = opened.conversation.customer_name
    return {
        "entries": views.entries(opened.messages, opened.events, call.house.directory, name),
        "before": opened.before,
    }


async def take(call: Call, ref: Id, body: Taking) -> Row:
    """Take it. `from` is whom the page showed: taking it from somebody else is refused."""
    taken = await assigning.take(call.house, call.person, ref, seen_assignee=_seen(body))
    return views.row(taken, call.house.directory)


async def assign(call: Call, ref: Id, body: Assigning) -> Row:
    """Hand it to an agent, or back to the queue (null)."""
    assigned = await assigning.assign(call.house, call.person, ref, assignee=body.assignee, seen_assignee=_seen(body))
    return views.row(assigned, call.house.directory)


async def resolve(call: Call, ref: Id, body: Nothing) -> Row:
    """It is done, until the customer writes again."""
    return views.row(await resolving.resolve(call.house, call.person, ref), call.house.directory)


async def reopen(call: Call, ref: Id, body: Nothing) -> Row:
    """It is not done. Refused beside a newer live conversation on the same thread."""
    return views.row(await resolving.reopen(call.house, call.person, ref), call.house.directory)


async def seen(call: Call, ref: Id, body: Seen) -> None:
    """I have read it up to this message."""
    await mark_seen(call.house, call.person, ref, body.seq)


def _seen(body: Taking | Assigning) -> str | assigning.Unset | None:
    return body.from_ if "from_" in body.model_fields_set else assigning.UNSET


def _mark(place: Place) -> str:
    return urlsafe_b64encode(f"{place[0]}:{place[1]}".encode()).decode().rstrip("=")


def _place(mark: str) -> Place:
    try:
        rank, _, last = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().partition(":")
        place = int(rank), last
    except ValueError:
        raise Invalid("invalid", "`after` must be the `next` of the page before.") from None
    if abs(place[0]) >= 2**53 or len(last) > 40:
        raise Invalid("invalid", "`after` must be the `next` of the page before.")
    return place

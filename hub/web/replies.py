"""Writing: to the customer, and notes among ourselves."""

from typing import Annotated

from pydantic import StringConstraints
from typing_extensions import TypedDict

from hub.inbox import reply as replying
from hub.inbox.annotate import annotate
from hub.web import views
from hub.web.api import Body, Call, Nothing
from hub.web.conversations import Number
from hub.web.views import Id, MessageId, MessageView

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Text = Annotated[str, StringConstraints(max_length=replying.TEXT_MOST, pattern=r"\S")]


class Reply(Body):
    """`id` is the page's own: sent again, it is the same reply."""

    id: ClientId
    text: Text
    last_out_seq: Number
    resolve: bool = False


class Note(Body):
    id: ClientId
    text: Text


class TakenBack(TypedDict):
    text: str


async def reply(call: Call, ref: Id, body: Reply) -> MessageView:
    """Queue a reply; it goes out when the time to undo it is over."""
    queued = await replying.reply(
        call.house, call.person, ref, id=body.id, text=body.text, last_out_seq=body.last_out_seq, resolve=body.resolve
    )
    return views.message(queued, call.house.directory)


async def withdraw(call: Call, ref: Id, message: MessageId) -> TakenBack:
    """Undo: take a reply back while it waits."""
    return {"text": await replying.withdraw(call.house, call.person, ref, message)}


async def send_now(call: Call, ref: Id, message: MessageId, body: Nothing) -> MessageView:
    """Do not wait for the undo time."""
    return views.message(await replying.send_now(call.house, call.person, ref, message), call.house.directory)


async def note(call: Call, ref: Id, body: Note) -> MessageView:
    """A note that only we can read."""
    return views.message(await annotate(call.house, call.person, ref, id=body.id, text=body.text), call.house.directory)

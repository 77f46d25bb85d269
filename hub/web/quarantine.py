"""What was taken and could not be read."""

from aiohttp import web
from typing_extensions import TypedDict

from hub.errors import NotFound
from hub.inbox import quarantine as inbox
from hub.web import views
from hub.web.api import Call, Nothing
from hub.web.files import send
from hub.web.views import Id, QuarantinedView


class ReadAfterAll(TypedDict):
    message: str
    conversation: str


async def entries(call: Call) -> list[QuarantinedView]:
    """Every message that could not be read."""
    return [views.quarantined(each, call.house.directory) for each in await call.house.reader.quarantine()]


async def retry(call: Call, id: Id, body: Nothing) -> ReadAfterAll:
    """Try to read it again."""
    received = await inbox.retry(call.house, call.person, id)
    return {"message": received.message, "conversation": received.conversation}


async def raw(call: Call, id: Id) -> web.StreamResponse:
    """The bytes as they came."""
    entry = await call.house.reader.quarantined(id)
    if entry is None:
        raise NotFound("not_found", "There is no such entry (any more).")
    return await send(call, entry.raw, name=f"{entry.id}.raw", type="application/octet-stream")

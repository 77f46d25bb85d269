"""What is offered to oneself: take it, or let it go to the next one."""

from hub.inbox import offer as offering
from hub.inbox.queries import offered_to
from hub.web import views
from hub.web.api import Call, Nothing
from hub.web.views import Id, Row


async def offers(call: Call) -> list[Row]:
    """What is offered to me now, what runs out first first."""
    found = await offered_to(call.house, call.person)
    return [views.row(each, call.house.directory) for each in found]


async def accept(call: Call, ref: Id, body: Nothing) -> Row:
    """Take what is offered to me."""
    return views.row(await offering.accept(call.house, call.person, ref), call.house.directory)


async def decline(call: Call, ref: Id, body: Nothing) -> Row:
    """Let it go to the next one, with its age; it is not offered to me again."""
    return views.row(await offering.decline(call.house, call.person, ref), call.house.directory)

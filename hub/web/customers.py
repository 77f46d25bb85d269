"""The customer pane."""

from hub.inbox.queries import customer_view
from hub.web import views
from hub.web.api import Call
from hub.web.views import CustomerPane, Id


async def customer(call: Call, id: Id) -> CustomerPane:
    """Who this is: identities, claims, orders, other conversations."""
    return views.customer_pane(await customer_view(call.house, call.person, id), call.house.directory)

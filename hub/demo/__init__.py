"""The demo company: a believable shop to look around in. It has a database of its own and is dropped by one click."""

from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from hub.demo import shop
from hub.demo.doors import admin_of, entry_links, greeting
from hub.demo.seed import seed
from hub.demo.traffic import Traffic
from hub.inbox.house import House

__all__ = ["Traffic", "admin_of", "entry_links", "greeting", "routes", "seed"]


class _Front(Protocol):
    """The process, of which only the open company counts here."""

    @property
    def house(self) -> House: ...


def routes(front: _Front) -> Sequence[web.AbstractRouteDef]:
    """The shop page. It is not found while the real company is open."""

    async def widget_key() -> str | None:
        company = front.house.company()
        if company is None or not company.demo:
            return None
        widgets = (each for each in front.house.directory.channels.values() if each.kind == "widget" and each.enabled)
        return next((widget.key for widget in widgets), None)

    return shop.routes(widget_key)

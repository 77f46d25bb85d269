"""What the web asks of `app.py`: the company that is open now.

It changes while the hub runs, when the demo begins or ends.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from hub.inbox.house import House
from hub.model import Language, User

if TYPE_CHECKING:  # the sockets themselves need the front
    from hub.web.live import Live


class Front(Protocol):
    @property
    def house(self) -> House: ...
    @property
    def live(self) -> "Live": ...
    @property
    def public_url(self) -> str:
        """Without a slash at the end."""

    @property
    def behind_proxy(self) -> bool:
        """Whether the last entry of X-Forwarded-For is the reader's address."""

    async def begin_demo(self, token: str, language: Language) -> User:
        """Opens the demo company; gives its admin. Raises Refused for a wrong token, or when a company is set up."""

    async def end_demo(self) -> str | None:
        """Drops the demo company; gives the path of the set-up page (`/setup#…`) when that is where one goes next."""

    async def health(self) -> Mapping[str, str | None]:
        """Part (`store`, `feed`, `ephemeral`) → why it does not answer, in words; None when it does."""


FRONT = web.AppKey("front", Front)

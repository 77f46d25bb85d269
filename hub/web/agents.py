"""The colleagues one can hand a conversation to."""

from typing import Literal

from typing_extensions import TypedDict

from hub.web.api import Call
from hub.web.start import ROLES


class AgentView(TypedDict):
    id: str
    name: str
    role: Literal["agent", "supervisor", "admin"]
    online: bool


async def agents(call: Call) -> list[AgentView]:
    """Everybody who works here, and whether they are online."""
    online = await call.house.presence.online()
    users = (user for user in await call.house.reader.users() if not user.disabled_at)
    return [
        {"id": user.id, "name": user.name, "role": ROLES[user.role], "online": user.id in online}
        for user in sorted(users, key=lambda user: user.name.casefold())
    ]

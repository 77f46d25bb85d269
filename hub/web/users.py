"""Who may sign in, for admins."""

from pydantic import Field

from hub.inbox import users as people
from hub.model import Role, User
from hub.web import views
from hub.web.agents import Level, Units
from hub.web.api import Body, Call
from hub.web.named import Slug
from hub.web.start import Line, Password
from hub.web.views import Id, UserView


class NewUser(Body):
    """`teams` and `skills` (id → level) are there already; `capacity` in units: without it agents get 10, and who
    supervises none."""

    email: Line
    name: Line
    role: Role
    password: Password
    teams: list[Slug] = Field(default_factory=list, max_length=100)
    skills: dict[Slug, Level] = Field(default_factory=dict, max_length=200)
    capacity: Units = 0
    caps: dict[str, Units] = Field(default_factory=dict, max_length=20)


class UserChange(Body):
    """What is left out stays."""

    name: Line = ""
    role: Role = Role.AGENT
    disabled: bool = False
    password: Password = ""


async def users(call: Call) -> list[UserView]:
    """Everybody who has or had an account."""
    found = await call.house.reader.users()
    return [views.user(user) for user in sorted(found, key=lambda user: user.name.casefold())]


async def add(call: Call, body: NewUser) -> UserView:
    """A new account."""
    added = await people.add_user(call.house, **body.model_dump(exclude_unset=True))
    await call.house.directory.refresh()
    return views.user(added)


async def change(call: Call, id: Id, body: UserChange) -> UserView:
    """Change an account. A new password, or disabling it, ends its sessions at once."""
    changes = body.model_dump(exclude_unset=True)
    changed = await people.change_user(call.house, id, **changes)
    if "password" in changes or changes.get("disabled"):
        await _end_sessions(call, changed)
    return views.user(changed)


async def _end_sessions(call: Call, user: User) -> None:
    own = call.session.id if user.id == call.user.id else None
    ended = await call.house.sessions.revoke_all(user.id, but=own, tokens=user.disabled_at is not None)
    await call.front.live.end_sessions(ended)

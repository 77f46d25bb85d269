"""The first page's questions, signing in and out, setting up, and the demo."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

import hub
from hub.errors import Refused, Unavailable
from hub.inbox.company import change_company as change
from hub.inbox.enter import enter
from hub.inbox.house import House
from hub.inbox.setup import set_up as set_up_company
from hub.inbox.users import change_user
from hub.model import Company, Language, User
from hub.web import session
from hub.web.agent_views import ROLES
from hub.web.api import Body, Call, Visit
from hub.web.security import address_of

Line = Annotated[str, Field(min_length=1, max_length=254)]
# Argon2 takes any length; a megabyte of password is somebody's attempt to keep us busy.
Password = Annotated[str, Field(min_length=1, max_length=200)]


class CompanyView(TypedDict):
    """`agents_see_all`: or only what is their teams', nobody's or their own."""

    name: str
    language: str
    time_zone: str
    agents_see_all: bool


class Me(TypedDict):
    id: str
    name: str
    email: str
    role: Literal["agent", "supervisor", "admin"]
    language: Literal["en", "pt-BR"] | None
    theme: Literal["system", "light", "dark"]
    single_keys: bool
    teams: list[str]


class Start(TypedDict):
    setup_needed: bool
    demo: bool
    company: CompanyView | None
    me: Me | None
    undo_s: float
    version: str


class Credentials(Body):
    email: Line
    password: Password


class SettingUp(Body):
    token: Line
    company: Line
    time_zone: Line
    language: Language
    name: Line
    email: Line
    password: Password


class DemoWish(Body):
    token: Line
    language: Language


class CompanyChange(Body):
    """What is left out stays."""

    agents_see_all: bool = True


class Link(Body):
    token: Line


class Wishes(Body):
    """What is left out stays."""

    language: Language | None = None
    theme: Literal["system", "light", "dark"] = "system"
    single_keys: bool = True


class NextPage(TypedDict):
    setup: str | None


async def start(visit: Visit) -> Start:
    """Where one stands: set up or not, signed in or not."""
    found = await session.who(visit.request, visit.house)
    return _start(visit.house, found[1] if found else None)


async def sign_in(visit: Visit, body: Credentials) -> Start:
    """Sign in. The same answer for a wrong password and for no such account."""
    user = await session.sign_in(visit.request, visit.house, body.email, body.password)
    return await _enter(visit, visit.house, user)


async def sign_out(call: Call) -> None:
    """End this session; its sockets close."""
    await call.house.sessions.revoke(call.session.id)
    await call.front.live.end_sessions([call.session.id])
    if not call.session.token:
        call.headers["Set-Cookie"] = session.set_cookie(call.front.public_url, "", 0)


async def set_up(visit: Visit, body: SettingUp) -> Start:
    """Make the company and its first admin, by the one-time link."""
    async with _few_tries(visit):
        user = await set_up_company(
            visit.house,
            token=body.token,
            company=body.company,
            time_zone=body.time_zone,
            language=body.language,
            name=body.name,
            email=body.email,
            password=body.password,
        )
    return await _enter(visit, visit.house, user)


async def begin_demo(visit: Visit, body: DemoWish) -> Start:
    """Open the demo company, by the one-time link; signed in as its admin."""
    async with _few_tries(visit):
        user = await visit.front.begin_demo(body.token, body.language)
    return await _enter(visit, visit.front.house, user)


async def come_in(visit: Visit, body: Link) -> Start:
    """Sign in by a printed link: the people of the demo company."""
    async with _few_tries(visit):
        user = await enter(visit.house, body.token)
    return await _enter(visit, visit.house, user)


async def end_demo(call: Call) -> NextPage:
    """Drop the demo company with all that is in it."""
    company = call.house.company()
    if company is None or not company.demo:
        raise Refused("no_demo", "This is no demo company: it cannot be dropped.")
    return {"setup": await call.front.end_demo()}


async def change_me(call: Call, body: Wishes) -> Me:
    """One's own language, theme and keys."""
    changes = body.model_dump(exclude_unset=True)
    user = await change_user(call.house, call.user.id, **changes) if changes else call.user
    return _me(call.house, user)


async def change_company(call: Call, body: CompanyChange) -> CompanyView:
    """What holds for the whole company."""
    return _company(await change(call.house, call.person, **body.model_dump(exclude_unset=True)))


async def _enter(visit: Visit, house: House, user: User) -> Start:
    _, cookie = await session.begin(visit.request, house, user)
    visit.headers["Set-Cookie"] = cookie
    return _start(house, user)


@asynccontextmanager
async def _few_tries(visit: Visit) -> AsyncIterator[None]:
    """For what a link's secret opens: failures count, by address."""
    key, presence = f"link:{address_of(visit.request)}", visit.house.presence
    if not await presence.allow(key, limit=session.TRIES, window_s=session.WINDOW_S):
        raise Unavailable("too_many", "Too many tries. Wait five minutes.", session.WINDOW_S)
    yield
    await presence.forgive(key)


def _start(house: House, user: User | None) -> Start:
    company = house.company()
    return {
        "setup_needed": company is None,
        "demo": bool(company and company.demo),
        "company": _company(company) if company else None,
        "me": _me(house, user) if user else None,
        "undo_s": house.undo_s,
        "version": hub.__version__,
    }


def _company(company: Company) -> CompanyView:
    return {
        "name": company.name,
        "language": company.language.value,
        "time_zone": company.time_zone,
        "agents_see_all": company.agents_see_all,
    }


def _me(house: House, user: User) -> Me:
    agent = house.directory.agents.get(user.id)
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "role": ROLES[user.role],
        "language": _LANGUAGES[user.language] if user.language else None,
        "theme": _THEMES.get(user.theme, "system"),
        "single_keys": user.single_keys,
        "teams": list(agent.teams) if agent else [],
    }


_LANGUAGES: dict[Language, Literal["en", "pt-BR"]] = {Language.EN: "en", Language.PT_BR: "pt-BR"}
_THEMES: dict[str, Literal["system", "light", "dark"]] = {"system": "system", "light": "light", "dark": "dark"}

"""The people who sign in."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hub import addresses
from hub.errors import Invalid, NotFound, Refused
from hub.events import Kind
from hub.inbox.agents import faults_in, named_in, refuse, unknown_in
from hub.inbox.availability import gone
from hub.inbox.give import not_taken
from hub.inbox.hand_over import hand_over, wanted
from hub.inbox.house import House
from hub.inbox.passwords import hash_password
from hub.model import SYSTEM, Agent, Availability, Conversation, Language, Login, Role, User
from hub.names import tidy
from hub.ports import Ref, Sheet

PASSWORD_LEAST = 10
PASSWORD_MOST = 200


async def add_user(house: House, *, email: str, name: str, role: Role, password: str, **can: Any) -> User:
    """`can`: teams, skills, capacity and caps, as `agents.change_agent` takes them.

    Raises Invalid for a bad address, name or password, or what they can; Refused `email_taken`.
    """
    check_password(password)
    refuse(faults_in(can, house))
    if "teams" in can:
        can["teams"] = tuple(dict.fromkeys(can["teams"]))
    hashed = await asyncio.to_thread(hash_password, password)
    now, id = house.clock.now(), house.clock.new_id()
    user = User(id, addresses.email(email), tidy(name), role, hashed, now)
    return await house.filing.submit(AddUser(user, can))


async def change_user(house: House, id: str, **changes: Any) -> User:
    """Only what is given of name, role, disabled (bool), password, language, theme, single_keys.

    Raises NotFound, Invalid; Refused `last_admin` when nobody could administer any more.
    """
    given = dict(changes)
    if (password := given.pop("password", None)) is not None:
        check_password(password)
        given["password"] = await asyncio.to_thread(hash_password, password)
    if "name" in given:
        given["name"] = tidy(given["name"])
    admins = frozenset(user.id for user in await house.reader.users() if user.role is Role.ADMIN)
    return await house.filing.submit(ChangeUser(id, given, admins))


def check_password(password: str) -> None:
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise Invalid(
            "password_too_short",
            f"A password has {PASSWORD_LEAST} to {PASSWORD_MOST} characters. Three or four words make a good one.",
            least=PASSWORD_LEAST,
        )


@dataclass(frozen=True, slots=True)
class AddUser:
    user: User
    can: Mapping[str, Any] = field(default_factory=dict)

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Login, self.user.email), *named_in(self.can)]

    def decide(self, sheet: Sheet) -> User:
        if sheet.get(Login, self.user.email):
            raise Refused("email_taken", "Somebody with this e-mail address is here already.")
        refuse(unknown_in(sheet, self.can, None))
        sheet.put(Login(self.user.email, self.user.id))
        sheet.put(self.user)
        sheet.put(replace(new_agent(self.user, sheet.now), **self.can))
        sheet.tell(Kind.USER_CHANGED, data={"user": self.user.id})
        return self.user


def new_agent(user: User, now: datetime) -> Agent:
    """Offline until their first window opens. Who supervises is given nothing until somebody raises their capacity."""
    agent = Agent(user.id, user.name, since=now, returns_to=Availability.AVAILABLE)
    return agent if user.role is Role.AGENT else replace(agent, capacity=0)


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """`admins` are those there may be; the change relies on one who stays (two could demote one another)."""

    id: str
    changes: dict[str, Any]
    admins: frozenset[str]

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from wanted(self.id)
        for id in {self.id, *self.admins}:
            yield Ref(User, id)
        agent = sheet.get(Agent, self.id)
        if agent and self.changes.get("disabled"):
            yield from (Ref(Conversation, slot.conversation) for slot in (*agent.slots, *agent.offers))

    def decide(self, sheet: Sheet) -> User:
        user = sheet.get(User, self.id)
        if user is None:
            raise NotFound("not_found", "There is no such person.")
        changed = self._changed(user, sheet)
        if _administers(user) and not _administers(changed):
            self._refuse_last_admin(sheet)
        sheet.put(changed)
        if changed.disabled_at and not user.disabled_at:
            self._put_back(sheet)
        self._change_agent(sheet, user, changed)
        sheet.tell(Kind.USER_CHANGED, data={"user": self.id})
        return changed

    def _put_back(self, sheet: Sheet) -> None:
        """What this person holds, or is offered, returns to the queue, where others see it."""
        agent = sheet.get(Agent, self.id)
        for slot in (*agent.slots, *agent.offers) if agent else ():
            conversation = sheet.get(Conversation, slot.conversation)
            if conversation and conversation.assignee == self.id:
                hand_over(sheet, conversation, None, SYSTEM, data={"why": "left"})
            elif conversation and conversation.offer and conversation.offer.agent == self.id:
                not_taken(sheet, conversation, SYSTEM, expired=True)

    def _change_agent(self, sheet: Sheet, before: User, user: User) -> None:
        """The name, and whether anything may come to them: routing reads the agent only, never the user."""
        agent = sheet.get(Agent, self.id)
        if agent is None:
            return
        changed = replace(agent, name=user.name)
        if user.disabled_at:
            changed = gone(changed, sheet.now)
        elif before.disabled_at:
            changed = replace(changed, returns_to=Availability.AVAILABLE)
        if changed == agent:
            if user.disabled_at:
                sheet.rely(Agent, self.id)  # whoever gives them something at this moment has to look again
            return
        sheet.put(changed)
        if changed.availability is not agent.availability:
            data = {"agent": self.id, "fields": ["availability"], "availability": changed.availability.value}
            sheet.tell(Kind.AGENT_CHANGED, data=data)

    def _changed(self, user: User, sheet: Sheet) -> User:
        given = dict(self.changes)
        if (disabled := given.pop("disabled", None)) is not None:
            given["disabled_at"] = (user.disabled_at or sheet.now) if disabled else None
        if given.get("language"):
            given["language"] = Language(given["language"])
        if given.get("role"):
            given["role"] = Role(given["role"])
        return replace(user, **given)

    def _refuse_last_admin(self, sheet: Sheet) -> None:
        others = (sheet.get(User, id) for id in sorted(self.admins - {self.id}))
        stays = next((other for other in others if other and _administers(other)), None)
        if stays is None:
            raise Refused("last_admin", "This is the last admin. Make somebody else an admin first.")
        sheet.rely(User, stays.id)


def _administers(user: User) -> bool:
    return user.role is Role.ADMIN and user.disabled_at is None

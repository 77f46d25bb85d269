"""The first-run page: a one-time link makes the company and its first admin. There is no default password."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import available_timezones

from hub import addresses
from hub.errors import Invalid, Refused
from hub.events import Kind
from hub.inbox.channels import new_channel
from hub.inbox.house import House
from hub.inbox.passwords import hash_password
from hub.inbox.users import AddUser, check_password
from hub.model import ChannelRecord, Company, Language, Role, SetupLink, User
from hub.names import tidy
from hub.ports import Ref, Sheet

FIRST_CHANNEL = {Language.EN: "Website chat", Language.PT_BR: "Chat do site"}


async def new_setup_link(house: House) -> str | None:
    """A fresh one-time link; the ones before it end. None when the company is set up already."""
    if house.directory.is_set_up:
        return None
    token = house.clock.new_secret()
    await house.filing.submit(KeepLink(SetupLink(_hash(token))))
    return f"{house.public_url}/setup#{token}"


async def set_up(
    house: House, *, token: str, company: str, time_zone: str, language: Language, name: str, email: str, password: str
) -> User:
    """Makes the company, its first admin and a chat widget.

    Raises Refused `bad_setup_token`, `already_set_up`; Invalid.
    """
    check_password(password)
    if time_zone not in available_timezones():
        raise Invalid("bad_time_zone", "Choose a time zone from the list, for example America/Recife.")
    named, called = tidy(company), tidy(name)
    await check_setup_token(house, token)
    hashed = await asyncio.to_thread(hash_password, password)
    id, now = house.clock.new_id(), house.clock.now()
    admin = User(id, addresses.email(email), called, Role.ADMIN, hashed, now, language)
    widget, _ = new_channel(house, kind="widget", name=FIRST_CHANNEL[language], settings={})
    change = SetUp(_hash(token), Company(named, time_zone, language), admin, widget)
    user = await house.filing.submit(change)
    await house.directory.refresh()
    return user


async def check_setup_token(house: House, token: str) -> None:
    await house.filing.submit(CheckLink(_hash(token)))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeepLink:
    link: SetupLink

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(SetupLink, self.link.id)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(self.link)


@dataclass(frozen=True, slots=True)
class CheckLink:
    hash: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Company, "company"), Ref(SetupLink, "link")]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Company, "company"):
            raise Refused("already_set_up", "This hub is set up already. Sign in instead.")
        link = sheet.get(SetupLink, "link")
        if link is None or link.hash != self.hash:
            raise Refused(
                "bad_setup_token", "This link is not valid (any more). The hub prints a new one at each start."
            )


@dataclass(frozen=True, slots=True)
class SetUp:
    hash: str
    company: Company
    admin: User
    widget: ChannelRecord

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from CheckLink(self.hash).wants(sheet)
        yield from AddUser(self.admin).wants(sheet)

    def decide(self, sheet: Sheet) -> User:
        CheckLink(self.hash).decide(sheet)
        sheet.remove(SetupLink, "link")
        sheet.put(self.company)
        sheet.put(self.widget)
        sheet.tell(Kind.CHANNEL_CHANGED, data={"channel": self.widget.id})
        return AddUser(self.admin).decide(sheet)

"""A printed link lets somebody in, without a password: the people of the demo company."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from hub.errors import Refused
from hub.inbox.house import House
from hub.model import EntryLink, User
from hub.ports import Ref, Sheet


async def enter(house: House, secret: str) -> User:
    """Whom this link lets in. Raises Refused `bad_entry_link`."""
    return await house.filing.submit(Enter(_hash(secret)))


async def keep_entry_link(house: House, secret: str, user: User) -> None:
    """From here on `secret` lets this person in; the store keeps only its hash."""
    await house.filing.submit(KeepEntryLink(EntryLink(_hash(secret), user.id)))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Enter:
    link: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(EntryLink, self.link)
        link = sheet.get(EntryLink, self.link)
        if link:
            yield Ref(User, link.user)

    def decide(self, sheet: Sheet) -> User:
        link = sheet.get(EntryLink, self.link)
        user = sheet.get(User, link.user) if link else None
        if user is None or user.disabled_at:
            raise Refused("bad_entry_link", "This link is not valid (any more). The hub prints new ones at each start.")
        return user


@dataclass(frozen=True, slots=True)
class KeepEntryLink:
    link: EntryLink

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(EntryLink, self.link.id)]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(self.link)

"""Take a conversation, pass it on, or put it back in the queue: one claim, whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from hub.errors import Invalid, Refused
from hub.inbox.hand_over import hand_over, has_left, holders, still_here, wanted, with_declined
from hub.inbox.house import House
from hub.inbox.rights import found, load
from hub.model import Agent, Conversation, Person
from hub.ports import Ref, Sheet


class Unset(Enum):
    """The page did not say whom it saw."""

    UNSET = "unset"


UNSET = Unset.UNSET


async def take(house: House, person: Person, ref: str, *, seen_assignee: str | Unset | None = UNSET) -> Conversation:
    """To me. Raises Refused `taken_meanwhile` when a colleague has it whom the page did not show."""
    return await assign(house, person, ref, assignee=person.id, seen_assignee=seen_assignee)


async def assign(
    house: House, person: Person, ref: str, *, assignee: str | None, seen_assignee: str | Unset | None = UNSET
) -> Conversation:
    """To an agent, beyond their capacity too, or to nobody (None): routing does not give it to the same agent again.
    A person's choice wins over the engine's, but not over an unseen colleague's.

    Raises Invalid `no_such_agent`, Refused `taken_meanwhile`, `resolved`.
    """
    conversation = await load(house, person, ref)
    _check(house, assignee)
    seen = None if seen_assignee is UNSET and assignee == person.id else seen_assignee
    return await house.filing.submit(Assign(person, conversation.id, assignee, seen))


def _check(house: House, assignee: str | None) -> None:
    if assignee and not house.directory.works_here(assignee):
        raise _no_such_agent()


def _no_such_agent() -> Invalid:
    return Invalid("no_such_agent", "This person does not work here (any more). Choose somebody from the list.")


@dataclass(frozen=True, slots=True)
class Assign:
    person: Person
    conversation: str
    assignee: str | None
    seen: str | Unset | None

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        yield from holders(sheet.get(Conversation, self.conversation))
        yield from wanted(self.assignee)
        yield from still_here(self.assignee)

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = found(sheet, self.person, self.conversation)
        held_by = conversation.assignee
        if held_by == self.assignee:
            return conversation
        if not conversation.live:
            raise Refused("resolved", "This conversation is resolved. Reopen it first.")
        if held_by and self.seen is not UNSET and held_by != self.seen:
            holder = sheet.get(Agent, held_by)
            raise Refused(
                "taken_meanwhile", "A colleague took it a moment ago.", name=holder.name if holder else held_by
            )
        if has_left(sheet, self.assignee):
            raise _no_such_agent()
        if held_by and not self.assignee:
            conversation = replace(conversation, declined=with_declined(conversation, held_by))
        return hand_over(sheet, conversation, self.assignee, self.person.actor)

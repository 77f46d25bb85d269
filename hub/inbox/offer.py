"""What is offered to an agent: they take it, or let it go to the next one."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.errors import Refused
from hub.events import Event
from hub.inbox.give import not_taken
from hub.inbox.hand_over import hand_over, has_left, holders, still_here
from hub.inbox.house import House
from hub.inbox.rights import found, load
from hub.model import Conversation, Offer, Person
from hub.ports import Ref, Sheet


async def accept(house: House, person: Person, ref: str) -> Conversation:
    """To me: its room was kept. Accepting twice is accepting once. Raises NotFound, Refused `offer_gone`."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(Accept(person, conversation.id))


async def decline(house: House, person: Person, ref: str) -> Conversation:
    """To the next one, with its age; it is not offered to me again. Raises NotFound, Refused `offer_gone`."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(Decline(person, conversation.id))


@dataclass(frozen=True, slots=True)
class Accept:
    person: Person
    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        yield from holders(sheet.get(Conversation, self.conversation))
        yield from still_here(self.person.id)
        conversation = sheet.get(Conversation, self.conversation)
        if conversation and conversation.offer:
            yield Ref(Event, conversation.offer.event)

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = found(sheet, self.person, self.conversation)
        if conversation.assignee == self.person.id:
            return conversation
        offer = _standing(sheet, conversation, self.person)
        if has_left(sheet, self.person.id):
            raise _gone()
        offered = sheet.get(Event, offer.event)
        data = {"decision": offered.data["decision"]} if offered else None
        return hand_over(sheet, conversation, self.person.id, self.person.actor, offer.event, data=data)


@dataclass(frozen=True, slots=True)
class Decline:
    person: Person
    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        yield from holders(sheet.get(Conversation, self.conversation))

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = found(sheet, self.person, self.conversation)
        _standing(sheet, conversation, self.person)
        return not_taken(sheet, conversation, self.person.actor, expired=False)


def _standing(sheet: Sheet, conversation: Conversation, person: Person) -> Offer:
    offer = conversation.offer
    if offer is None or offer.agent != person.id or offer.until <= sheet.now:
        raise _gone()
    return offer


def _gone() -> Refused:
    return Refused("offer_gone", "It is not offered to you (any more): somebody else may have it now.")

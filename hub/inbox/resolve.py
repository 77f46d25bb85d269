"""A conversation is done, or goes on after all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.errors import Refused
from hub.events import Kind
from hub.inbox.hand_over import holders, let_go, still_here
from hub.inbox.house import House
from hub.inbox.receive import reopened
from hub.inbox.rights import found, load
from hub.model import Actor, Conversation, Person, Status, Thread, Turn
from hub.ports import Ref, Sheet


async def resolve(house: House, person: Person, ref: str) -> Conversation:
    """Done; resolving twice is resolving once. A later message of the customer opens it again for 14 days."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(Resolve(person, conversation.id))


async def reopen(house: House, person: Person, ref: str) -> Conversation:
    """By hand. Raises Refused `newer_conversation` when the customer's thread has gone on in a newer one."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(Reopen(person, conversation.id))


def resolved(sheet: Sheet, conversation: Conversation, actor: Actor) -> Conversation:
    """Gives the agent's room back; the threads go on leading here until a new conversation begins on them."""
    let_go(sheet, conversation)
    done = replace(
        conversation,
        status=Status.RESOLVED,
        turn=Turn.CUSTOMER,
        waiting_since=None,
        resolved_at=sheet.now,
        offer=None,
        waits=None,
        declined=(),
        missed=None,
        answered=(),
        last_agent=conversation.assignee or conversation.last_agent,
        version=conversation.version + 1,
    )
    sheet.put(done)
    sheet.tell(Kind.CONVERSATION_RESOLVED, conversation=done.id, customer=done.customer, actor=actor)
    return done


@dataclass(frozen=True, slots=True)
class Resolve:
    person: Person
    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        if conversation:
            yield from holders(conversation)
            yield from still_here(conversation.assignee)  # a message of the same group may open it again

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = found(sheet, self.person, self.conversation)
        return resolved(sheet, conversation, self.person.actor) if conversation.live else conversation


@dataclass(frozen=True, slots=True)
class Reopen:
    person: Person
    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        if conversation:
            yield from reopening(sheet, conversation)

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = found(sheet, self.person, self.conversation)
        return conversation if conversation.live else reopened_by_hand(sheet, conversation, self.person.actor)


def reopening(sheet: Sheet, conversation: Conversation) -> Iterable[Ref]:
    """The records that `reopened_by_hand` works on."""
    yield from holders(conversation)
    yield from still_here(conversation.assignee)
    for id in conversation.threads:
        yield Ref(Thread, id)
        thread = sheet.get(Thread, id)
        if thread:
            yield Ref(Conversation, thread.conversation)


def reopened_by_hand(sheet: Sheet, conversation: Conversation, actor: Actor) -> Conversation:
    """What the customer writes next comes here. Raises Refused `newer_conversation` beside a newer live one."""
    for id in conversation.threads:
        thread = sheet.get(Thread, id)
        newer = sheet.get(Conversation, thread.conversation) if thread else None
        if newer and newer.id != conversation.id:
            _refuse_beside(newer)
            sheet.put(Thread(id, conversation.id))
    return reopened(sheet, conversation, actor)


def _refuse_beside(newer: Conversation) -> None:
    if newer.live:
        raise Refused(
            "newer_conversation",
            f"The customer has written again since: go on in conversation {newer.number}.",
            number=newer.number,
            id=newer.id,
        )

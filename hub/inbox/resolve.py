"""A conversation is done, or goes on after all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.errors import NotFound, Refused
from hub.events import Kind
from hub.inbox.hand_over import let_go, wanted
from hub.inbox.house import House
from hub.inbox.receive import reopened
from hub.inbox.rights import NOT_FOUND, load, may_see
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
    """Gives the agent's room back and closes the threads' way here."""
    let_go(sheet, conversation)
    done = replace(
        conversation,
        status=Status.RESOLVED,
        turn=Turn.CUSTOMER,
        waiting_since=None,
        resolved_at=sheet.now,
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
        yield from wanted(conversation.assignee if conversation else None)

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None or not may_see(self.person, conversation):
            raise NotFound("not_found", NOT_FOUND)
        return resolved(sheet, conversation, self.person.actor) if conversation.live else conversation


@dataclass(frozen=True, slots=True)
class Reopen:
    person: Person
    conversation: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None:
            return
        yield from wanted(conversation.assignee)
        for id in conversation.threads:
            yield Ref(Thread, id)
            thread = sheet.get(Thread, id)
            if thread:
                yield Ref(Conversation, thread.conversation)

    def decide(self, sheet: Sheet) -> Conversation:
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None or not may_see(self.person, conversation):
            raise NotFound("not_found", NOT_FOUND)
        if conversation.live:
            return conversation
        for id in conversation.threads:
            self._refuse_beside_newer(sheet, conversation, sheet.get(Thread, id))
        return reopened(sheet, conversation, self.person.actor)

    def _refuse_beside_newer(self, sheet: Sheet, conversation: Conversation, thread: Thread | None) -> None:
        newer = sheet.get(Conversation, thread.conversation) if thread else None
        if newer and newer.id != conversation.id and newer.live:
            raise Refused(
                "newer_conversation",
                f"The customer has written again since: go on in conversation {newer.number}.",
                number=newer.number,
                id=newer.id,
            )

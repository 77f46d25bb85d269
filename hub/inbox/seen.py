"""An agent has a conversation before their eyes: unread marks go, and the visitor learns that they were read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub.events import Kind
from hub.inbox.house import House
from hub.inbox.rights import load
from hub.model import Conversation, Direction, Message, Person
from hub.ports import Ref, Sheet

LOOK_BACK = 20  # messages


async def seen(house: House, person: Person, ref: str, seq: int) -> None:
    """Up to and with `seq`; an earlier place than the known one changes nothing."""
    conversation = await load(house, person, ref)
    seq = min(seq, conversation.seq)
    if conversation.seen.get(person.id, 0) >= seq:
        return
    latest = await house.reader.messages(conversation.id, before=seq + 1, limit=LOOK_BACK)
    await house.filing.submit(Seen(person, conversation.id, seq, _newest_of_customer(latest)))


def _newest_of_customer(messages: Sequence[Message]) -> str | None:
    return next((each.id for each in reversed(messages) if each.direction is Direction.IN), None)


@dataclass(frozen=True, slots=True)
class Seen:
    person: Person
    conversation: str
    seq: int
    message: str | None

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Conversation, self.conversation)]

    def decide(self, sheet: Sheet) -> None:
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None or conversation.seen.get(self.person.id, 0) >= self.seq:
            return
        sheet.put(replace(conversation, seen={**conversation.seen, self.person.id: self.seq}))
        sheet.tell(
            Kind.CONVERSATION_SEEN,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=self.person.actor,
            data={"user": self.person.id, "seq": self.seq} | ({"message": self.message} if self.message else {}),
        )

"""A note between colleagues: it never leaves the house, and does not end the customer's wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.events import Kind
from hub.inbox.house import House
from hub.inbox.receive import short
from hub.inbox.reply import check_text, same_again
from hub.inbox.rights import found, load
from hub.model import Conversation, Direction, Last, Message, Person
from hub.ports import Ref, Sheet


async def annotate(house: House, person: Person, ref: str, *, id: str, text: str) -> Message:
    """`id` is the writer's own: the same id is the same note. Raises Invalid `empty_message`, `too_long`."""
    check_text(text)
    conversation = await load(house, person, ref)
    return await house.filing.submit(Annotate(person, conversation.id, id, text.strip()))


@dataclass(frozen=True, slots=True)
class Annotate:
    person: Person
    conversation: str
    id: str
    text: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Message, self.id), Ref(Conversation, self.conversation)]

    def decide(self, sheet: Sheet) -> Message:
        if known := sheet.get(Message, self.id):
            return same_again(known, self.person, self.conversation)
        conversation = found(sheet, self.person, self.conversation)
        note = Message(
            id=self.id,
            conversation=conversation.id,
            customer=conversation.customer,
            channel=conversation.channel,
            seq=conversation.seq + 1,
            direction=Direction.NOTE,
            author=self.person.actor,
            author_name=self.person.name,
            at=sheet.now,
            text=self.text,
        )
        sheet.put(note)
        sheet.put(
            replace(
                conversation,
                seq=note.seq,
                last=Last(short(note), Direction.NOTE, note.author_name, note.at),
                seen={**conversation.seen, self.person.id: note.seq},
            )
        )
        sheet.tell(
            Kind.NOTE_ADDED,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=note.author,
            data={"message": note.id, "seq": note.seq},
        )
        return note

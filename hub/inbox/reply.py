"""An agent answers. The reply is stored as queued, can be taken back for a moment, and then goes out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.errors import Invalid, NotFound, Refused
from hub.events import Kind
from hub.inbox.hand_over import hand_over, hold, wanted
from hub.inbox.house import House
from hub.inbox.receive import short
from hub.inbox.resolve import resolved
from hub.inbox.rights import NOT_FOUND, load, may_see
from hub.model import (
    Agent,
    Before,
    Conversation,
    Delivery,
    Direction,
    Last,
    Message,
    Person,
    Status,
    Turn,
)
from hub.ports import Ref, Sheet

TEXT_MOST = 100_000  # characters


async def reply(
    house: House, person: Person, ref: str, *, id: str, text: str, last_out_seq: int, resolve: bool = False
) -> Message:
    """Queues an answer by the way the customer last wrote. `id` is the sender's own: the same id is the same reply.

    Raises Refused `answered_meanwhile` (with `name` and `at` of the answer) when another agent answered after
    `last_out_seq`, `cannot_answer` when no way leads to this customer; Invalid `empty_message`, `too_long`.
    """
    check_text(text)
    conversation = await load(house, person, ref)
    change = Reply(person, conversation.id, id, text.strip(), last_out_seq, timedelta(seconds=house.undo_s), resolve)
    try:
        return await house.filing.submit(change)
    except Refused as refused:
        if refused.code != "answered_meanwhile" or refused.params["at"]:
            raise
        raise await _by_whom(house, conversation.id, refused) from None


async def _by_whom(house: House, conversation: str, refused: Refused) -> Refused:
    """The customer has written after the answer that stands in the way: its name and time are with the message."""
    answers = await house.reader.messages(conversation, before=int(refused.params["seq"] or 0) + 1, limit=1)
    return _answered(answers[0].author_name, answers[0].at, answers[0].seq) if answers else refused


def _answered(name: str, at: datetime | None, seq: int) -> Refused:
    words = "Somebody answered while you were writing. Read it, then send yours if it is still needed."
    moment = at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
    return Refused("answered_meanwhile", words, name=name, at=moment, seq=seq)


async def withdraw(house: House, person: Person, ref: str, message: str) -> str:
    """Takes a reply back while it waits, and gives its text. Raises Refused `already_sent`, NotFound."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(Withdraw(person, conversation.id, message))


async def send_now(house: House, person: Person, ref: str, message: str) -> Message:
    """Does not wait for the undo time. A reply that has gone out already is given as it is."""
    conversation = await load(house, person, ref)
    return await house.filing.submit(SendNow(person, conversation.id, message))


def check_text(text: str) -> None:
    if not text.strip():
        raise Invalid("empty_message", "Write something first.")
    if len(text) > TEXT_MOST:
        raise Invalid("too_long", f"A message has at most {TEXT_MOST} characters.", most=TEXT_MOST)


@dataclass(frozen=True, slots=True)
class Reply:
    person: Person
    conversation: str
    id: str
    text: str
    last_out_seq: int
    undo: timedelta
    resolve: bool

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Message, self.id)
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        yield from wanted(self.person.id, conversation.assignee if conversation else None)

    def decide(self, sheet: Sheet) -> Message:
        if known := sheet.get(Message, self.id):
            return same_again(known, self.person, self.conversation)
        conversation = found(sheet, self.person, self.conversation)
        if conversation.last_out_seq > self.last_out_seq:
            last = conversation.last if conversation.last and conversation.last.direction is Direction.OUT else None
            raise _answered(last.author if last else "", last.at if last else None, conversation.last_out_seq)
        if not conversation.reach:
            raise Refused("cannot_answer", "This customer cannot be answered here: no channel leads back to them.")
        message = self._message(sheet, conversation)
        sheet.put(message)
        self._go_on(sheet, conversation, message)
        return message

    def _message(self, sheet: Sheet, conversation: Conversation) -> Message:
        way = conversation.reach[0]
        takes = conversation.assignee is None and sheet.get(Agent, self.person.id) is not None
        before = Before(
            conversation.turn,
            conversation.last_out_seq,
            conversation.waiting_since,
            conversation.last,
            assigned=takes,
            resolved=self.resolve and conversation.live,
        )
        return Message(
            id=self.id,
            conversation=conversation.id,
            customer=conversation.customer,
            channel=way.channel,
            seq=conversation.seq + 1,
            direction=Direction.OUT,
            author=self.person.actor,
            author_name=self.person.name,
            at=sheet.now,
            peer=way.to,
            text=self.text,
            delivery=Delivery.QUEUED,
            next_at=sheet.now + self.undo,
            before=before,
        )

    def _go_on(self, sheet: Sheet, conversation: Conversation, message: Message) -> None:
        """The reply takes a conversation that nobody has, ends the wait, and may resolve."""
        assert message.before
        taken = conversation
        if message.before.assigned:
            taken = hand_over(sheet, conversation, self.person.id, self.person.actor)
        answered = replace(
            taken,
            turn=Turn.CUSTOMER,
            waiting_since=None,
            version=taken.version + (taken.turn is Turn.US),
            seq=message.seq,
            last_out_seq=message.seq,
            last=Last(short(message), Direction.OUT, message.author_name, message.at),
            seen={**taken.seen, self.person.id: message.seq},
        )
        sheet.put(answered)
        sheet.tell(
            Kind.MESSAGE_QUEUED,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=message.author,
            data={"message": message.id, "seq": message.seq, "channel": message.channel, "next_at": message.next_at},
        )
        if message.before.resolved:
            resolved(sheet, answered, message.author)


@dataclass(frozen=True, slots=True)
class Withdraw:
    person: Person
    conversation: str
    message: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Message, self.message)
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        yield from wanted(self.person.id, conversation.assignee if conversation else None)

    def decide(self, sheet: Sheet) -> str:
        conversation = found(sheet, self.person, self.conversation)
        message = own_queued(sheet, self.person, self.conversation, self.message)
        sheet.remove(Message, message.id)
        self._restore(sheet, conversation, message)
        sheet.tell(
            Kind.MESSAGE_WITHDRAWN,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=self.person.actor,
            data={"message": message.id},
        )
        return message.text

    def _restore(self, sheet: Sheet, conversation: Conversation, message: Message) -> None:
        """As if it had not been written; what others did since then stays."""
        before = message.before
        assert before is not None
        if before.resolved and conversation.status is Status.RESOLVED:
            conversation = replace(conversation, status=Status.OPEN, resolved_at=None)
        if conversation.last_out_seq == message.seq:
            nothing_since = conversation.seq == message.seq
            conversation = replace(
                conversation,
                turn=before.turn if nothing_since else conversation.turn,
                waiting_since=before.waiting_since or conversation.waiting_since,
                last_out_seq=before.last_out_seq,
                last=before.last if nothing_since else conversation.last,
            )
        conversation = replace(conversation, version=conversation.version + 1)
        sheet.put(conversation)
        if before.resolved and conversation.assignee == self.person.id:
            hold(sheet, conversation)
        if before.assigned and conversation.assignee == self.person.id:
            hand_over(sheet, conversation, None, self.person.actor)


@dataclass(frozen=True, slots=True)
class SendNow:
    person: Person
    conversation: str
    message: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Message, self.message), Ref(Conversation, self.conversation)]

    def decide(self, sheet: Sheet) -> Message:
        found(sheet, self.person, self.conversation)
        message = sheet.get(Message, self.message)
        if message is None or message.conversation != self.conversation or message.delivery is None:
            raise NotFound("not_found", "There is no such reply.")
        if message.delivery is not Delivery.QUEUED:
            return message
        hurried = replace(message, next_at=sheet.now)
        sheet.put(hurried)
        sheet.tell(
            Kind.MESSAGE_QUEUED,
            conversation=message.conversation,
            customer=message.customer,
            actor=self.person.actor,
            data={"message": message.id, "seq": message.seq, "channel": message.channel, "next_at": sheet.now},
        )
        return hurried


def found(sheet: Sheet, person: Person, id: str) -> Conversation:
    """The conversation as it is now, if this person still sees it."""
    conversation = sheet.get(Conversation, id)
    if conversation is None or not may_see(person, conversation):
        raise NotFound("not_found", NOT_FOUND)
    return conversation


def same_again(known: Message, person: Person, conversation: str) -> Message:
    """A repeat of what was filed already. An id that somebody else used is refused."""
    if known.author != person.actor or known.conversation != conversation:
        raise Refused("id_taken", "This id belongs to another message. Send it again with a new id.")
    return known


def own_queued(sheet: Sheet, person: Person, conversation: str, id: str) -> Message:
    message = sheet.get(Message, id)
    if message is None or message.conversation != conversation or message.author != person.actor:
        raise NotFound("not_found", "There is no such reply of yours.")
    if message.delivery is not Delivery.QUEUED:
        raise Refused("already_sent", "It is too late: this reply has gone out.")
    return message

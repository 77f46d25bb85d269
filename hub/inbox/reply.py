"""An agent answers. The reply is stored as queued, can be taken back for a moment, and then goes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.errors import Invalid, NotFound, Refused
from hub.events import Kind
from hub.inbox.hand_over import hand_over, has_left, holders, let_go, still_here, wanted, weigh
from hub.inbox.house import House
from hub.inbox.receive import short
from hub.inbox.resolve import reopened_by_hand, reopening, resolved
from hub.inbox.rights import found, load
from hub.model import (
    SYSTEM,
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
LOOK_BACK = 20  # messages, for other replies that still wait


async def reply(
    house: House, person: Person, ref: str, *, id: str, text: str, last_out_seq: int, resolve: bool = False
) -> Message:
    """Queues an answer by the way the customer last wrote. `id` is the sender's own: the same id is the same reply.

    An answer opens a resolved conversation again, unless it is to resolve it.

    Raises Refused `answered_meanwhile` (with `name` and `at` of the answer) when another agent answered after
    `last_out_seq`, `cannot_answer` when no way leads to this customer, `newer_conversation` when what was resolved
    has gone on in a newer one; Invalid `empty_message`, `too_long`.
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
    latest = await house.reader.messages(conversation.id, before=None, limit=LOOK_BACK)
    others = tuple(each.id for each in latest if each.delivery is Delivery.QUEUED and each.id != message)
    return await house.filing.submit(Withdraw(person, conversation.id, message, others))


async def send_now(house: House, person: Person, ref: str, message: str) -> Message:
    """Does not wait for the undo time; one's own earlier replies here go first. One that has gone is given as it is."""
    conversation = await load(house, person, ref)
    latest = await house.reader.messages(conversation.id, before=None, limit=LOOK_BACK)
    return await house.filing.submit(SendNow(person, conversation.id, message, _waiting_before(message, latest)))


def _waiting_before(message: str, latest: Sequence[Message]) -> tuple[str, ...]:
    seq = next((each.seq for each in latest if each.id == message), 0)
    return tuple(each.id for each in latest if each.delivery is Delivery.QUEUED and each.seq < seq)


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
        yield from wanted(self.person.id)
        yield from holders(conversation)
        if conversation and not conversation.live:
            yield from reopening(sheet, conversation)

    def decide(self, sheet: Sheet) -> Message:
        if known := sheet.get(Message, self.id):
            return same_again(known, self.person, self.conversation)
        conversation = found(sheet, self.person, self.conversation)
        if conversation.last_out_seq > self.last_out_seq:
            last = conversation.last if conversation.last and conversation.last.direction is Direction.OUT else None
            raise _answered(last.author if last else "", last.at if last else None, conversation.last_out_seq)
        if not conversation.reach:
            raise Refused("cannot_answer", "This customer cannot be answered here: no channel leads back to them.")
        resolved_at = conversation.resolved_at
        if not conversation.live and not self.resolve:
            conversation = reopened_by_hand(sheet, conversation, self.person.actor)
        message = self._message(sheet, conversation, resolved_at)
        sheet.put(message)
        self._go_on(sheet, conversation, message)
        return message

    def _message(self, sheet: Sheet, conversation: Conversation, resolved_at: datetime | None) -> Message:
        way = conversation.reach[0]
        agent = sheet.get(Agent, self.person.id)
        takes = conversation.live and conversation.assignee is None and agent is not None
        before = Before(
            conversation.turn,
            conversation.last_out_seq,
            conversation.waiting_since,
            conversation.last,
            assigned=takes,
            resolved=self.resolve and conversation.live,
            resolved_at=resolved_at if conversation.live else None,
            first_queued_at=conversation.first_queued_at,
            queued_at=conversation.queued_at,
            last_agent=conversation.last_agent,
            declined=conversation.declined,
            missed=conversation.missed,
            answered=conversation.answered,
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
        elif conversation.offer:  # answered without being taken: nothing is left to accept
            let_go(sheet, conversation)
            taken = replace(conversation, offer=None)
        answered = replace(
            taken,
            turn=Turn.CUSTOMER,
            waiting_since=None,
            version=taken.version + (taken.turn is Turn.US),
            seq=message.seq,
            last_out_seq=message.seq,
            last=_last(message),
            seen={**taken.seen, self.person.id: message.seq},
        )
        sheet.put(answered)
        weigh(sheet, answered)
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
    """`others`: replies of the same conversation that may still wait; one of them may stand on this one."""

    person: Person
    conversation: str
    message: str
    others: Sequence[str] = ()

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        for id in (self.message, *self.others):
            yield Ref(Message, id)
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        yield from wanted(self.person.id)
        yield from holders(conversation)
        yield from still_here(conversation.assignee if conversation else None)

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
        if before.resolved and conversation.resolved_at == message.at:
            conversation = self._open_again(sheet, conversation, before)
        if self._passed_on(sheet, message, before) or conversation.last_out_seq != message.seq:
            return
        answered = conversation.live and conversation.turn is Turn.CUSTOMER
        conversation = replace(
            conversation,
            turn=before.turn if answered else conversation.turn,
            waiting_since=(before.waiting_since or conversation.waiting_since) if conversation.live else None,
            first_queued_at=_waited(before, conversation),
            last_out_seq=before.last_out_seq,
            last=before.last if conversation.last == _last(message) else conversation.last,
            version=conversation.version + 1,
        )
        sheet.put(conversation)
        weigh(sheet, conversation)
        if before.assigned and conversation.live and conversation.assignee == self.person.id:
            conversation = self._put_back(sheet, conversation, before)
        if before.resolved_at and answered:
            done = resolved(sheet, conversation, self.person.actor)
            sheet.put(replace(done, resolved_at=before.resolved_at))

    def _put_back(self, sheet: Sheet, conversation: Conversation, before: Before) -> Conversation:
        """In the queue at the place it had, as if it had not been taken."""
        queued = hand_over(sheet, conversation, None, self.person.actor)
        queued = replace(
            queued,
            queued_at=before.queued_at or queued.queued_at,
            last_agent=before.last_agent,
            declined=before.declined,
            missed=before.missed,
        )
        sheet.put(queued)
        return queued

    def _open_again(self, sheet: Sheet, conversation: Conversation, before: Before) -> Conversation:
        """Whoever had it has it again, unless they have left."""
        opened = replace(
            conversation,
            status=Status.OPEN,
            resolved_at=None,
            answered=before.answered,
            version=conversation.version + 1,
        )
        sheet.put(opened)
        weigh(sheet, opened)
        sheet.tell(
            Kind.CONVERSATION_REOPENED, conversation=opened.id, customer=opened.customer, actor=self.person.actor
        )
        if has_left(sheet, opened.assignee):
            return hand_over(sheet, opened, None, SYSTEM, data={"why": "left"})
        return opened

    def _passed_on(self, sheet: Sheet, message: Message, before: Before) -> bool:
        """Whether a later reply that still waits is now the one that undo would go behind."""
        for id in self.others:
            later = sheet.get(Message, id)
            if later and later.before and later.before.last_out_seq == message.seq:
                sheet.put(replace(later, before=_joined(before, later.before, message)))
                return True
        return False


def _waited(before: Before, conversation: Conversation) -> datetime | None:
    """Since when the customer waits, once the answer is gone."""
    return (before.first_queued_at if before.turn is Turn.US else None) or conversation.first_queued_at


def _last(message: Message) -> Last:
    return Last(short(message), message.direction, message.author_name, message.at)


def _joined(before: Before, then: Before, withdrawn: Message) -> Before:
    """How it stood before both, for the later of two replies when the earlier one goes."""
    return replace(
        then,
        turn=Turn.US if Turn.US in (before.turn, then.turn) else Turn.CUSTOMER,
        last_out_seq=before.last_out_seq,
        waiting_since=before.waiting_since or then.waiting_since,
        last=before.last if then.last == _last(withdrawn) else then.last,
        assigned=before.assigned or then.assigned,
        resolved_at=before.resolved_at if then.resolved_at in (None, withdrawn.at) else then.resolved_at,
        first_queued_at=(before if before.turn is Turn.US else then).first_queued_at,
        queued_at=(before if before.assigned else then).queued_at,
        last_agent=(before if before.assigned else then).last_agent,
        declined=(before if before.assigned else then).declined,
        missed=(before if before.assigned else then).missed,
        answered=(before if before.resolved else then).answered,
    )


@dataclass(frozen=True, slots=True)
class SendNow:
    person: Person
    conversation: str
    message: str
    earlier: tuple[str, ...] = ()

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Conversation, self.conversation), *(Ref(Message, id) for id in (*self.earlier, self.message))]

    def decide(self, sheet: Sheet) -> Message:
        found(sheet, self.person, self.conversation)
        for id in self.earlier:
            before = sheet.get(Message, id)
            if before and before.author == self.person.actor and before.delivery is Delivery.QUEUED:
                self._hurry(sheet, before)
        message = sheet.get(Message, self.message)
        if message is None or message.conversation != self.conversation or message.delivery is None:
            raise NotFound("not_found", "There is no such reply.")
        if message.author != self.person.actor:
            raise NotFound("not_found", "There is no such reply of yours.")
        if message.delivery is not Delivery.QUEUED:
            return message
        return self._hurry(sheet, message)

    def _hurry(self, sheet: Sheet, message: Message) -> Message:
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

"""A rule answers the customer by itself: at once, in their language, and without ending their wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.events import Kind
from hub.model import (
    Actor,
    ActorKind,
    Company,
    Conversation,
    Customer,
    Delivery,
    Direction,
    Identity,
    Message,
    Reach,
    Turn,
)
from hub.ports import Ref, Sheet
from hub.routing.needs import Answer

MOST = 5  # automatic answers to one address
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AutoAnswer:
    """Once for each conversation, rule and closing; never to a machine, nor where no way leads back; at most `MOST`
    to one address `WITHIN` an hour, so that two machines do not talk all night.

    Gives None when nothing is sent. `cause`: the id of the event that woke the engine. The conversation's `seq` rises
    with it, its version does not. It goes with what was decided (`give.Plan`), so that neither is done without the
    other, whenever the engine is killed.
    """

    conversation: str
    answer: Answer
    cause: str | None = None

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Company, "company")
        yield Ref(Conversation, self.conversation)
        conversation = sheet.get(Conversation, self.conversation)
        if conversation:
            yield Ref(Customer, conversation.customer)
            yield from (Ref(Identity, way.to) for way in conversation.reach[:1])

    def decide(self, sheet: Sheet) -> Message | None:
        conversation = sheet.get(Conversation, self.conversation)
        if conversation is None or not _asks(conversation) or self.answer.rule in conversation.answered:
            return None
        way, text = conversation.reach[0], self._text(sheet, conversation)
        if not text or not _may_still(sheet, way.to):
            return None
        message = self._message(sheet, conversation, way, text)
        sheet.put(message)
        sheet.put(replace(conversation, seq=message.seq, answered=(*conversation.answered, self.answer.rule)))
        sheet.tell(
            Kind.MESSAGE_QUEUED,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=message.author,
            cause=self.cause,
            data={"message": message.id, "seq": message.seq, "channel": message.channel, "next_at": message.next_at},
        )
        return message

    def _text(self, sheet: Sheet, conversation: Conversation) -> str:
        """In the language of the customer's words, else of their browser or account, else of the company."""
        customer, company = sheet.get(Customer, conversation.customer), sheet.get(Company, "company")
        locale = customer.locale.replace("_", "-") if customer and customer.locale else None
        return self.answer.text(conversation.language or locale, company.language.value if company else "").strip()

    def _message(self, sheet: Sheet, conversation: Conversation, way: Reach, text: str) -> Message:
        company = sheet.get(Company, "company")
        return Message(
            id=sheet.new_id(),
            conversation=conversation.id,
            customer=conversation.customer,
            channel=way.channel,
            seq=conversation.seq + 1,
            direction=Direction.OUT,
            author=Actor(ActorKind.RULE, self.answer.rule),
            author_name=company.name if company else "",
            at=sheet.now,
            peer=way.to,
            text=text,
            automatic=True,
            delivery=Delivery.QUEUED,
            next_at=sheet.now,
        )


def _asks(conversation: Conversation) -> bool:
    """Whether a person has written, waits for an answer, and can be answered."""
    return (
        conversation.live
        and conversation.turn is Turn.US
        and conversation.waiting_since is not None
        and not conversation.automatic
        and bool(conversation.reach)
    )


def _may_still(sheet: Sheet, to: str) -> bool:
    """Counts one at the address, in the store: it holds for several hubs, and when Redis has forgotten."""
    identity = sheet.get(Identity, to)
    if identity is None:
        return False
    lately = _lately(identity.answered, sheet.now)
    if len(lately) >= MOST:
        return False
    sheet.put(replace(identity, answered=(*lately, sheet.now)))
    return True


def _lately(times: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in times if now - at < WITHIN)

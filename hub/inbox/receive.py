"""A customer's message comes in: who wrote, which conversation goes on, and what is told."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from hub.events import Kind
from hub.inbox.hand_over import hand_over, has_left, holders, returned, still_here, weigh
from hub.inbox.house import House
from hub.inbox.html import words_of
from hub.model import (
    SYSTEM,
    Actor,
    ActorKind,
    Claim,
    Conversation,
    Customer,
    Direction,
    Identity,
    IdentityKind,
    Inbound,
    Last,
    Lifecycle,
    Message,
    Reach,
    Received,
    Status,
    Thread,
    Turn,
    message_id,
)
from hub.ports import Ref, Sheet

REOPEN_WITHIN = timedelta(days=14)
CLAIMS_MOST = 20
SHORT = 160  # characters of the last message that the list shows


async def receive(house: House, inbound: Inbound) -> Received:
    """Returns when it is committed. The same message again gives the same answer, marked as a duplicate."""
    return await house.filing.submit(Receive(inbound))


class Receive:
    """The change an inbound message makes. What it is asked for again and again is worked out once."""

    numbers = 1  # if it begins a conversation

    def __init__(self, inbound: Inbound) -> None:
        self.inbound = inbound
        self.weight = 2_000 + len(inbound.text) + len(inbound.html or "")
        self.content_hash = inbound.content_hash
        self.thread_id = f"{inbound.channel}:{inbound.thread}"
        self.message_id = inbound.message_id
        # Under which a message is kept whose own id was used before for something else.
        self.other_external_id = f"{inbound.external_id}~{self.content_hash[:8]}"
        self.other_id = message_id(inbound.channel, self.other_external_id)
        self.first_wanted = (
            Ref(Message, self.message_id),
            Ref(Message, self.other_id),
            Ref(Thread, self.thread_id),
            *(Ref(Identity, id) for id in inbound.sender.identities),
        )

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield from self.first_wanted
        for id in self.inbound.sender.identities:
            identity = sheet.get(Identity, id)
            if identity:
                yield Ref(Customer, identity.customer)
        thread = sheet.get(Thread, self.thread_id)
        if thread:
            yield Ref(Conversation, thread.conversation)
            conversation = sheet.get(Conversation, thread.conversation)
            if conversation:
                yield from holders(conversation)
                yield from still_here(conversation.assignee)

    def decide(self, sheet: Sheet) -> Received:
        inbound, id, external_id, flagged = self.inbound, self.message_id, self.inbound.external_id, None
        known = sheet.get(Message, id)
        if known and known.content_hash != self.content_hash:
            id, external_id, flagged = self.other_id, self.other_external_id, "same_id_other_content"
            known = sheet.get(Message, id)
        if known:
            return Received(known.id, known.conversation, duplicate=True)
        customer, said = _customer(sheet, inbound)
        conversation = self._conversation(sheet, customer)
        message = Message(
            id=id,
            conversation=conversation.id,
            customer=conversation.customer,
            channel=inbound.channel,
            seq=conversation.seq + 1,
            direction=Direction.IN,
            author=Actor(ActorKind.CUSTOMER, customer.id),
            author_name=inbound.sender.name or customer.name,
            at=sheet.now,
            external_id=external_id,
            peer=inbound.sender.identities[0],
            text=inbound.text,
            html=inbound.html,
            subject=inbound.subject,
            attachments=inbound.attachments,
            raw=inbound.raw,
            sent_at=inbound.sent_at,
            content_hash=self.content_hash,
            flagged=flagged,
            automatic=inbound.automatic,
        )
        sheet.put(message)
        self._go_on(sheet, conversation, message, customer)
        tell_claims(sheet, said, customer, conversation.id, SYSTEM)
        return Received(message.id, conversation.id)

    def _conversation(self, sheet: Sheet, customer: Customer) -> Conversation:
        """The one that goes on, reopened if need be, or a new one."""
        thread = sheet.get(Thread, self.thread_id)
        last = sheet.get(Conversation, thread.conversation) if thread else None
        if last and last.live:
            return last
        if last and last.resolved_at and sheet.now - last.resolved_at <= REOPEN_WITHIN:
            sheet.put(Thread(self.thread_id, last.id))
            return reopened(sheet, last, Actor(ActorKind.CUSTOMER, customer.id))
        return self._begin(sheet, customer, previous=last)

    def _begin(self, sheet: Sheet, customer: Customer, previous: Conversation | None) -> Conversation:
        inbound = self.inbound
        conversation = Conversation(
            id=sheet.new_id(),
            number=sheet.next_number(),
            customer=customer.id,
            customer_name=customer.name,
            channel=inbound.channel,
            channel_kind=inbound.kind,
            created_at=sheet.now,
            subject=inbound.subject,
            first_queued_at=sheet.now,
            queued_at=sheet.now,
            previous=previous.id if previous else None,
            threads=(self.thread_id,),
        )
        sheet.put(Thread(self.thread_id, conversation.id))
        sheet.tell(
            Kind.CONVERSATION_BEGUN,
            conversation=conversation.id,
            customer=customer.id,
            actor=Actor(ActorKind.CUSTOMER, customer.id),
            data={"channel": inbound.channel} | ({"previous": previous.id} if previous else {}),
        )
        return conversation

    def _go_on(self, sheet: Sheet, conversation: Conversation, message: Message, customer: Customer) -> None:
        our_turn = conversation.turn is Turn.US and conversation.waiting_since is not None
        waits_anew = conversation.turn is Turn.CUSTOMER
        changed = replace(
            conversation,
            customer_name=(customer.id == conversation.customer and customer.name) or conversation.customer_name,
            status=Status.OPEN,
            turn=Turn.US,
            waiting_since=conversation.waiting_since if our_turn else sheet.now,
            first_queued_at=sheet.now if waits_anew else conversation.first_queued_at,
            queued_at=sheet.now if waits_anew and not conversation.assignee else conversation.queued_at,
            version=conversation.version if our_turn else conversation.version + 1,
            seq=message.seq,
            last=Last(short(message), Direction.IN, message.author_name, message.at),
            reach=_with_reach(conversation.reach, self.inbound),
            automatic=message.automatic,
        )
        sheet.put(changed)
        sheet.tell(
            Kind.MESSAGE_RECEIVED,
            conversation=conversation.id,
            customer=conversation.customer,
            actor=message.author,
            data={"message": message.id, "seq": message.seq},
        )
        if waits_anew:
            returned(sheet, changed, SYSTEM)


def reopened(sheet: Sheet, conversation: Conversation, actor: Actor) -> Conversation:
    """A resolved conversation goes on, with the agent who had it, unless they have left.

    If it is the customer who goes on, `returned` looks whether that agent is here.
    """
    changed = replace(conversation, status=Status.OPEN, resolved_at=None, version=conversation.version + 1)
    sheet.put(changed)
    weigh(sheet, changed)
    sheet.tell(Kind.CONVERSATION_REOPENED, conversation=conversation.id, customer=conversation.customer, actor=actor)
    if has_left(sheet, changed.assignee):
        return hand_over(sheet, changed, None, SYSTEM, data={"why": "left"})
    return changed


def _customer(sheet: Sheet, inbound: Inbound) -> tuple[Customer, Sequence[Claim]]:
    """Found by the first identity that is known, else made; and what is newly said of them.

    Claims never join; nor do identities of two customers.
    """
    sender = inbound.sender
    known = {id: identity for id in sender.identities if (identity := sheet.get(Identity, id))}
    found = next((customer for each in known.values() if (customer := sheet.get(Customer, each.customer))), None)
    customer = found or Customer(sheet.new_id(), sender.name, sheet.now, Lifecycle.VISITOR, locale=sender.locale)
    for id in sender.identities:
        if id not in known:
            sheet.put(Identity(id, customer.id, sheet.now, sheet.now, inbound.channel))
    foreign = [_claim_of(id) for id, each in known.items() if each.customer != customer.id]
    changed = with_claims(sheet, customer, (*sender.claims, *foreign), inbound.channel)
    if sender.name and not changed.name:
        changed = replace(changed, name=sender.name)
    if changed is not found:
        sheet.put(changed)
    return changed, changed.claims[len(customer.claims) :]


def with_claims(sheet: Sheet, customer: Customer, said: Iterable[tuple[IdentityKind, str]], source: str) -> Customer:
    """The customer with what was said kept beside them, once each, and only what is not proved already."""
    known = {(claim.kind, claim.value) for claim in customer.claims}
    new = [Claim(kind, value, source, sheet.now) for kind, value in dict.fromkeys(said) if (kind, value) not in known]
    if not new or len(customer.claims) >= CLAIMS_MOST:
        return customer
    return replace(customer, claims=(*customer.claims, *new)[:CLAIMS_MOST])


def tell_claims(
    sheet: Sheet, said: Iterable[Claim], customer: Customer, conversation: str | None, actor: Actor
) -> None:
    """A line in the conversation in which it was said."""
    for claim in said:
        sheet.tell(
            Kind.CLAIM_ADDED,
            conversation=conversation,
            customer=customer.id,
            actor=actor,
            data={"kind": claim.kind.value},
        )


def _claim_of(identity: str) -> tuple[IdentityKind, str]:
    kind, _, value = identity.partition(":")
    return IdentityKind(kind), value


def _with_reach(reach: tuple[Reach, ...], inbound: Inbound) -> tuple[Reach, ...]:
    """Where an answer can go, the latest way first."""
    if not inbound.answerable:
        return reach
    way = Reach(inbound.channel, inbound.kind, inbound.sender.identities[0])
    return reach if reach[:1] == (way,) else (way, *(each for each in reach if each != way))


def short(message: Message) -> str:
    """One line of it, for the list."""
    line = " ".join((message.text or message.subject or words_of(message.html or "")).split())
    if not line and message.attachments:
        line = message.attachments[0].name
    return line if len(line) <= SHORT else line[: SHORT - 1] + "…"

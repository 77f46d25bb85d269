"""What somebody says of themselves, kept beside them and shown as "may be …". It never joins customers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub import addresses
from hub.errors import Invalid, NotFound
from hub.events import Kind
from hub.inbox.house import House
from hub.inbox.receive import tell_claims, with_claims
from hub.model import Actor, ActorKind, Conversation, Customer, Identity, IdentityKind, Thread
from hub.ports import Ref, Sheet

NAME_MOST = 120


async def claim(house: House, channel: str, peer: str, name: str, claims: Sequence[tuple[IdentityKind, str]]) -> None:
    """Raises Invalid for what is no address, NotFound before this peer's first message."""
    company = house.directory.company
    said = tuple((kind, _normal(kind, value, company.region)) for kind, value in claims)
    await house.filing.submit(AddClaims(channel, peer, name.strip()[:NAME_MOST], said))


def _normal(kind: IdentityKind, value: str, region: str) -> str:
    if kind is IdentityKind.EMAIL:
        return addresses.email(value)
    if kind is IdentityKind.PHONE:
        return addresses.phone(value, region)
    raise Invalid("not_an_address", "Only an e-mail address or a phone number can be left.")


def thread_of(channel: str, peer: str) -> str:
    """The thread of a channel whose thread key is the peer's own value (a widget's visitor)."""
    return f"{channel}:{peer.partition(':')[2]}"


@dataclass(frozen=True, slots=True)
class AddClaims:
    channel: str
    peer: str
    name: str
    said: tuple[tuple[IdentityKind, str], ...]

    @property
    def thread_id(self) -> str:
        return thread_of(self.channel, self.peer)

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield Ref(Identity, self.peer)
        yield Ref(Thread, self.thread_id)
        identity, thread = sheet.get(Identity, self.peer), sheet.get(Thread, self.thread_id)
        if identity:
            yield Ref(Customer, identity.customer)
        if thread:
            yield Ref(Conversation, thread.conversation)

    def decide(self, sheet: Sheet) -> None:
        identity = sheet.get(Identity, self.peer)
        customer = sheet.get(Customer, identity.customer) if identity else None
        if customer is None:
            raise NotFound("not_found", "Write a message first.")
        changed = with_claims(sheet, customer, self.said, self.channel)
        if self.name and not changed.name:
            changed = replace(changed, name=self.name)
            self._rename(sheet)
        if changed is not customer:
            sheet.put(changed)
            thread = sheet.get(Thread, self.thread_id)
            conversation = thread.conversation if thread else None
            new = changed.claims[len(customer.claims) :]
            tell_claims(sheet, new, customer, conversation, Actor(ActorKind.CUSTOMER, customer.id))
            sheet.tell(
                Kind.CUSTOMER_CHANGED,
                conversation=conversation,
                customer=customer.id,
                data={"fields": ["name", "claims"]},
            )

    def _rename(self, sheet: Sheet) -> None:
        thread = sheet.get(Thread, self.thread_id)
        conversation = sheet.get(Conversation, thread.conversation) if thread else None
        if conversation and not conversation.customer_name:
            sheet.put(replace(conversation, customer_name=self.name))

"""What screens ask. Everything is asked through the person's rights."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.errors import Invalid, NotFound
from hub.events import Event
from hub.inbox.house import House
from hub.inbox.rights import load, may_see, rights
from hub.model import Conversation, Customer, Identity, Message, Order, Person, Status, Turn
from hub.ports import ALL, CountKey, Only

VIEWS = ("mine", "waiting", "team", "all", "resolved")
PAGE = 50
ORDERS = 5
OTHERS = 20

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The single view; `orders` and `conversations` are the last few."""

    customer: Customer
    identities: Sequence[Identity]
    orders: Sequence[Order]
    conversations: Sequence[Conversation]


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation on a screen: its last messages and the events between them; `before` leads to older ones."""

    conversation: Conversation
    messages: Sequence[Message]
    events: Sequence[Event]
    before: int | None
    customer_view: CustomerView


async def list_view(
    house: House, person: Person, view: str, after: Place | None = None, limit: int = PAGE, only: Only = ALL
) -> tuple[Sequence[Conversation], Place | None]:
    """One page by rank, and the place of the next. Raises Invalid for a view that there is not."""
    if view not in VIEWS:
        raise Invalid("no_such_view", f"There is no view {view}: {', '.join(VIEWS)}.")
    found = await house.reader.page(rights(person), view, after=after, limit=limit + 1, only=only)
    page = found[:limit]
    return page, (page[-1].rank, page[-1].id) if len(found) > limit else None


async def open_conversation(house: House, person: Person, ref: str, before: int | None = None) -> Opened:
    """`before` is a seq: the page of messages that ends there."""
    conversation = await load(house, person, ref)
    found = await house.reader.messages(conversation.id, before=before, limit=PAGE + 1)
    messages, older = found[-PAGE:], len(found) > PAGE
    events = await house.reader.timeline(conversation.id)
    return Opened(
        conversation,
        messages,
        _between(events, found[0].at if older else None, messages[-1].at if before is not None and messages else None),
        messages[0].seq if older else None,
        await _view(house, person, conversation.customer),
    )


async def offered_to(house: House, person: Person) -> Sequence[Conversation]:
    """What runs out first first."""
    now = house.clock.now()
    found = [(each.offer.until, each) for each in await _offered(house, {person.id}) if each.offer]
    return [each for until, each in sorted(found, key=lambda offered: offered[0]) if until > now]


async def _offered(house: House, agents: Collection[str]) -> Sequence[Conversation]:
    slots = [slot for agent in await house.reader.offered(agents) for slot in agent.offers]
    found = await house.reader.conversations({slot.conversation for slot in slots}) if slots else {}
    return [each for each in found.values() if each.offer and each.offer.agent in agents]


def _between(events: Sequence[Event], after: datetime | None, until: datetime | None) -> Sequence[Event]:
    """The events of one page: those after the last message of the page before, until the last of its own.

    Each stands on exactly one page: the first has no `after`, the last no `until`.
    """
    return [event for event in events if (not after or event.at > after) and (not until or event.at <= until)]


async def customer_view(house: House, person: Person, id: str) -> CustomerView:
    """A profile shows to whoever sees one of its conversations. Raises NotFound."""
    if not person.sees_all and not any(
        may_see(person, each) for each in await house.reader.conversations_of(id, rights(person), OTHERS)
    ):
        raise NotFound("not_found", "There is no such customer, or you may not see them.")
    return await _view(house, person, id)


async def _view(house: House, person: Person, id: str) -> CustomerView:
    customer = await house.reader.customer(id)
    if customer is None:
        raise NotFound("not_found", "There is no such customer, or you may not see them.")
    conversations = await house.reader.conversations_of(id, rights(person), OTHERS)
    return CustomerView(
        customer,
        await house.reader.identities(id),
        await house.reader.orders(id, ORDERS),
        [each for each in conversations if may_see(person, each)],
    )


def all_waiting(counts: Mapping[CountKey, int]) -> int:
    """How many customers wait for nobody in particular, whoever may see them."""
    return sum(n for key, n in counts.items() if key.assignee is None and key.turn == Turn.US)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The open conversations, counted; `offered`: what is offered to those who do not see all."""

    counts: Mapping[CountKey, int]
    offered: Sequence[Conversation] = ()

    def of(self, person: Person) -> dict[str, int]:
        """Beside the views, as this person sees them: `waiting` are those whom they may take now."""
        numbers = dict.fromkeys(("mine", "waiting", "team", "all"), 0)
        for key, n in (*self.counts.items(), *self._from_elsewhere(person)):
            mine = key.assignee == person.id
            if not (person.sees_all or mine or key.team is None or key.team in person.teams):
                continue
            numbers["all"] += n
            numbers["mine"] += n if mine else 0
            numbers["waiting"] += n if key.assignee is None and key.turn == Turn.US else 0
            numbers["team"] += n if key.team in person.teams else 0
        return numbers

    def _from_elsewhere(self, person: Person) -> Iterable[tuple[CountKey, int]]:
        """What they see only because it is offered to them counts as if it were nobody's team's."""
        theirs = [each for each in self.offered if each.offer and each.offer.agent == person.id]
        hidden = [each for each in theirs if not may_see(person, replace(each, offer=None))]
        return ((CountKey(each.assignee, None, each.turn), 1) for each in hidden)


async def numbers(house: House, people: Iterable[Person]) -> Numbers:
    """Of these people. Where everybody sees all it is one question."""
    partial = {person.id for person in people if not person.sees_all}
    counts = await house.reader.counts()
    offered = await _offered(house, partial) if partial else ()
    return Numbers(counts, [each for each in offered if each.status is Status.OPEN])

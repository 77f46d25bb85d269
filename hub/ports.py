"""What the inner parts ask of the outer ones. `app.py` puts the real ones in.

The data's way: a channel hands an `Inbound` to its `Desk`; `inbox/receive.py` makes a `Change` of it; `Filing`
commits changes in groups; the `Feed` tells every process of each `Event` that was committed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hub.events import Event, Kind
from hub.model import (
    Actor,
    Agent,
    Attachment,
    ChannelRecord,
    Company,
    Conversation,
    Customer,
    Hours,
    Identity,
    IdentityKind,
    Inbound,
    Message,
    Order,
    Quarantined,
    Received,
    Routing,
    RuleDraft,
    RuleVersion,
    Session,
    Skill,
    Team,
    Thread,
    User,
)

T = TypeVar("T")
R_co = TypeVar("R_co", covariant=True)


class Clock(Protocol):
    """Time and chance, handed out by `app.py` so that nothing else reads them."""

    def now(self) -> datetime:
        """UTC, aware, whole milliseconds."""

    def new_id(self) -> str:
        """26 lower-case characters (Crockford base 32): 48 bits of milliseconds, 80 random bits."""

    def new_secret(self, bits: int = 256) -> str:
        """Unguessable, URL-safe."""


# --- writing --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ref:
    """A record to load: its class and id."""

    kind: type
    id: str


class Sheet(Protocol):
    """The records that a group of changes works on, in memory. What is put is written when the group commits."""

    now: datetime

    def get(self, kind: type[T], id: str) -> T | None:
        """The record as it is now, with what earlier changes of the group did to it. Must have been wanted."""

    def put(self, record: object) -> None:
        """Insert or replace."""

    def remove(self, kind: type, id: str) -> None:
        """Delete."""

    def rely(self, kind: type, id: str) -> None:
        """This change holds only if that stored record stays as it was read.

        To have read it is not enough: two processes that each read what the other writes would both succeed.
        """

    def tell(
        self,
        kind: Kind,
        *,
        conversation: str | None = None,
        customer: str | None = None,
        actor: Actor = ...,
        cause: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> str:
        """Add an event; gives its id."""

    def new_id(self) -> str: ...

    def next_number(self) -> int:
        """The next conversation number (unique; gaps may be left by a crash)."""


class Change(Protocol[R_co]):
    """One thing to be done to the store: pure, and possibly asked more than once.

    It may say of itself `weight` (about how many bytes it writes) and `numbers` (how many conversation numbers it may
    take; none unless it says so).
    """

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        """What `decide` needs to see. Asked again after each load, until it wants nothing new."""

    def decide(self, sheet: Sheet) -> R_co:
        """Puts and tells; raises a HubError to refuse, which undoes what this change (and only it) put."""


@dataclass(frozen=True, slots=True)
class Filed:
    """The records that an event is about, as they stood when its group was committed."""

    conversation: Conversation | None
    message: Message | None


class Filing(Protocol):
    """The one writer. Changes are committed in groups; a result is given only after its commit."""

    async def submit(self, change: Change[T]) -> T:
        """Raises what `decide` raised, Invalid for a record the store refuses,
        Unavailable when the store is away or too many wait."""

    def busy(self) -> bool:
        """Too many changes wait: a door should answer "later" before it does any work."""

    def pressed(self) -> bool:
        """A whole group waits already: what can wait a little should."""

    def filed_with(self, event: str) -> Filed | None:
        """What this process itself filed with this event a moment ago: spares the feed's listeners a question."""


# --- reading --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rights:
    """Which conversations a person may see, as data the store can ask for: `everything`, or those of these teams,
    without team, or their own."""

    user: str
    everything: bool
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountKey:
    """Live open conversations, counted by what the views need."""

    assignee: str | None
    team: str | None
    turn: str


@dataclass(frozen=True, slots=True)
class Only:
    """What a list is narrowed to: a team (`none`: what has none), a channel, an agent (`any`: what somebody has)."""

    team: str | None = None
    channel: str | None = None
    agent: str | None = None


ALL = Only()


@dataclass(frozen=True, slots=True)
class Crowd:
    """The open conversations of one team on one channel: how many wait, the longest of them since `longest_since`, and
    how many somebody has."""

    team: str | None
    channel: str
    waiting: int = 0
    in_conversation: int = 0
    longest_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody in the queue, as far as tells whether what is known of them is still so."""

    conversation: str
    version: int
    seq: int


@dataclass(frozen=True, slots=True)
class Served:
    """A conversation that a customer has had: with whom last (None: nobody yet), and when anything last happened."""

    conversation: str
    agent: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Background:
    """`said`: what the customer has written since it came into the queue, newest last, with the beginnings of what is
    long; `served`: the customer's conversations, this one included, the latest begun first."""

    said: Sequence[Message]
    customer: Customer | None
    served: Sequence[Served]


class Reader(Protocol):
    """What screens and the outbox ask of the store. Never writes."""

    async def user(self, id: str) -> User | None: ...
    async def user_by_email(self, email: str) -> User | None: ...
    async def users(self) -> Sequence[User]: ...
    async def agents(self, ids: Iterable[str] | None = None) -> Sequence[Agent]: ...
    async def offered(self, ids: Iterable[str]) -> Sequence[Agent]:
        """Those of these agents to whom something is offered."""

    async def company(self) -> Company | None: ...
    async def channels(self) -> Sequence[ChannelRecord]: ...
    async def conversation(self, ref: str) -> Conversation | None:
        """By id, or by number when `ref` is all digits."""

    async def conversations(self, ids: Iterable[str]) -> Mapping[str, Conversation]: ...
    async def page(
        self, rights: Rights, view: str, *, after: tuple[int, str] | None, limit: int, only: Only = ALL
    ) -> Sequence[Conversation]:
        """One page of a view (`mine`, `waiting`, `team`, `all`, `resolved`), by rank."""

    async def counts(self) -> Mapping[CountKey, int]: ...
    async def messages(self, conversation: str, *, before: int | None, limit: int) -> Sequence[Message]:
        """By seq, ascending; `before` is a seq."""

    async def crowds(self) -> Sequence[Crowd]:
        """Those whose team comes first in the alphabet first."""

    async def most_urgent(
        self, *, minutes_per_step: int, team: str | None, channel: str | None, limit: int
    ) -> Sequence[Conversation]:
        """Of all who wait, of one team (`none`: without team) or on one channel."""

    async def longest_in(self, crowd: Crowd) -> Conversation | None: ...
    async def assigned_since(self, since: datetime) -> Mapping[str, int]:
        """How many conversations came to each agent, by whomever's hand."""

    def queue(self, *, minutes_per_step: int, most: int) -> AsyncIterator[Sequence[InLine]]:
        """Who waits, the most urgent first, in pages; `most` in all."""

    async def backgrounds(
        self, conversations: Sequence[Conversation], *, messages: int, earlier: int
    ) -> Mapping[str, Background]:
        """What stands behind those who wait, by conversation: the last so many messages and conversations."""

    async def thread(self, id: str) -> Thread | None: ...
    async def message_with_file(self, file: str) -> Message | None: ...
    async def messages_by_id(self, ids: Iterable[str]) -> Mapping[str, Message]: ...
    async def timeline(self, conversation: str) -> Sequence[Event]: ...
    async def events(self, ids: Iterable[str]) -> Mapping[str, Event]: ...
    async def last_event(self, conversation: str, kind: Kind) -> Event | None: ...
    async def history(self, peer: str, *, after: datetime | None, limit: int) -> Sequence[Message]:
        """Messages from or to this identity, oldest first, at most the last `limit`."""

    async def known(self, ids: Iterable[str]) -> set[str]: ...
    async def due(self, now: datetime, limit: int) -> Sequence[Message]:
        """Queued messages whose `next_at` has come, oldest first."""

    async def customer(self, id: str) -> Customer | None: ...
    async def customers(self, ids: Iterable[str]) -> Mapping[str, Customer]: ...
    async def identities(self, customer: str) -> Sequence[Identity]: ...
    async def orders(self, customer: str, limit: int) -> Sequence[Order]: ...
    async def conversations_of(self, customer: str, rights: Rights, limit: int) -> Sequence[Conversation]: ...
    async def quarantine(self) -> Sequence[Quarantined]: ...
    async def quarantined(self, id: str) -> Quarantined | None: ...
    async def routing(self) -> Routing | None: ...
    async def teams(self) -> Sequence[Team]: ...
    async def skills(self) -> Sequence[Skill]: ...
    async def hours(self) -> Sequence[Hours]: ...
    async def rule_version(self, number: int) -> RuleVersion | None: ...
    async def rule_versions(self, limit: int, before: int | None = None) -> Sequence[RuleVersion]:
        """Newest first; `before` is a number."""

    async def draft(self) -> RuleDraft | None: ...


class Files(Protocol):
    """Attachments and raw bytes, written before the transaction that names them."""

    async def put(self, content: bytes, *, name: str, type: str) -> Attachment: ...
    async def get(self, id: str) -> Attachment:
        """Raises NotFound."""

    def read(self, id: str) -> AsyncIterator[bytes]:
        """In pieces of 255 kB. Raises NotFound."""


class Sessions(Protocol):
    """Signed-in browsers, and programs with a token."""

    async def create(self, session: Session) -> None: ...
    async def find(self, id: str) -> Session | None:
        """None when there is none, or it has ended."""

    async def revoke(self, id: str) -> None: ...
    async def revoke_all(self, user: str, *, but: str | None = None, tokens: bool = False) -> Sequence[str]:
        """Ends this user's sessions (their tokens too when asked); gives the ids that ended."""

    async def living(self, ids: Iterable[str]) -> set[str]: ...


class Box(Protocol):
    """Keeps secrets at rest; the key is not in the store."""

    def seal(self, secret: str) -> bytes: ...
    def open(self, sealed: bytes) -> str: ...
    def new_signing_secret(self) -> str:
        """`whsec_` and 256 random bits in base 64, as Standard Webhooks writes it."""


# --- being told -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """An event and its place in the feed (`cursor`: the change stream's resume token, the same in every process)."""

    cursor: str
    event: Event


class Feed(Protocol):
    """Every committed event, in order, once a process."""

    @property
    def cursor(self) -> str:
        """The place after the last event told."""

    def listen(self, told: Callable[[Sequence[Told]], Awaitable[None]], lost: Callable[[], Awaitable[None]]) -> None:
        """`told` gets each batch; `lost` is called when events may have been missed: load afresh."""

    def since(self, cursor: str) -> Sequence[Told] | None:
        """What came after `cursor`, or None when it is not in the ring: reload."""


class Presence(Protocol):
    """What may be forgotten: who is online, who types, who looks. All of it is silent while Redis is away."""

    async def tell(self, note: Mapping[str, Any]) -> None:
        """To every process, this one included; lost if Redis is away."""

    def listen(self, told: Callable[[Mapping[str, Any]], Awaitable[None]]) -> None: ...
    async def beat(self, user: str) -> None:
        """This user has a live socket here; forgotten after 30 s."""

    async def online(self) -> set[str]: ...
    async def present(self) -> set[str] | None:
        """Who is online for sure; None while nobody can tell: Redis is away, or has just been emptied."""

    async def allow(self, key: str, *, limit: int, window_s: int) -> bool:
        """Counts one use; False when `limit` uses in `window_s` are spent. In this process while Redis is away."""

    async def note_refusal(self, channel: str, why: str) -> None:
        """Counts a request that this channel refused; the last 20 reasons are kept for a day."""

    async def refusals(self, channel: str) -> Sequence[str]: ...
    async def forgive(self, key: str) -> None:
        """Takes back one use that `allow` counted."""


class Leases(Protocol):
    """Who does what only one should do at a time. An optimisation; guards in the store keep it correct."""

    async def hold(self, name: str, *, for_s: float) -> bool:
        """True when this process has it now (gained or renewed)."""

    async def release(self, name: str) -> None: ...


# --- channels -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. `pushes`: the outbox hands it messages; else its own sockets take them from the feed."""

    pushes: bool
    answers: bool
    typing: bool = False


class Desk(Protocol):
    """All that a channel sees of the hub."""

    @property
    def clock(self) -> Clock: ...
    @property
    def company(self) -> Company: ...
    @property
    def record(self) -> ChannelRecord: ...
    @property
    def secrets(self) -> Sequence[str]:
        """Decrypted, newest first."""

    async def receive(self, inbound: Inbound) -> Received:
        """Returns when committed. Raises Invalid, Unavailable."""

    async def quarantine(self, raw: bytes, why: str, external_id: str = "") -> str: ...
    async def put_file(self, content: bytes, *, name: str, type: str) -> Attachment: ...
    async def known(self, ids: Iterable[str]) -> set[str]: ...
    async def refusal(self, why: str) -> None:
        """Counts a request that was refused and not kept."""

    async def history(self, peer: str, *, after: datetime | None = None, limit: int = 100) -> Sequence[Message]: ...
    async def mark(self, peer: str, message: str, state: str) -> None:
        """The far side has got (`delivered`) or seen (`read`) everything up to this message of ours.

        A message that is not this peer's, or an earlier state, changes nothing."""

    async def claim(self, peer: str, name: str, claims: Sequence[tuple[IdentityKind, str]]) -> None:
        """What somebody says of themselves (never proof).

        Raises Invalid, Unavailable; NotFound before their first message."""

    async def attended(self) -> bool:
        """Whether somebody could answer now: a person is available, and the company is open."""

    async def seen_by_us(self, peer: str) -> datetime | None:
        """When the newest of this visitor's messages that an agent has seen was filed."""

    async def typing(self, peer: str, on: bool) -> None: ...
    def listen(self, peer: str, told: Callable[[Mapping[str, Any]], Awaitable[None]]) -> Callable[[], None]:
        """What happens for this visitor, in this process: `{"kind": "message", "message": Message}`,
        `{"kind": "seen", "message": id}`, `{"kind": "typing", "agent": name, "on": bool}`, `{"kind": "lost"}`
        (load the history again). Gives the call that ends it."""

    async def agent_name(self, user: str) -> str: ...
    def busy(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Where:
    """How the world reaches a channel: the line to put on a page, or the address to send to."""

    snippet: str | None = None
    address: str | None = None


class ChannelKind(Protocol):
    """What the hub needs to know of a kind of channel.

    `settings` checks what an admin sets (a pydantic model); `signed` says whether a secret is made for it;
    `where` says how the world reaches one.
    """

    @property
    def name(self) -> str: ...
    @property
    def make(self) -> Callable[[], "Channel"]: ...
    @property
    def settings(self) -> type[Any]: ...
    @property
    def signed(self) -> bool: ...
    @property
    def where(self) -> Callable[[ChannelRecord, str], Where]: ...


class Channel(Protocol):
    """One configured channel at work."""

    capabilities: Capabilities

    async def start(self, desk: Desk) -> None: ...
    async def stop(self) -> None: ...
    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        """Takes raw bytes from the quarantine once more. Raises a HubError when they still cannot be read."""


class Desks(Protocol):
    """The running channels, as the routes of a kind find them."""

    def by_key(self, kind: str, key: str) -> Desk:
        """Raises NotFound."""

    def channel(self, kind: str, key: str) -> Channel:
        """The channel itself, as started in this process. Raises NotFound."""

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        """By the channel it came from. Raises a HubError when it still cannot be read."""

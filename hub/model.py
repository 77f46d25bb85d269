"""The nouns: what the hub keeps, what comes in, what goes out. Nothing here does anything to the world.

Times are aware datetimes in UTC, cut to whole milliseconds (what MongoDB keeps). Ids are strings: our own are
26 lower-case characters that grow with time and hold 80 random bits (`Clock.new_id`); a message that came in
has the hash of its channel and external id, so that inserting it is the duplicate check.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b, sha256
from typing import Any


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Language(StrEnum):
    EN = "en"
    PT_BR = "pt-BR"


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Turn(StrEnum):
    """Who is to speak next."""

    US = "us"
    CUSTOMER = "customer"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"


class Delivery(StrEnum):
    """The states of an outgoing message, in order; a state never goes back (`rank`)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        return _DELIVERY_RANK[self]


_DELIVERY_RANK = {
    Delivery.QUEUED: 0,
    Delivery.SENDING: 1,
    Delivery.UNKNOWN: 2,
    Delivery.FAILED: 2,
    Delivery.SENT: 3,
    Delivery.DELIVERED: 4,
    Delivery.READ: 5,
}


class Availability(StrEnum):
    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


class Lifecycle(StrEnum):
    VISITOR = "visitor"
    LEAD = "lead"
    PROSPECT = "prospect"
    CUSTOMER = "customer"
    FORMER = "former"


class IdentityKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"
    VISITOR = "visitor"
    EXTERNAL = "external"


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    RULE = "rule"
    SYSTEM = "system"


# --- people ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `id` is the user's or the customer's id; empty for the system."""

    kind: ActorKind
    id: str = ""


SYSTEM = Actor(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in. `password` is an argon2id hash; `email` is normalised and unique."""

    id: str
    email: str
    name: str
    role: Role
    password: str
    created_at: datetime
    language: Language | None = None
    theme: str = "system"
    single_keys: bool = True
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """Whose an e-mail address is, among those who sign in: the id is the address, so no two have the same."""

    id: str
    user: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One conversation an agent holds or is offered, and the capacity units it takes, of a channel of this kind.

    It weighs `weight` until `until` (exclusive), then nothing; None: for as long as it is our turn. So nobody has to
    write when a chat falls idle, when a mail waits for its customer, or when an offer runs out.
    """

    conversation: str
    weight: int
    channel: str  # the channel's id
    kind: str = ""  # the channel's kind
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """What routing knows of a user; the id is the user's. Slots equal the live conversations by assignee.

    `since`: when this availability began, away and offline being one absence; `reason` and `until` are what the person
    says of it. `connected`: a window of theirs is open; who has never had one keeps the availability that was set by
    hand. `returns_to`: the availability that the next window brings back. `caps`: units at most, by kind of channel.
    `recent`: when routing gave something during the last minute (the flood guard).
    """

    id: str
    name: str
    availability: Availability = Availability.OFFLINE
    teams: tuple[str, ...] = ()
    skills: Mapping[str, int] = field(default_factory=dict)
    capacity: int = 10
    caps: Mapping[str, int] = field(default_factory=dict)
    slots: tuple[Slot, ...] = ()
    offers: tuple[Slot, ...] = ()
    last_assigned_at: datetime | None = None
    recent: tuple[datetime, ...] = ()
    since: datetime | None = None
    reason: str | None = None
    until: datetime | None = None
    connected: bool = False
    returns_to: Availability | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in user with the rights that everything is loaded through."""

    id: str
    name: str
    role: Role
    teams: tuple[str, ...] = ()
    sees_all: bool = True

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.AGENT, self.id)


@dataclass(frozen=True, slots=True)
class Identity:
    """An address that is proved to belong to a customer. `id` is `kind:value`, the value normalised."""

    id: str
    customer: str
    created_at: datetime
    verified_at: datetime | None = None
    verified_by: str | None = None
    answered: tuple[datetime, ...] = ()  # when automatic answers went there, during the hour before the last of them

    @property
    def kind(self) -> IdentityKind:
        return IdentityKind(self.id.partition(":")[0])

    @property
    def value(self) -> str:
        return self.id.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Claim:
    """An address somebody says is theirs. It never joins customers; agents see it as "may be …"."""

    kind: IdentityKind
    value: str
    source: str  # the channel's id
    at: datetime


@dataclass(frozen=True, slots=True)
class Money:
    """`sum` in minor units (centavos, cents) of an ISO 4217 currency, over `count` orders."""

    currency: str
    count: int
    sum: int


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    created_at: datetime
    lifecycle: Lifecycle = Lifecycle.VISITOR
    claims: tuple[Claim, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    locale: str | None = None
    time_zone: str | None = None
    orders: tuple[Money, ...] = ()
    merged_into: str | None = None


# --- what routing works with ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Relax:
    """After so many seconds of waiting: drop a skill, lower it to a level, widen to a team, or ask of anybody.

    Exactly one of `drop`, `lower` (with `level`), `team` and `anybody` is given.
    """

    after_s: int
    drop: str = ""
    lower: str = ""
    level: int = 0
    team: str = ""
    anybody: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """What a conversation asks of an agent. `teams`: any of them will do (none: everybody); `agent`: who goes first,
    waited for `wait_s` seconds; `weight`: capacity units; `rules`: the ids of the rules that had a say;
    `hold`: kept until opening; `open_at`: when that is."""

    require: Mapping[str, int] = field(default_factory=dict)
    prefer: Mapping[str, int] = field(default_factory=dict)
    teams: tuple[str, ...] = ()
    agent: str | None = None
    wait_s: int = 0
    weight: int = 1
    priority: int = 5
    relax: tuple[Relax, ...] = ()
    rules: tuple[str, ...] = ()
    hold: bool = False
    open_at: datetime | None = None


class Strategy(StrEnum):
    MOST_ROOM = "most_room"
    LONGEST_IDLE = "longest_idle"
    BEST_SKILL = "best_skill"


class Mode(StrEnum):
    ASSIGN = "assign"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Team:
    """The id is a slug that rules use. `weights`: capacity units by kind of channel, where they differ from the
    company's; `hours`: the id of its opening hours, else the company's."""

    id: str
    name: str
    strategy: Strategy = Strategy.MOST_ROOM
    mode: Mode = Mode.ASSIGN
    weights: Mapping[str, int] = field(default_factory=dict)
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """The id is a slug that rules use (`billing`, `lang-pt`); levels are 1 to 5."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from `start` to `end`, in minutes since midnight by the wall clock (`end` up to 1440)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day that is other than its weekday: closed, or open at these times."""

    date: str  # ISO 8601
    name: str
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours. `week` maps the ISO weekday ("1" is Monday) to its openings; a day left out is closed."""

    id: str
    name: str
    time_zone: str  # IANA
    week: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)
    holidays: tuple[Holiday, ...] = ()


WEIGHTS: Mapping[str, int] = {"widget": 2, "telegram": 2, "email": 1, "webhook": 1}  # units, by kind of channel
CHATS = frozenset({"widget", "telegram"})  # kinds of channel on which the customer is there and waits


@dataclass(frozen=True, slots=True)
class Routing:
    """The company's routing: which version of the rules is live (0: none yet), and what holds where nothing else
    is said. Seconds where the name ends in `_s`; `weights` in capacity units by kind of channel."""

    id: str = "routing"
    version: int = 0
    revision: int = 0  # rises with every change of rules, teams, skills, hours or these settings
    hours: str | None = None  # the company's opening hours; none: always open
    priority: int = 5
    minutes_per_step: int = 10
    idle_s: int = 600
    sticky_days: int = 14
    wait_s: int = 90
    offer_s: int = 30
    ask_again_s: int = 120  # after an offer that nobody took; 0: never
    rescue_s: int = 300
    flood: int = 3  # new ones a minute for one agent; 0: no limit
    weights: Mapping[str, int] = field(default_factory=lambda: dict(WEIGHTS))


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One published set of rules; the id is its number. `rules` as `routing/rules.py` reads them, in order."""

    id: str
    number: int
    at: datetime
    author: str  # the user's id
    rules: tuple[Mapping[str, Any], ...] = ()
    restored: int | None = None  # the older version that this one brought back
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What will be published next. `base`: the version it began from; `revision` rises with every save."""

    rules: tuple[Mapping[str, Any], ...]
    base: int
    at: datetime
    authors: tuple[str, ...] = ()  # ids of users, the latest last
    revision: int = 1
    id: str = "draft"


@dataclass(frozen=True, slots=True)
class Offer:
    """Shown to one agent, who accepts or declines; not yet theirs. `event`: the one that holds the decision."""

    agent: str
    at: datetime
    until: datetime
    event: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """The agents who let an offer of it run out, the last of them at `at`. Once nobody else has taken it for
    `Routing.ask_again_s`, they are asked again."""

    agents: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """Why nobody has it, in short: the code of `routing.decision.Why`, the skills or the team it is about, and the
    event that holds the whole decision."""

    why: str
    at: datetime
    lacks: tuple[str, ...] = ()  # `spanish:2`
    event: str = ""
    again_at: datetime | None = None  # when time alone may change it


# --- conversations --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a channel's thread leads, to the live conversation or the last one: `id` is `channel:key`.

    Whether that one is live its own status says; kept here as well it could only come to differ.
    """

    id: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A way an answer can go: by this channel to this identity."""

    channel: str
    kind: str  # the channel's kind
    to: str  # the identity's id


@dataclass(frozen=True, slots=True)
class Last:
    """The last message in short, for the list."""

    text: str
    direction: Direction
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """`version` rises with what routing reads (status, assignee, team, priority, turn, offer, declined, missed,
    last_agent); `seq` with each message."""

    id: str
    number: int
    customer: str
    customer_name: str
    channel: str
    channel_kind: str
    created_at: datetime
    status: Status = Status.OPEN
    turn: Turn = Turn.US
    assignee: str | None = None
    team: str | None = None
    priority: int = 5
    subject: str | None = None
    first_queued_at: datetime | None = None
    waiting_since: datetime | None = None  # the customer's oldest unanswered message
    resolved_at: datetime | None = None
    previous: str | None = None  # the conversation this one follows
    version: int = 1
    seq: int = 0
    last_out_seq: int = 0
    last: Last | None = None
    tags: tuple[str, ...] = ()
    reach: tuple[Reach, ...] = ()
    threads: tuple[str, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)  # user id -> seq
    language: str | None = None  # ISO 639-1, of the customer's words; None: not known
    needs: Needs | None = None  # as last decided, relaxed as far as it was then
    waits: Waits | None = None
    offer: Offer | None = None
    declined: tuple[str, ...] = ()  # agents who declined it or put it back, since it was queued: not asked again
    missed: Missed | None = None
    queued_at: datetime | None = None  # when it last came into the queue, or the opening until which it was held
    assigned_at: datetime | None = None
    last_agent: str | None = None  # who had it last: goes first when the customer returns
    answered: tuple[str, ...] = ()  # rules whose automatic answer it has had since it was begun or last resolved
    automatic: bool = False  # the customer's newest message was written by a machine

    @property
    def waiting(self) -> bool:
        """In the queue."""
        return self.status is Status.OPEN and self.assignee is None and self.turn is Turn.US

    @property
    def live(self) -> bool:
        return self.status is not Status.RESOLVED

    @property
    def rank(self) -> int:
        """Ascending order of the lists: who waits longest, then the freshest of the others (milliseconds)."""
        if self.live and self.turn is Turn.US and self.waiting_since:
            return _ms(self.waiting_since)
        moved = self.resolved_at or (self.last.at if self.last else self.created_at)
        return _FAR - _ms(moved)


_FAR = 8_000_000_000_000


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept in the store. `id` has 128 random bits and is all that is needed to name it."""

    id: str
    name: str
    type: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Before:
    """How the conversation stood before a reply, so that undo leaves no trace."""

    turn: Turn
    last_out_seq: int
    waiting_since: datetime | None = None
    last: Last | None = None
    assigned: bool = False  # the reply took the conversation
    resolved: bool = False  # the reply resolved it
    resolved_at: datetime | None = None  # the reply opened again what had been resolved then
    first_queued_at: datetime | None = None
    queued_at: datetime | None = None
    last_agent: str | None = None
    declined: tuple[str, ...] = ()
    missed: Missed | None = None
    answered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message in a conversation. `peer` is the identity it came from or goes to (empty for notes)."""

    id: str
    conversation: str
    customer: str
    channel: str
    seq: int
    direction: Direction
    author: Actor
    at: datetime  # when the hub filed it
    author_name: str = ""
    external_id: str = ""
    peer: str = ""
    text: str = ""
    html: str | None = None
    subject: str | None = None
    attachments: tuple[Attachment, ...] = ()
    raw: str | None = None
    sent_at: datetime | None = None  # what the sender says
    content_hash: str = ""
    flagged: str | None = None  # e.g. "same_id_other_content"
    automatic: bool = False  # incoming: written by a machine; outgoing: by a rule
    delivery: Delivery | None = None  # outgoing only
    next_at: datetime | None = None  # outgoing: not before
    attempts: int = 0
    failure: str | None = None  # a code with words in the catalogues
    before: Before | None = None  # outgoing, while it may still be taken back


# --- at the door ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as far as the channel can prove it.

    `identities` are proved (the first is the message's peer), most telling first; `claims` are only said.
    """

    identities: tuple[str, ...]
    name: str = ""
    claims: tuple[tuple[IdentityKind, str], ...] = ()
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """A foreign message in our own words."""

    channel: str
    kind: str
    external_id: str
    thread: str  # the key of the thread within its channel
    sender: Sender
    text: str
    html: str | None = None
    subject: str | None = None
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    raw: str | None = None
    answerable: bool = True  # whether this channel can carry the answer back
    automatic: bool = False  # written by a machine (an auto-responder, a list): never answered automatically

    @property
    def message_id(self) -> str:
        return message_id(self.channel, self.external_id)

    @property
    def content_hash(self) -> str:
        """Of what the message says, not of how it was wrapped: text, HTML and the files' own hashes."""
        parts = [self.text, self.html or "", *(a.sha256 for a in self.attachments)]
        return sha256("\x00".join(parts).encode()).hexdigest()[:32]


def message_id(channel: str, external_id: str) -> str:
    """The `_id` of a message that came in: the same channel and external id always give the same."""
    return blake2b(f"{channel}:{external_id}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an inbound message."""

    message: str
    conversation: str
    duplicate: bool = False


# --- the house ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A configured channel. `key` is its public name in addresses; `secrets` are encrypted at rest, newest first."""

    id: str
    kind: str
    name: str
    key: str
    created_at: datetime
    secrets: tuple[bytes, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a customer; `total` in minor units (centavos, cents) of an ISO 4217 currency."""

    id: str
    customer: str
    number: str
    at: datetime
    status: str  # placed, paid, shipped, delivered, returned, cancelled
    currency: str
    total: int


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A printed link that signs somebody in (the demo company's people). The id is the SHA-256 (hex) of its secret."""

    id: str
    user: str


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    time_zone: str  # IANA
    language: Language
    id: str = "company"
    demo: bool = False
    region: str = "BR"  # ISO 3166: how a phone number without country code is read
    agents_see_all: bool = True


@dataclass(frozen=True, slots=True)
class SetupLink:
    """The one-time link of the first-run page, as the SHA-256 (hex) of its secret. There is one at most."""

    hash: str
    id: str = "link"


@dataclass(frozen=True, slots=True)
class DemoMark:
    """Stands in the real company's database while every process serves the demo company from its own."""

    since: datetime
    id: str = "demo"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """What had to be taken and could not be understood: the raw bytes are in `files`."""

    id: str
    channel: str
    why: str
    raw: str
    size: int
    at: datetime
    retried: int = 0
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in. `id` is the SHA-256 (hex) of the secret that the browser or the program holds.

    A `token` is for programs: it has a name, and no end unless it is given one.
    """

    id: str
    user: str
    created_at: datetime
    expires_at: datetime | None = None
    token: bool = False
    name: str = ""

"""Our nouns as documents and back.

One list says which noun lives in which collection; the rest follows from the fields' types. `id` is `_id`. What is
empty (None, "", no entries) is left out, so that documents stay small; what a document lacks reads as the default.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from hub.events import Event
from hub.model import (
    Agent,
    ChannelRecord,
    Company,
    Conversation,
    Customer,
    DemoMark,
    EntryLink,
    Hours,
    Identity,
    Login,
    Message,
    Order,
    Quarantined,
    Routing,
    RuleDraft,
    RuleVersion,
    Session,
    SetupLink,
    Skill,
    Team,
    Thread,
    User,
)

T = TypeVar("T")
Document = dict[str, Any]
Turner = Callable[[Any], Any] | None  # None: as it is
_MAY_BE_EMPTY = frozenset({str, tuple, dict})

COLLECTIONS: Mapping[type, str] = {
    Identity: "identities",
    Thread: "threads",
    Customer: "customers",
    Conversation: "conversations",
    Message: "messages",
    Event: "events",
    Agent: "agents",
    User: "users",
    Login: "logins",
    Session: "sessions",
    ChannelRecord: "channels",
    Quarantined: "quarantine",
    Order: "orders",
    Company: "company",
    EntryLink: "entry_links",
    SetupLink: "setup",
    DemoMark: "demo",
    Team: "teams",
    Skill: "skills",
    Hours: "hours",
    Routing: "routing",
    RuleVersion: "rules",
    RuleDraft: "rule_draft",
}

# Fields that are derived from others and stored because the store has to sort or find by them.
DERIVED: Mapping[type, Sequence[str]] = {Conversation: ("rank",)}


def to_document(record: Any) -> Document:
    return _codec(type(record)).write(record)


def difference(stored: Mapping[str, Any], before: Any, after: Any) -> Document:
    """The update that leads from the stored document, read as `before`, to `after`; empty when there is nothing to do.
    A field that we do not know stays as it is in the store."""
    return _codec(type(after)).difference(stored, before, after)


def from_document(kind: type[T], document: Mapping[str, Any]) -> T:
    record: T = _codec(kind).read(document)
    return record


class _Codec:
    """Writer and reader of one dataclass, made once from its type hints."""

    def __init__(self, kind: type) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.parts = [
            (
                field.name,
                "_id" if field.name == "id" else field.name,
                *_turners(hints[field.name]),
                _may_be_left_out(field),
            )
            for field in fields(kind)
        ]
        self.derived = DERIVED.get(kind, ())

    def write(self, record: Any) -> Document:
        document: Document = {}
        for name, key, write, _, optional in self.parts:
            value = getattr(record, name)
            if value is None or (optional and not value and value.__class__ in _MAY_BE_EMPTY):
                continue
            document[key] = value if write is None else write(value)
        for name in self.derived:
            document[name] = getattr(record, name)
        return document

    def difference(self, stored: Mapping[str, Any], before: Any, after: Any) -> Document:
        """What is still the same value is not written to be compared: most of it, most of the time."""
        changed, gone = {}, {}
        for name, key, write, _, optional in self.parts:
            value = getattr(after, name)
            if value is getattr(before, name):
                continue
            if value is None or (optional and not value and value.__class__ in _MAY_BE_EMPTY):
                if key in stored:
                    gone[key] = ""
                continue
            written = value if write is None else write(value)
            if stored.get(key) != written:
                changed[key] = written
        for name in self.derived:
            value = getattr(after, name)
            if stored.get(name) != value:
                changed[name] = value
        return {op: fields for op, fields in (("$set", changed), ("$unset", gone)) if fields}

    def read(self, document: Mapping[str, Any]) -> Any:
        values = {}
        for name, key, _, read, _ in self.parts:
            value = document.get(key)
            if value is not None:
                values[name] = value if read is None else read(value)
        return self.kind(**values)


def _codec(kind: type) -> _Codec:
    codec = _CODECS.get(kind)
    if codec is None:
        codec = _CODECS[kind] = _Codec(kind)
    return codec


_CODECS: dict[type, _Codec] = {}  # made once from the classes, the same for everybody


def _may_be_left_out(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _turners(hint: Any) -> tuple[Turner, Turner]:
    """How a value of this type is written and read."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _turners(next(arg for arg in get_args(hint) if arg is not type(None)))
    if origin is tuple:
        write, read = _turners(get_args(hint)[0])
        return (
            (list if write is None else lambda many: [write(one) for one in many]),
            (tuple if read is None else lambda many: tuple(read(one) for one in many)),
        )
    if isinstance(hint, type) and issubclass(hint, Enum):
        return (lambda member: member.value), hint
    if isinstance(hint, type) and is_dataclass(hint):
        return (lambda record: _codec(hint).write(record)), (lambda document: _codec(hint).read(document))
    if origin is not None and issubclass(origin, Mapping):
        return _turners_of_named(*_turners(get_args(hint)[1]))
    return None, None


def _turners_of_named(write: Turner, read: Turner) -> tuple[Turner, Turner]:
    if write is None or read is None:
        return dict, read
    return (
        lambda named: {name: write(value) for name, value in named.items()},
        lambda named: {name: read(value) for name, value in named.items()},
    )

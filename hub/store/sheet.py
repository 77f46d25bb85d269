"""The records that one group of changes works on, in memory, and the writes that make them true."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from pymongo import DeleteOne, InsertOne, UpdateOne

from hub.events import Event, Kind
from hub.model import SYSTEM, Actor, Conversation, Message
from hub.ports import Filed, Ref
from hub.store.records import COLLECTIONS, difference, to_document

T = TypeVar("T")
Document = dict[str, Any]
Key = tuple[type, str]
Write = InsertOne[Document] | UpdateOne | DeleteOne


class GroupSheet:
    """Implements `ports.Sheet`. What a change puts stays its own (`_trial`) until `keep`; `undo` forgets it."""

    def __init__(self, now: datetime, new_id: Callable[[], str], next_number: Callable[[], int]) -> None:
        self.now = now
        self.new_id = new_id
        self.next_number = next_number
        self.deciding = False
        self._stored: dict[Key, Document | None] = {}
        self._read: dict[Key, Any] = {}  # the same as records
        self._records: dict[Key, Any] = {}
        self._trial: dict[Key, Any] = {}
        self._touched: dict[Key, None] = {}
        self._relied: dict[Key, None] = {}
        self._trial_relied: dict[Key, None] = {}
        self._events: list[Event] = []
        self._trial_events: list[Event] = []

    # --- what a change sees

    def get(self, kind: type[T], id: str) -> T | None:
        key = (kind, id)
        if key in self._trial:
            return cast("T | None", self._trial[key])
        if key not in self._records and self.deciding:
            raise LookupError(f"{kind.__name__} {id} was decided on without having been wanted")
        return cast("T | None", self._records.get(key))

    def put(self, record: object) -> None:
        self._trial[type(record), record.id] = record  # type: ignore[attr-defined]

    def remove(self, kind: type, id: str) -> None:
        self._trial[kind, id] = None

    def rely(self, kind: type, id: str) -> None:
        self._trial_relied[kind, id] = None

    def tell(
        self,
        kind: Kind,
        *,
        conversation: str | None = None,
        customer: str | None = None,
        actor: Actor = SYSTEM,
        cause: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> str:
        event = Event(self.new_id(), kind, self.now, conversation, customer, actor, cause, data or {})
        self._trial_events.append(event)
        return event.id

    def keep(self) -> None:
        self._records.update(self._trial)
        self._touched.update(dict.fromkeys(self._trial))
        self._events += self._trial_events
        self._relied.update(self._trial_relied)
        self.undo()

    def undo(self) -> None:
        self._trial, self._trial_events, self._trial_relied = {}, [], {}

    # --- what filing does with it

    def missing(self, refs: Iterable[Ref]) -> dict[type, set[str]]:
        """Which of these have not been loaded yet, by kind."""
        wanted: dict[type, set[str]] = {}
        for ref in refs:
            if (ref.kind, ref.id) not in self._records:
                wanted.setdefault(ref.kind, set()).add(ref.id)
        return wanted

    def loaded(self, kind: type, id: str, document: Document | None, record: Any) -> None:
        self._stored[kind, id] = document
        self._read[kind, id] = self._records[kind, id] = record

    def filed(self) -> Iterable[tuple[str, Filed]]:
        """By the event's id, what it is about; left out where the group did not look at all of it."""
        for event in self._events:
            about: list[Any] = []
            for kind, id in ((Conversation, event.conversation), (Message, event.data.get("message"))):
                if id and (kind, id) not in self._records:
                    break
                about.append(self._records[kind, id] if id else None)
            else:
                yield event.id, Filed(*about)

    def writes(self) -> "Writes":
        """Inserts, and updates of only the fields that changed."""
        writes = Writes()
        for kind, id in self._touched:
            record, stored = self._records[kind, id], self._stored.get((kind, id))
            if record is None and stored is not None:
                writes.add(kind, DeleteOne({"_id": id}))
            elif record is not None and stored is None:
                writes.insert(kind, to_document(record))
            elif record is not None and stored is not None:
                update = difference(stored, self._read[kind, id], record)
                if update:
                    writes.add(kind, UpdateOne({"_id": id}, update))
        for kind, id in self._relied:
            if (kind, id) not in self._touched:  # a write that changes nothing would be no conflict
                writes.add(kind, UpdateOne({"_id": id}, {"$set": {"relied_on": self.new_id()}}))
        for event in self._events:
            writes.insert(Event, to_document(event))
        return writes


@dataclass(slots=True)
class Writes:
    """By collection: what is only inserted, and the rest."""

    inserts: dict[str, list[Document]] = field(default_factory=dict)
    others: dict[str, list[Write]] = field(default_factory=dict)

    def insert(self, kind: type, document: Document) -> None:
        self.inserts.setdefault(COLLECTIONS[kind], []).append(document)

    def add(self, kind: type, write: Write) -> None:
        self.others.setdefault(COLLECTIONS[kind], []).append(write)

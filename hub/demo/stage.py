"""Where the past is played: the records in memory, and a clock that stands where the script wants it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from hub.events import Event, Kind
from hub.model import SYSTEM, Actor
from hub.ports import Change, Sheet

T = TypeVar("T")


@dataclass(slots=True)
class Stage:
    """Implements `ports.Sheet` over an empty store: what is not on the stage is nowhere."""

    now: datetime
    new_id: Callable[[], str]
    next_number: Callable[[], int]
    records: dict[tuple[type, str], Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def get(self, kind: type[T], id: str) -> T | None:
        return self.records.get((kind, id))

    def put(self, record: object) -> None:
        self.records[type(record), record.id] = record  # type: ignore[attr-defined]

    def remove(self, kind: type, id: str) -> None:
        self.records.pop((kind, id), None)

    def rely(self, kind: type, id: str) -> None:
        """Nobody else is on the stage."""

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
        self.events.append(event)
        return event.id

    def happens(self, at: datetime, change: Change[T]) -> T:
        """One of the hub's own changes, at that time."""
        self.now = at
        return change.decide(self)

    def hand_in(self, sheet: Sheet) -> None:
        """Everything, events in the order in which they happened, to be written."""
        for record in self.records.values():
            sheet.put(record)
        for event in sorted(self.events, key=lambda event: event.at):
            sheet.put(event)

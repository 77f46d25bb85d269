"""One committed transaction: the records it wrote as they stood then, and its events, in order."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pymongo.asynchronous.change_stream import AsyncDatabaseChangeStream

from hub.events import Event
from hub.store.records import from_document

Document = dict[str, Any]
WATCHED = ("agents", "conversations", "events", "routing")


@dataclass(slots=True)
class Moment:
    """`written`: (collection, id) → the document after it; None when it was removed."""

    key: Any
    written: dict[tuple[str, str], Document | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class Recorder:
    """Puts transactions together again out of the database's change stream.

    The stream tells each write by itself; those of one transaction follow one another, with one time and one session.
    """

    stream: "AsyncDatabaseChangeStream[Document]"
    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    _open: Moment | None = None

    async def moments(self) -> AsyncIterator[Moment | None]:
        """None when the stream has nothing more for now; what was told so far is whole then."""
        while True:
            change = await self.stream.try_next()
            if change is None:
                if self._open:
                    whole, self._open = self._open, None
                    yield whole
                yield None
                continue
            key = (change["clusterTime"], str(change.get("lsid")), change.get("txnNumber"))
            if self._open and self._open.key != key:
                whole, self._open = self._open, None
                yield whole
            self._open = self._open or Moment(key)
            self._take(self._open, change)

    def _take(self, moment: Moment, change: Mapping[str, Any]) -> None:
        collection, id = change["ns"]["coll"], change["documentKey"]["_id"]
        if collection == "events":
            if change["operationType"] == "insert":
                moment.events.append(from_document(Event, change["fullDocument"]))
            return
        document = self._after(change, self.documents.get((collection, id)))
        if document is None:
            self.documents.pop((collection, id), None)
        else:
            self.documents[collection, id] = document
        moment.written[collection, id] = document

    def _after(self, change: Mapping[str, Any], before: Document | None) -> Document | None:
        kind = change["operationType"]
        if kind in ("insert", "replace"):
            return dict(change["fullDocument"])
        if kind == "delete":
            return None
        assert before is not None, f"{change['documentKey']} was changed before it was recorded"
        after = dict(before)
        how = change["updateDescription"]
        for name in how["removedFields"]:
            _put(after, name.split("."), _GONE)
        for cut in how.get("truncatedArrays", ()):
            _cut(after, cut["field"].split("."), cut["newSize"])
        for name, value in how["updatedFields"].items():
            _put(after, name.split("."), value)
        return after


_GONE = object()


def _put(there: Any, path: list[str], value: Any) -> None:
    """Along a dotted path; what is gone through is copied, since earlier moments hold it too."""
    first, *rest = path
    at: Any = int(first) if isinstance(there, list) else first
    if rest:
        inside = there[at].copy()
        there[at] = inside
        _put(inside, rest, value)
    elif value is _GONE:
        there.pop(at, None)
    elif isinstance(there, list) and at == len(there):
        there.append(value)
    else:
        there[at] = value


def _cut(there: Any, path: list[str], size: int) -> None:
    first, *rest = path
    at: Any = int(first) if isinstance(there, list) else first
    there[at] = there[at].copy()
    if rest:
        _cut(there[at], rest, size)
    else:
        del there[at][size:]

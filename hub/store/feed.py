"""The change stream on the events: the only feed, one a process.

A place in it is the change stream's resume token; it is the same in every process and grows with time. The last
10,000 events are kept in a ring, so that a screen that was cut off for a moment can catch up. Losing the token
(error 286: the oplog has moved past it) is an ordinary case: the stream starts afresh and everybody loads again.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from pymongo.asynchronous.change_stream import AsyncChangeStream
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from hub.ending import end
from hub.events import Event
from hub.ports import Told
from hub.store.database import Database
from hub.store.records import COLLECTIONS, from_document

log = structlog.get_logger()

RING = 10_000
MOST_AT_ONCE = 500
WAIT_MS = 1_000  # how long the server holds an empty answer; an event ends the wait at once
PAUSES_S = (0.1, 0.2, 0.5, 1.0, 2.0)

_HISTORY_LOST = frozenset({280, 286, 136})  # ChangeStreamFatalError, ChangeStreamHistoryLost, CappedPositionLost
_INSERTS: Sequence[Mapping[str, Any]] = [{"$match": {"operationType": "insert"}}, {"$project": {"fullDocument": 1}}]

ToldCall = Callable[[Sequence[Told]], Awaitable[None]]
LostCall = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class ChangeStreamFeed:
    """Implements `ports.Feed`."""

    database: Database
    running: bool = False
    _cursor: str = ""
    _beginning: str = ""  # the place before the ring's first event, as long as the ring has not run over
    _ring: list[Told] = field(default_factory=list)
    _listeners: list[tuple[ToldCall, LostCall]] = field(default_factory=list)
    _task: "asyncio.Task[None] | None" = None
    _ending: bool = False
    _started: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def cursor(self) -> str:
        return self._cursor

    def listen(self, told: ToldCall, lost: LostCall) -> None:
        self._listeners.append((told, lost))

    def since(self, cursor: str) -> Sequence[Told] | None:
        if cursor == self._cursor:
            return ()
        if cursor == self._beginning and len(self._ring) < RING:
            return tuple(self._ring)
        at = bisect_right(self._ring, cursor, key=lambda told: told.cursor)
        if not at or self._ring[at - 1].cursor != cursor:
            return None
        return self._ring[at:]

    async def start(self) -> None:
        """Returns when the stream is open: nothing committed from now on is missed."""
        self._task = asyncio.create_task(self._run(), name="feed")
        await self._started.wait()

    async def stop(self) -> None:
        self._ending = True
        await end(self._task)

    async def _run(self) -> None:
        failures = 0
        while not self._ending:
            try:
                await self._follow()
            except OperationFailure as error:
                if error.code in _HISTORY_LOST:
                    await self._lose()
                    continue
                failures = await self._pause(failures, error)
            except PyMongoError as error:
                failures = await self._pause(failures, error)
            else:  # the server ended it: the database was dropped, and no place in it leads on
                await self._lose()
                failures = await self._pause(failures, PyMongoError("closed"))

    async def _follow(self) -> None:
        resume: Any = {"_data": self._cursor} if self._cursor else None
        # A change stream runs with no other read concern: it tells only what cannot be taken back.
        events = self.database[COLLECTIONS[Event]].with_options(read_concern=ReadConcern("majority"))
        async with await events.watch(
            _INSERTS, resume_after=resume, max_await_time_ms=WAIT_MS, batch_size=MOST_AT_ONCE
        ) as stream:
            lost, self.running = self._cursor == "" and self._started.is_set(), True
            if not self._cursor:
                self._cursor = self._beginning = _place(stream)
            self._started.set()
            if lost:
                await self._tell_lost()
            try:
                while stream.alive:
                    await self._tell(await _batch(stream))
            finally:
                self.running = False

    async def _tell(self, told: Sequence[Told]) -> None:
        if not told:
            return
        self._ring += told
        del self._ring[:-RING]
        self._cursor = told[-1].cursor
        await asyncio.gather(*(_calmly(tell(told)) for tell, _ in self._listeners))

    async def _lose(self) -> None:
        log.warning("feed lost its place, everybody loads again")
        self._cursor = ""
        self._ring.clear()

    async def _tell_lost(self) -> None:
        await asyncio.gather(*(_calmly(lost()) for _, lost in self._listeners))

    async def _pause(self, failures: int, error: PyMongoError) -> int:
        log.warning("feed cut", error=type(error).__name__, code=getattr(error, "code", None))
        await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
        return failures + 1


async def _calmly(listening: Awaitable[None]) -> None:
    """One listener's fault must not stop the others' news."""
    try:
        await listening
    except Exception:
        log.exception("listener failed")


async def _batch(stream: AsyncChangeStream[dict[str, Any]]) -> list[Told]:
    """What has come: waits for the first, then takes what the driver already holds."""
    told: list[Told] = []
    change = await stream.try_next()
    while change is not None:
        if event := _event(change["fullDocument"]):
            told.append(Told(change["_id"]["_data"], event))
        if len(told) >= MOST_AT_ONCE or not _held(stream):
            break
        change = await stream.try_next()
    return told


def _event(document: Mapping[str, Any]) -> Event | None:
    """None for one that this hub cannot read, such as a newer hub's: it must not end the news of all others."""
    try:
        return from_document(Event, document)
    except (ValueError, TypeError) as error:
        log.warning("event not understood", id=document.get("_id"), error=type(error).__name__)
        return None


def _held(stream: AsyncChangeStream[dict[str, Any]]) -> bool:
    """Whether the driver has documents of the last answer left; asking the server again would wait for news.

    (The driver has no public word for it.)
    """
    return bool(stream._cursor._data)


def _place(stream: AsyncChangeStream[dict[str, Any]]) -> str:
    token = stream.resume_token
    return str(token["_data"]) if token else ""

"""The one writer. Changes are committed in groups: one lane a process, one transaction a group.

There is no timer: what arrives while a commit is under way goes into the next group. A group is read first, built in
memory and then written; it reads inside its own transaction, so whatever another process does to the same records
meanwhile is a write conflict. One bad change never fails its neighbours: on a conflict the group reads again and
retries, then halves, until the culprit stands alone.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

import structlog
from bson.errors import BSONError
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from hub.errors import HubError, Invalid, Unavailable
from hub.model import Conversation, Customer, Identity, Thread
from hub.ports import Change, Clock, Filed, Ref
from hub.store.abandoned import end_abandoned
from hub.store.database import DURABLE, Database, away, is_away
from hub.store.records import COLLECTIONS, from_document
from hub.store.sheet import GroupSheet

T = TypeVar("T")
log = structlog.get_logger()

MOST_CHANGES = 200  # in a group
MOST_BYTES = 4_000_000  # in a group, by what the changes say of themselves
CROWDED = 400  # from here on a door answers "later": two full groups, well under half a second
FULL = 4_000  # from here on even those who are inside are told "later"
RETRIES = 2  # of a whole group, before it is halved
RETRIES_ALONE = 25  # of a single change
REMEMBERED = 500  # events, with what they are about: the feed tells them within milliseconds
LONG = 20_000  # characters of a message that are not kept in mind for the feed
GUESSES = 20_000  # of what a thread and an identity lead to
NUMBERS = 100  # conversation numbers taken at once; a shared counter a message costs 60 % of the throughput
# Turns of the loop before a group closes: those whom the last commit let go are just coming with their next message.
# Without it groups of one and of sixty alternate, at a quarter more work a message. It is no timer: 30 µs when idle.
LET_IN = 3
_PAUSE_S = 0.002

_WRITE_CONFLICT, _DUPLICATE = 112, 11000
_BAD_RECORD = frozenset({121, 10334, 17419, 17420})  # DocumentValidationFailure, BSONObjectTooLarge and their kin


@dataclass(slots=True)
class _Waiting:
    change: Change[Any]
    answer: "asyncio.Future[Any]"
    weight: int
    result: Any = None
    error: HubError | None = None

    def tell(self) -> None:
        if self.answer.done():
            return  # the asker has gone
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.result)

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


@dataclass(slots=True)
class GroupFiling:
    """Implements `ports.Filing`."""

    database: Database
    clock: Clock
    _queue: deque[_Waiting] = field(default_factory=deque)
    _come: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: deque[int] = field(default_factory=deque)
    _filed: dict[str, Filed] = field(default_factory=dict)
    _leads_to: dict[Ref, Ref] = field(default_factory=dict)
    _lane: "asyncio.Task[None] | None" = None

    async def submit(self, change: Change[T]) -> T:
        if len(self._queue) >= FULL or self._lane is None:
            raise Unavailable("overloaded", "Too many messages wait to be stored. Please try again in a moment.", 1.0)
        waiting = _Waiting(change, asyncio.get_running_loop().create_future(), getattr(change, "weight", 2_000))
        self._queue.append(waiting)
        self._come.set()
        return await waiting.answer  # type: ignore[no-any-return]

    def busy(self) -> bool:
        return len(self._queue) >= CROWDED

    def pressed(self) -> bool:
        return len(self._queue) >= MOST_CHANGES

    def filed_with(self, event: str) -> Filed | None:
        return self._filed.get(event)

    async def start(self) -> None:
        await end_abandoned(self.database)
        self._lane = asyncio.create_task(self._run(), name="filing")

    async def stop(self) -> None:
        """Finishes what waits, then closes."""
        lane, self._lane = self._lane, None
        if lane:
            self._come.set()
            await lane

    async def _run(self) -> None:
        while self._lane is not None or self._queue:
            await self._come.wait()
            for _ in range(LET_IN):
                await asyncio.sleep(0)
            group = self._next_group()
            if group:
                await self._file(group)
            if not self._queue and self._lane is not None:
                self._come.clear()

    def _next_group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        weight = 0
        while self._queue and len(group) < MOST_CHANGES and (not group or weight < MOST_BYTES):
            waiting = self._queue.popleft()
            if not waiting.answer.done():
                group.append(waiting)
                weight += waiting.weight
        return group

    async def _file(self, group: Sequence[_Waiting]) -> None:
        """Commits the group, or as much of it as can be; everybody in it gets an answer."""
        retries = RETRIES if len(group) > 1 else RETRIES_ALONE
        for attempt in range(retries + 1):
            if attempt:
                await asyncio.sleep(_PAUSE_S * attempt)
            try:
                await self._commit(group)
            except PyMongoError as error:
                if is_away(error):
                    log.warning("store away", changes=len(group), error=type(error).__name__)
                    return _fail(group, away())
                if _is_conflict(error):
                    continue
                return await self._part(group, error)
            except Exception as error:
                return await self._part(group, error)
            for waiting in group:
                waiting.tell()
            return None
        if len(group) == 1 and await end_abandoned(self.database):
            return await self._file(group)
        return await self._part(
            group, Unavailable("overloaded", "Others are writing the same records. Try again.", 1.0)
        )

    async def _part(self, group: Sequence[_Waiting], error: Exception) -> None:
        if len(group) > 1:
            half = len(group) // 2
            await self._file(group[:half])
            await self._file(group[half:])
        elif isinstance(error, HubError):
            group[0].fail(error)
        elif _is_bad_record(error):
            group[0].fail(Invalid("cannot_store", f"The store cannot keep this ({type(error).__name__})."))
        elif isinstance(error, PyMongoError):  # what the driver says may hold the whole document
            log.error("change refused", change=type(group[0].change).__name__, error=type(error).__name__)
            group[0].fail(RuntimeError(f"the store refused a change: {type(error).__name__}, codes {_codes(error)}"))
        else:
            log.error("change failed", change=type(group[0].change).__name__, exc_info=error)
            group[0].fail(error)

    async def _commit(self, group: Sequence[_Waiting]) -> None:
        await self._take_numbers(sum(getattr(waiting.change, "numbers", 0) for waiting in group))
        async with self.database.client.start_session() as session:
            await session.start_transaction(read_concern=ReadConcern("local"), write_concern=DURABLE)
            try:
                sheet = GroupSheet(self.clock.now(), self.clock.new_id, self._numbers.popleft)
                await self._load(sheet, group, session)
                _decide(sheet, group)
                await self._write(sheet, session)
                self._remember(sheet)
            except BaseException:
                await _forget(session)
                raise
            await _commit(session)

    async def _load(self, sheet: GroupSheet, group: Sequence[_Waiting], session: AsyncClientSession) -> None:
        """Asks every change what it wants to see, until none wants more."""
        while wanted := sheet.missing(self._and_what_follows(r for w in group for r in w.change.wants(sheet))):
            (found,) = await (await self.database.raw.aggregate(_all_at_once(wanted), session=session)).to_list()
            for kind, ids in wanted.items():
                documents = {document["_id"]: document for document in found[COLLECTIONS[kind]]}
                for id in ids:
                    document = documents.get(id)
                    record = document and from_document(kind, document)
                    sheet.loaded(kind, id, document, record)
                    self._follow(kind, id, record)

    def _and_what_follows(self, refs: Iterable[Ref]) -> Iterable[Ref]:
        """These, and what they led to the last time: a guess that saves a round, and that nothing relies on."""
        for ref in refs:
            yield ref
            if next_one := self._leads_to.get(ref):
                yield next_one

    def _follow(self, kind: type, id: str, record: Any) -> None:
        if isinstance(record, Thread):
            self._leads_to[Ref(kind, id)] = Ref(Conversation, record.conversation)
        elif isinstance(record, Identity):
            self._leads_to[Ref(kind, id)] = Ref(Customer, record.customer)
        if len(self._leads_to) > GUESSES:
            self._leads_to.clear()

    async def _write(self, sheet: GroupSheet, session: AsyncClientSession) -> None:
        writes = sheet.writes()
        for name, documents in writes.inserts.items():
            await self.database[name].insert_many(documents, ordered=False, session=session)
        for name, others in writes.others.items():
            await self.database[name].bulk_write(others, ordered=False, session=session)

    def _remember(self, sheet: GroupSheet) -> None:
        """Before the commit, since the feed may hear of it first. What is never told is forgotten with the rest.

        Long messages are not kept in mind: five hundred of a megabyte each would be a burden.
        """
        self._filed.update((event, filed) for event, filed in sheet.filed() if not _is_long(filed))
        while len(self._filed) > REMEMBERED:
            del self._filed[next(iter(self._filed))]

    async def _take_numbers(self, most: int) -> None:
        """Outside the transaction: a number that is lost by a crash is a gap, and harms nobody."""
        if len(self._numbers) >= most:
            return
        block = max(NUMBERS, most)
        counter = await self.database["counters"].find_one_and_update(
            {"_id": "conversation"}, {"$inc": {"last": block}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert counter
        self._numbers.extend(range(counter["last"] - block + 1, counter["last"] + 1))


def _is_long(filed: Filed) -> bool:
    return filed.message is not None and len(filed.message.text) + len(filed.message.html or "") > LONG


def _all_at_once(wanted: Mapping[type, Iterable[str]]) -> list[Mapping[str, Any]]:
    """One question for records of all kinds: each command costs the driver 0.25 ms, whatever it asks for.

    The answer is one document: more than 16 MB is refused (10334), and the group is halved as for any other fault.
    """
    lookups = (
        {
            "$lookup": {
                "from": COLLECTIONS[kind],
                "as": COLLECTIONS[kind],
                "pipeline": [{"$match": {"_id": {"$in": list(ids)}}}],
            }
        }
        for kind, ids in wanted.items()
    )
    return [{"$documents": [{}]}, *lookups]


def _decide(sheet: GroupSheet, group: Sequence[_Waiting]) -> None:
    sheet.deciding = True
    for waiting in group:
        waiting.result = waiting.error = None
        try:
            waiting.result = waiting.change.decide(sheet)
        except HubError as error:
            sheet.undo()
            waiting.error = error
        else:
            sheet.keep()


async def _commit(session: AsyncClientSession) -> None:
    """A commit whose answer was lost may be asked again: MongoDB gives the first one's outcome."""
    for attempt in range(6):
        try:
            await session.commit_transaction()
        except PyMongoError as error:
            if attempt == 5 or not error.has_error_label("UnknownTransactionCommitResult"):
                raise
            await asyncio.sleep(0.1 * 2**attempt)
        else:
            return


async def _forget(session: AsyncClientSession) -> None:
    try:
        await session.abort_transaction()
    except PyMongoError:
        return  # it is gone with its session


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for waiting in group:
        waiting.fail(error)


def _is_bad_record(error: Exception) -> bool:
    if isinstance(error, OperationFailure):
        return not _BAD_RECORD.isdisjoint(_codes(error))
    return isinstance(error, (BSONError, DocumentTooLarge, OverflowError, UnicodeError))


def _is_conflict(error: PyMongoError) -> bool:
    """Somebody else has the same record in hand, or has just made it: read again."""
    if error.has_error_label("TransientTransactionError"):
        return True
    return not {_DUPLICATE, _WRITE_CONFLICT}.isdisjoint(_codes(error))


def _codes(error: PyMongoError) -> list[int | None]:
    if isinstance(error, BulkWriteError):
        return [each.get("code") for each in islice((error.details or {}).get("writeErrors", ()), 8)]
    return [error.code] if isinstance(error, OperationFailure) else []

"""One client, one database, and the gate in front of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError, WTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from hub.errors import Unavailable
from hub.store.records import COLLECTIONS

Document = dict[str, Any]

APP = "balcao"  # what MongoDB knows our connections by

# More waiting tasks than the driver's pool holds starve one another (a measured 3 s tail): first come, first served.
AT_ONCE = 32
DURABLE = WriteConcern("majority", j=True, wtimeout=15_000)
_OPTIONS: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=UTC)


class Database:
    """A company's database. Everything that reads goes through `reading`, so that nobody starves."""

    def __init__(self, client: AsyncMongoClient[Document], name: str, gate: asyncio.Semaphore) -> None:
        self.client = client
        self.name = name
        self.gate = gate
        self.raw: AsyncDatabase[Document] = client.get_database(
            name, codec_options=_OPTIONS, write_concern=DURABLE, read_concern=ReadConcern("local")
        )

    def __getitem__(self, collection: str) -> AsyncCollection[Document]:
        return self.raw[collection]

    def of(self, kind: type) -> AsyncCollection[Document]:
        return self.raw[COLLECTIONS[kind]]

    def beside(self, name: str) -> "Database":
        """Another database of the same store, behind the same gate."""
        return Database(self.client, name, self.gate)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """One turn at the store. Raises Unavailable when it is away."""
        async with self.gate:
            with speaking_plainly():
                yield

    async def drop(self) -> None:
        async with self.reading():
            await self.client.drop_database(self.name)

    async def answers(self) -> bool:
        """Whether the store can be written to now."""
        try:
            async with self.reading():
                hello = await self.raw.command("hello")
        except Unavailable:
            return False
        return bool(hello.get("isWritablePrimary"))


class speaking_plainly:
    """Turns what the driver raises when the store is away into Unavailable."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, PyMongoError) and is_away(error):
            raise away() from error


def is_away(error: PyMongoError) -> bool:
    """The store did not answer, or is changing hands: nobody's fault, and it passes."""
    if isinstance(error, (ConnectionFailure, ExecutionTimeout, WTimeoutError)):
        return True
    return isinstance(error, OperationFailure) and error.code in _CHANGING_HANDS


# NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, PrimarySteppedDown, ShutdownInProgress, …
_CHANGING_HANDS = frozenset({6, 7, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})


def away() -> Unavailable:
    return Unavailable("store_away", "The message store does not answer. Nothing was stored; please send it again.")


def connect(url: str, name: str) -> Database:
    """Opens lazily; short timeouts, so that a request is told "later" instead of hanging."""
    client: AsyncMongoClient[Document] = AsyncMongoClient(
        url,
        maxPoolSize=AT_ONCE + 16,
        minPoolSize=4,
        serverSelectionTimeoutMS=2_500,
        connectTimeoutMS=2_000,
        socketTimeoutMS=20_000,
        heartbeatFrequencyMS=2_000,
        retryWrites=True,
        retryReads=True,
        appname=APP,
    )
    return Database(client, name, asyncio.Semaphore(AT_ONCE))

"""Attachments and raw bytes, in GridFS. A file is written before the transaction that names it (GridFS takes none)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile

from hub.errors import NotFound
from hub.model import Attachment, Quarantined
from hub.ports import Clock
from hub.store.database import Database
from hub.store.records import COLLECTIONS

ORPHAN_AFTER = timedelta(days=1)
_PIECE = 255 * 1024


@dataclass(frozen=True, slots=True)
class GridFiles:
    """Implements `ports.Files`."""

    database: Database
    clock: Clock

    async def put(self, content: bytes, *, name: str, type: str) -> Attachment:
        """The id has 256 random bits: knowing it is a right of its own, checked besides."""
        file = Attachment(self.clock.new_secret(), name, type, len(content), sha256(content).hexdigest())
        async with self.database.reading():
            await self._bucket().upload_from_stream_with_id(
                file.id, name, content, metadata={"type": type, "sha256": file.sha256}
            )
        return file

    async def get(self, id: str) -> Attachment:
        async with self.database.reading():
            kept = await self.database["fs.files"].find_one({"_id": id})
        if kept is None:
            raise NotFound("not_found", "There is no such file.")
        metadata: dict[str, Any] = kept["metadata"]
        return Attachment(id, kept["filename"], metadata["type"], kept["length"], metadata["sha256"])

    async def read(self, id: str) -> AsyncIterator[bytes]:
        try:
            async with self.database.reading():
                stream = await self._bucket().open_download_stream(id)
            while piece := await stream.read(_PIECE):
                yield piece
        except NoFile as error:
            raise NotFound("not_found", "There is no such file.") from error

    async def sweep(self) -> int:
        """Deletes files older than a day that no message and no quarantine names; gives how many."""
        before = self.clock.now() - ORPHAN_AFTER
        async with self.database.reading():
            old = await self.database["fs.files"].find({"uploadDate": {"$lt": before}}, {"_id": 1}).to_list()
        gone = 0
        for kept in old:
            if not await self._named(kept["_id"]):
                async with self.database.reading():
                    await self._bucket().delete(kept["_id"])
                gone += 1
        return gone

    async def _named(self, id: str) -> bool:
        async with self.database.reading():
            return bool(
                await self.database["messages"].find_one({"attachments._id": id}, {"_id": 1})
                or await self.database["messages"].find_one({"raw": id}, {"_id": 1})
                or await self.database[COLLECTIONS[Quarantined]].find_one({"raw": id}, {"_id": 1})
            )

    def _bucket(self) -> AsyncGridFSBucket:
        return AsyncGridFSBucket(self.database.raw)

"""Who is signed in. A session that has ended is forgotten by the store itself (a time-to-live index)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.model import Session
from hub.ports import Clock
from hub.store.database import Database
from hub.store.records import from_document, to_document


@dataclass(frozen=True, slots=True)
class MongoSessions:
    """Implements `ports.Sessions`."""

    database: Database
    clock: Clock

    async def create(self, session: Session) -> None:
        async with self.database.reading():
            await self.database.of(Session).insert_one(to_document(session))

    async def find(self, id: str) -> Session | None:
        async with self.database.reading():
            document = await self.database.of(Session).find_one({"_id": id, **self._alive()})
        return None if document is None else from_document(Session, document)

    async def revoke(self, id: str) -> None:
        async with self.database.reading():
            await self.database.of(Session).delete_one({"_id": id})

    async def revoke_all(self, user: str, *, but: str | None = None, tokens: bool = False) -> Sequence[str]:
        query: dict[str, Any] = {"user": user, "_id": {"$ne": but}}
        if not tokens:
            query["token"] = False
        async with self.database.reading():
            ended = [each["_id"] for each in await self.database.of(Session).find(query, {"_id": 1}).to_list()]
            await self.database.of(Session).delete_many({"_id": {"$in": ended}})
        return ended

    async def living(self, ids: Iterable[str]) -> set[str]:
        query = {"_id": {"$in": list(ids)}, **self._alive()}
        async with self.database.reading():
            return {each["_id"] for each in await self.database.of(Session).find(query, {"_id": 1}).to_list()}

    def _alive(self) -> dict[str, Any]:
        return {"$or": [{"expires_at": None}, {"expires_at": {"$gt": self.clock.now()}}]}

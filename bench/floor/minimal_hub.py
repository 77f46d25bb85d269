"""A hub with nothing in it: HTTP → grouped commit → change stream → sockets.

    python -m bench.floor.minimal_hub PORT MONGO_URL DATABASE

POST /m files a message durably (one transaction a group: conversation, message and outbox; majority, journal) and
answers 202; GET /ws is a screen that gets every message from one change stream. No signature, no customers, no
duplicate check, no rights: a floor to measure against, not code to take.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import uvloop
from aiohttp import web
from bson import ObjectId
from pymongo import AsyncMongoClient, UpdateOne, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

Document = dict[str, Any]

MOST = 200  # messages in a group
FLUSHERS = 2
DURABLE = WriteConcern("majority", j=True)


class Sender(msgspec.Struct):
    id: str
    name: str | None = None


class Posted(msgspec.Struct):
    external_id: str
    channel: str
    sender: Sender
    text: str


class MinimalHub:
    def __init__(self, mongo_url: str, database: str) -> None:
        self._client: AsyncMongoClient[Document] = AsyncMongoClient(mongo_url, maxPoolSize=64)
        self._database: AsyncDatabase[Document] = self._client[database]
        self._waiting: list[tuple[Posted, asyncio.Future[None]]] = []
        self._come = asyncio.Event()
        self._screens: set[asyncio.WriteTransport] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._decoder = msgspec.json.Decoder(Posted)

    async def start(self, app: web.Application) -> None:
        messages, conversations, outbox = (self._database[n] for n in ("messages", "conversations", "outbox"))
        await messages.create_index([("conversation", 1), ("at", 1)])
        await messages.create_index("external_id", unique=True)
        await conversations.create_index([("status", 1), ("assignee", 1), ("last_at", -1)])
        await outbox.create_index([("state", 1), ("_id", 1)])
        self._tasks = [asyncio.create_task(self._flush()) for _ in range(FLUSHERS)]
        self._tasks.append(asyncio.create_task(self._tell()))

    async def post(self, request: web.Request) -> web.Response:
        posted = self._decoder.decode(await request.read())
        committed = asyncio.get_running_loop().create_future()
        self._waiting.append((posted, committed))
        self._come.set()
        await committed
        return web.Response(status=202, body=b'{"ok":true}', content_type="application/json")

    async def screen(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False, heartbeat=30)
        await socket.prepare(request)
        assert request.transport is not None
        transport: Any = request.transport
        self._screens.add(transport)
        try:
            async for _ in socket:
                pass
        finally:
            self._screens.discard(transport)
        return socket

    async def _flush(self) -> None:
        while True:
            await self._come.wait()
            group, self._waiting[:MOST] = self._waiting[:MOST], []
            if not self._waiting:
                self._come.clear()
            if not group:
                continue
            try:
                await self._commit([_message(posted, datetime.now(UTC)) for posted, _ in group])
            except Exception as error:
                for _, committed in group:
                    committed.set_exception(error)
            else:
                for _, committed in group:
                    if not committed.done():
                        committed.set_result(None)

    async def _commit(self, messages: Sequence[Document]) -> None:
        by_conversation: dict[str, list[Document]] = {}
        for message in messages:
            by_conversation.setdefault(message["conversation"], []).append(message)
        moved = [UpdateOne({"_id": key}, _moved(new), upsert=True) for key, new in by_conversation.items()]
        to_send = [{"state": "new", "message": message["_id"], "at": message["at"]} for message in messages]

        async def file(session: AsyncClientSession) -> None:
            await self._database.conversations.bulk_write(moved, ordered=False, session=session)
            await self._database.messages.insert_many(messages, ordered=False, session=session)
            await self._database.outbox.insert_many(to_send, ordered=False, session=session)

        async with self._client.start_session() as session:
            await session.with_transaction(file, read_concern=ReadConcern("local"), write_concern=DURABLE)

    async def _tell(self) -> None:
        inserts = [{"$match": {"operationType": "insert"}}]
        async with await self._database.messages.watch(inserts, max_await_time_ms=1000) as stream:
            async for change in stream:
                frame = _frame(change["fullDocument"])
                for screen in self._screens:
                    screen.write(frame)


def _message(posted: Posted, now: datetime) -> Document:
    return {
        "_id": ObjectId(),
        "conversation": f"{posted.channel}:{posted.sender.id}",
        "external_id": posted.external_id,
        "channel": posted.channel,
        "sender": {"id": posted.sender.id, "name": posted.sender.name},
        "text": posted.text,
        "at": now,
        "status": "received",
    }


def _moved(new: Sequence[Document]) -> Mapping[str, Any]:
    return {
        "$setOnInsert": {"status": "open", "assignee": None, "created_at": new[0]["at"]},
        "$set": {"last_at": new[-1]["at"], "last_text": new[-1]["text"][:80]},
        "$inc": {"unread": len(new), "seq": len(new)},
    }


def _frame(message: Document) -> bytes:
    told = {
        "type": "message.created",
        "id": str(message["_id"]),
        **{name: message[name] for name in ("conversation", "text", "sender", "channel")},
    }
    payload = msgspec.json.encode(told)
    size = len(payload)
    return (b"\x81" + bytes([size]) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")) + payload


def main(port: str, mongo_url: str, database: str) -> None:
    async def app() -> web.Application:
        hub = MinimalHub(mongo_url, database)
        app = web.Application()
        app.on_startup.append(hub.start)
        app.add_routes([web.post("/m", hub.post), web.get("/ws", hub.screen)])
        return app

    uvloop.install()
    web.run_app(app(), host="127.0.0.1", port=int(port), access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A foreign system that knows a webhook's address and secret."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import aiohttp
from standardwebhooks import Webhook

from hub.app import Hub
from hub.errors import NotFound
from hub.model import Message

_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        return {field["field"]: field["code"] for field in self.body["fields"]}


@dataclass(slots=True)
class Source:
    """A foreign system that knows the webhook's address and secret."""

    hub: Hub
    http: aiohttp.ClientSession
    channel: str
    key: str
    secret: str

    async def send(self, body: object, *, id: str = "", at: datetime | None = None, **headers: str) -> Answer:
        """Signed as the reference library signs; `headers` go over what is right."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        id, at = id or f"msg_{next(_NUMBERS)}", at or datetime.now(UTC)
        right = {
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(id, at, raw.decode()),
        }
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.post(raw, {name: value for name, value in (right | named).items() if value})

    async def post(self, raw: Any, headers: Mapping[str, str], key: str = "") -> Answer:
        url = f"http://127.0.0.1:{self.hub.port}/hooks/{key or self.key}"
        async with self.http.post(url, data=raw, headers=headers) as answer:
            return Answer(answer.status, await answer.json(content_type=None), answer.headers)

    async def message(self, answer: Answer) -> Message:
        id = answer.body["message"]
        return (await self.hub.house.reader.messages_by_id([id]))[id]

    async def stored(self, *ids: str) -> int:
        return len(await self.hub.house.reader.messages_by_id(ids))


def known(hub: Hub, key: str) -> bool:
    try:
        return bool(hub.by_key("webhook", key))
    except NotFound:
        return False


async def until(happened: Any) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.02)

"""A customer's browser with the chat widget open, as far as the hub can tell."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMessageTypeError

Frame = Mapping[str, Any]

ANSWERS_WITHIN_S = 20.0


class Visitor:
    """Speaks the widget's frames (`channels/widget/parse.py`). Raises ClientError, TimeoutError when it is cut off."""

    def __init__(self, ws: ClientWebSocketResponse, name: str) -> None:
        self._ws = ws
        self._name = name
        self._unheard: deque[Frame] = deque()

    @classmethod
    @asynccontextmanager
    async def comes_in(
        cls, http: ClientSession, url: str, key: str, *, name: str, language: str
    ) -> AsyncIterator["Visitor"]:
        """A new browser: it has no token yet and asks for one."""
        async with http.ws_connect(f"{url}/widget/{key}/socket", origin=url) as ws:
            visitor = cls(ws, name)
            await visitor._ask("welcome", {"type": "hello", "language": language})
            await visitor._ask("token", {"type": "begin"})
            yield visitor

    async def types(self, *, on: bool) -> None:
        await self._say({"type": "typing", "on": on})

    async def writes(self, id: str, text: str) -> str:
        """Gives the message's own id once it is stored; `id` is this browser's."""
        stored = await self._ask("stored", {"type": "message", "id": id, "text": text, "name": self._name})
        return str(stored["message"])

    async def hears(self, within_s: float) -> Frame | None:
        """The next reply, marked as delivered; None when none comes in time."""
        try:
            async with asyncio.timeout(within_s):
                while not self._unheard:
                    self._keep(await self._receive())
        except TimeoutError:
            return None
        reply = self._unheard.popleft()
        await self._say({"type": "mark", "message": reply["id"], "state": "delivered"})
        return reply

    async def reads(self, reply: Frame) -> None:
        await self._say({"type": "mark", "message": reply["id"], "state": "read"})

    async def _ask(self, answer: str, frame: Frame) -> Frame:
        """What the hub answers; replies that come in between are kept."""
        await self._say(frame)
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            while True:
                said = await self._receive()
                if said["type"] == answer:
                    return said
                if said["type"] in ("later", "refused"):
                    raise ClientError(f"the hub says {said['type']}: {said['code']}")
                self._keep(said)

    def _keep(self, frame: Frame) -> None:
        if frame["type"] == "message" and not frame["message"]["mine"]:
            self._unheard.append(frame["message"])

    async def _say(self, frame: Frame) -> None:
        await self._ws.send_str(json.dumps(frame))

    async def _receive(self) -> Frame:
        try:
            frame: Frame = json.loads(await self._ws.receive_str())
        except WSMessageTypeError as closed:
            raise ClientError("the hub has closed the socket") from closed
        return frame

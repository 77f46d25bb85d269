"""Senders that keep the responsibility until the hub takes it: what is not acknowledged is sent again, with its id."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from time import monotonic
from typing import Any

import aiohttp
from standardwebhooks import Webhook

from tests.faults.harness import AgentAt, ChannelKeys, HubProcess

THREADS = 40  # webhook conversations that the messages are spread over
TRIES_S = 0.2  # between two tries of the same message
ANSWER_S = 30.0


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One answer of success: `began` and `ended` on the tests' own monotonic clock."""

    message: str
    began: float
    ended: float


@dataclass(slots=True)
class Book:
    """What was sent, and what the hub said of it. The text of each message is its name here, so it is unique."""

    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, list[Acknowledged]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)  # "503", "cut", …
    wrong: list[str] = field(default_factory=list)  # what no sender should ever hear
    retry_after: set[str] = field(default_factory=set)

    def acknowledge(self, name: str, message: str, began: float) -> None:
        self.acknowledged.setdefault(name, []).append(Acknowledged(message, began, monotonic()))

    @property
    def outstanding(self) -> set[str]:
        return self.sent - self.acknowledged.keys()

    def acknowledged_within(self, since: float, until: float) -> list[str]:
        """Those whose whole exchange, from the first byte to the answer, lies in this time."""
        return [
            name
            for name, all in self.acknowledged.items()
            for each in all
            if since <= each.began and each.ended <= until
        ]


@dataclass(slots=True)
class Hooks:
    """Foreign systems that post signed webhooks, `rate` a second in all."""

    hub: HubProcess
    channel: ChannelKeys
    book: Book = field(default_factory=Book)
    name: str = "hook"
    rate: float = 200.0
    senders: int = 24
    ending: bool = False
    random: Random = field(default_factory=lambda: Random(1))
    _numbers: "count[int]" = field(default_factory=count)
    _due: float = 0.0

    async def run(self) -> None:
        limits = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=limits, timeout=aiohttp.ClientTimeout(ANSWER_S)) as http:
            await asyncio.gather(*(self._send_on(http) for _ in range(self.senders)))

    async def _send_on(self, http: aiohttp.ClientSession) -> None:
        while not self.ending:
            await self._turn()
            name = f"{self.name}-{next(self._numbers)}"
            self.book.sent.add(name)
            if self.random.random() < 0.05:  # five times at once
                await asyncio.gather(*(self._until_taken(http, name) for _ in range(5)))
            else:
                await self._until_taken(http, name)

    async def _turn(self) -> None:
        """Who has fallen behind does not catch up in one burst."""
        now = monotonic()
        self._due = max(self._due + 1 / self.rate, now - 0.5)
        await asyncio.sleep(max(0.0, self._due - now))

    async def _until_taken(self, http: aiohttp.ClientSession, name: str) -> None:
        while not await self._try(http, name):
            await asyncio.sleep(TRIES_S)

    async def _try(self, http: aiohttp.ClientSession, name: str) -> bool:
        began = monotonic()
        try:
            status, body, headers = await self.post(http, name)
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            self.book.answers["cut"] += 1
            return False
        self.book.answers[str(status)] += 1
        if status in (200, 202):
            self.book.acknowledge(name, json.loads(body)["message"], began)
            return True
        if status == 503:
            self.book.retry_after.add(headers.get("Retry-After", ""))
        else:
            self.book.wrong.append(f"{name}: {status} {body[:300]!r}")
        return False

    async def post(self, http: aiohttp.ClientSession, name: str, thread: str = "") -> tuple[int, bytes, Any]:
        """One try; `thread` is one of the shared ones unless it is given."""
        thread = thread or f"t{int(name.rpartition('-')[2]) % THREADS}"
        body = json.dumps({"text": name, "thread": thread, "from": {"name": thread, "external_id": thread}})
        now = datetime.now(UTC)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.channel.secret).sign(name, now, body),
        }
        async with http.post(f"{self.hub.url}/hooks/{self.channel.key}", data=body, headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers


@dataclass(slots=True)
class Visitor:
    """One browser with the widget: it keeps what it wrote until the hub says that it is stored."""

    number: int
    token: str = ""
    written: "count[int]" = field(default_factory=count)
    waiting: dict[str, float] = field(default_factory=dict)  # own id → when it was sent last
    heard: list[dict[str, Any]] = field(default_factory=list)  # messages of agents, as shown


@dataclass(slots=True)
class Visitors:
    """People at the widget. Each may write once a second, so `rate` a second needs as many visitors."""

    hub: HubProcess
    channel: ChannelKeys
    book: Book = field(default_factory=Book)
    rate: float = 50.0
    ending: bool = False
    visitors: list[Visitor] = field(default_factory=list)

    async def run(self) -> None:
        self.visitors = [Visitor(number) for number in range(round(self.rate * 1.2))]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            await asyncio.gather(*(self._visit(http, visitor) for visitor in self.visitors))

    async def _visit(self, http: aiohttp.ClientSession, visitor: Visitor) -> None:
        await asyncio.sleep(visitor.number / len(self.visitors))
        while not self.ending or visitor.waiting:
            try:
                async with widget_socket(http, self.hub, self.channel) as ws:
                    await self._chat(ws, visitor)
            except aiohttp.WSServerHandshakeError as error:
                self.book.wrong.append(f"visitor {visitor.number} at the door: {error.status}")
                await asyncio.sleep(0.3)
            except (aiohttp.ClientError, ConnectionError, TimeoutError) as error:
                self.book.answers[str(error) if isinstance(error, Closed) else type(error).__name__] += 1
                await asyncio.sleep(0.3)

    async def _chat(self, ws: aiohttp.ClientWebSocketResponse, visitor: Visitor) -> None:
        await greet(ws, visitor)
        for name in visitor.waiting:
            await self._send(ws, visitor, name)
        due = monotonic()
        while not self.ending or visitor.waiting:
            if not self.ending and monotonic() >= due:
                due = monotonic() + len(self.visitors) / self.rate
                name = f"visitor-{visitor.number:03}-{next(visitor.written)}"
                self.book.sent.add(name)
                await self._send(ws, visitor, name)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2 if self.ending else max(0.01, due - monotonic())):
                    self._hear(visitor, await heard(ws))
            await self._say_again(ws, visitor)

    async def _send(self, ws: aiohttp.ClientWebSocketResponse, visitor: Visitor, name: str) -> None:
        visitor.waiting[name] = monotonic()
        await ws.send_json({"type": "message", "id": name, "text": name})

    async def _say_again(self, ws: aiohttp.ClientWebSocketResponse, visitor: Visitor) -> None:
        """What was told "later", or has had no answer for long."""
        for name, at in list(visitor.waiting.items()):
            if at < monotonic() - 10:
                await self._send(ws, visitor, name)

    def _hear(self, visitor: Visitor, frame: dict[str, Any]) -> None:
        name = frame.get("id")
        match frame["type"]:
            case "stored":
                self.book.answers["stored"] += 1
                self.book.acknowledge(frame["id"], frame["message"], visitor.waiting.pop(frame["id"], monotonic()))
            case "later" if name in visitor.waiting:
                self.book.answers["later"] += 1
                visitor.waiting[name] = monotonic() - 10 + min(frame["retry_after"], 2.0)
            case "message":
                visitor.heard.append(frame["message"])
            case "refused":
                self.book.wrong.append(f"{name}: {frame}")


class Closed(ConnectionError):
    """With the code that the hub gave, 1006 if none."""


def widget_socket(http: aiohttp.ClientSession, hub: HubProcess, channel: ChannelKeys) -> Any:
    return http.ws_connect(
        f"{hub.url}/widget/{channel.key}/socket", origin=hub.url, timeout=aiohttp.ClientWSTimeout(ws_close=5)
    )


async def heard(ws: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    """The next frame. Raises Closed when the other end has gone, however it went."""
    message = await ws.receive()
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise Closed(f"closed {ws.close_code}")
    frame: dict[str, Any] = json.loads(message.data)
    return frame


async def greet(ws: aiohttp.ClientWebSocketResponse, visitor: Visitor) -> dict[str, Any]:
    """As the widget does: a token first, if there is none yet, then hello. Gives the welcome."""
    if not visitor.token:
        await ws.send_json({"type": "begin"})
        while not visitor.token:
            visitor.token = (await heard(ws)).get("token", "")
    while True:
        await ws.send_json({"type": "hello", "token": visitor.token, "after": 0})
        while (frame := await heard(ws))["type"] not in ("welcome", "later"):
            pass
        if frame["type"] == "later":
            await asyncio.sleep(min(frame["retry_after"], 2.0))
        else:
            visitor.heard += [each for each in frame["messages"] if not each["mine"]]
            return frame


@dataclass(slots=True)
class Desk:
    """An agent who takes, passes on, answers, resolves and reopens, without asking how the hub feels."""

    name: str  # of its answers, so that two of them write none alike
    agent: AgentAt
    colleagues: list[str]
    book: Book = field(default_factory=Book)
    ending: bool = False
    random: Random = field(default_factory=lambda: Random(2))
    _numbers: "count[int]" = field(default_factory=count)

    async def run(self) -> None:
        while not self.ending:
            with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                await self._work()
            await asyncio.sleep(0.05)

    async def _work(self) -> None:
        status, page, _ = await self.agent.try_to("GET", "/api/conversations?view=all&limit=50")
        rows = page["items"] if status == 200 else []
        for row in self.random.sample(rows, min(4, len(rows))):
            path = f"/api/conversations/{row['id']}"
            act = self.random.choice(("take", "assign", "resolve", "answer", "answer"))
            if act == "answer" and row["reach"]:
                await self._answer(path, row)
            elif act == "assign":
                seen = row["assignee"] and row["assignee"]["id"]
                to = self.random.choice([*self.colleagues, None])
                self._note(await self.agent.try_to("POST", f"{path}/assign", assignee=to, **{"from": seen}))
            elif act in ("take", "resolve"):
                self._note(await self.agent.try_to("POST", f"{path}/{act}"))

    async def _answer(self, path: str, row: dict[str, Any]) -> None:
        """Sent again with the same id until the hub has taken it, or has refused it for good."""
        name = f"{self.name}-{next(self._numbers):06}"
        body = {"id": name, "text": name, "last_out_seq": row["last_out_seq"]}
        self.book.sent.add(name)
        while True:
            began = monotonic()
            with suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                answer = await self.agent.try_to("POST", f"{path}/replies", **body)
                self._note(answer)
                if answer[0] == 202:
                    return self.book.acknowledge(name, answer[1]["id"], began)
                if answer[0] == 409:
                    return self.book.sent.discard(name)
            await asyncio.sleep(TRIES_S)

    def _note(self, answer: tuple[int, Any, Any]) -> None:
        status, given, _ = answer
        self.book.answers[str(status)] += 1
        if status not in (200, 202, 409, 503):
            self.book.wrong.append(f"{status} {given}")


@asynccontextmanager
async def load(*senders: Hooks | Visitors | Desk) -> AsyncIterator[None]:
    """They send while the block runs; afterwards each goes on until what it has sent is acknowledged."""
    tasks = [asyncio.create_task(each.run()) for each in senders]
    try:
        yield
        for each in senders:
            each.ending = True
        async with asyncio.timeout(ANSWER_S * 3):
            await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""Customers who go on writing through the real channels, for as long as the demo runs.

No chance is at work: visits come in turns, at the pauses below. At most so many wait that a reader is not buried.
"""

import asyncio
import json
import tomllib
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession
from standardwebhooks import Webhook

from hub.demo.cast import HERE
from hub.demo.colleague import Colleague, at_work_on, colleagues, waiting
from hub.demo.visitor import Visitor
from hub.errors import HubError
from hub.inbox.house import House
from hub.model import ChannelRecord

log = structlog.get_logger("hub.demo")

LEASE = "demo-traffic"
LEASE_S = 30.0
ROUND_S = 10.0
AT_ONCE = 3  # visits that go on even while many wait: those may be of before a restart
BEGINS_AFTER_S = (20, 50, 30, 60, 40, 20, 60, 30, 50, 40)  # one after the other
WAIT_MOST = 12
ORDER_EVERY = 4  # every fourth message comes from the order system
TYPES_S = 4.0
READS_AFTER_S = 2.0
COLLEAGUE_AFTER_S = (45.0, 80.0, 60.0, 110.0)
PATIENCE_S = 1_800.0  # then a colleague steps in, however few wait
LOOKS_AFTER_S = 240.0  # colleagues see to what they were given besides
STAYS_S = 90.0  # after their last word, to hear the good-bye

_CUT = (HubError, ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Visit:
    names: Sequence[str]
    language: str
    lines: Sequence[tuple[str, str]]  # who ("customer" or "agent"), and what


class Traffic:
    """`url` is where this hub's door is. `speed` is for tests: how much faster than in life."""

    def __init__(self, house: House, url: str, *, speed: float = 1.0) -> None:
        self._house = house
        self._url = url
        self._speed = speed
        told = tomllib.loads((HERE / "traffic.toml").read_text("utf-8"))
        self._visits = [_visit(each) for each in told["visits"]]
        self._inside = 0
        self._visited: set[str] = set()  # conversations that a visit speaks of
        self._orders: Sequence[Mapping[str, str]] = told["orders"]

    async def run(self) -> None:
        """Until it is cancelled. Only the process that has the lease lets customers in."""
        begun = int(self._house.clock.now().timestamp()) // 60  # not always the same customer first
        due = float(BEGINS_AFTER_S[0])
        async with ClientSession() as http, asyncio.TaskGroup() as visits:
            while True:
                await self._rest(ROUND_S)
                due -= ROUND_S
                if await self._calmly(self._has_room()) and due <= 0:
                    visits.create_task(self._visit(http, begun))
                    begun += 1
                    due = float(BEGINS_AFTER_S[begun % len(BEGINS_AFTER_S)])

    async def _has_room(self) -> bool:
        if not await self._house.leases.hold(LEASE, for_s=LEASE_S):
            return False
        until = self._house.clock.now() - timedelta(seconds=LOOKS_AFTER_S / self._speed)
        for colleague in await colleagues(self._house):
            await colleague.is_here()
            await colleague.keeps_up(self._visited, until)
        return self._inside < AT_ONCE or await waiting(self._house) < WAIT_MOST

    async def _visit(self, http: ClientSession, turn: int) -> None:
        team = await colleagues(self._house)
        colleague = team[turn % len(team)]
        self._inside += 1
        if turn % ORDER_EVERY == 0:
            await self._calmly(self._order(http, turn // ORDER_EVERY, colleague))
        else:
            await self._calmly(self._play(http, turn - turn // ORDER_EVERY - 1, colleague))
        self._inside -= 1

    # --- by the widget

    async def _play(self, http: ClientSession, turn: int, colleague: Colleague) -> bool:
        """The whole visit; False when the customer went without an answer."""
        widget, visit = self._channel("widget"), self._visits[turn % len(self._visits)]
        name = visit.names[turn // len(self._visits) % len(visit.names)]
        pause = COLLEAGUE_AFTER_S[turn % len(COLLEAGUE_AFTER_S)]
        at = {"name": name, "language": visit.language}
        async with Visitor.comes_in(http, self._url, widget.key, **at) as visitor:
            message = ""
            for who, text in visit.lines:
                if who == "customer":
                    message = await self._write(visitor, text)
                    await self._speaks_of(message)
                elif not await self._wait_for_answer(visitor, colleague, message, text, pause):
                    return False
            await self._say_good_bye(visitor, colleague, message)
        return True

    async def _speaks_of(self, message: str) -> None:
        said = (await self._house.reader.messages_by_id([message])).get(message)
        if said:
            self._visited.add(said.conversation)

    async def _write(self, visitor: Visitor, text: str) -> str:
        await visitor.types(on=True)
        await self._rest(TYPES_S + len(text) / 20)
        await visitor.types(on=False)
        return await visitor.writes(self._house.clock.new_id(), text)

    async def _wait_for_answer(
        self, visitor: Visitor, colleague: Colleague, message: str, text: str, pause: float
    ) -> bool:
        """Whoever answers first: the reader, or after a while a colleague who says `text`."""
        waited = 0.0
        while waited < PATIENCE_S + STAYS_S:
            _heed()
            reply = await visitor.hears(pause / self._speed)
            if reply:
                await self._rest(READS_AFTER_S)
                await visitor.reads(reply)
                return True
            waited += pause
            at_work = await at_work_on(self._house, message, colleague, insists=waited > PATIENCE_S)
            if at_work:
                await at_work.types(message)
                await self._rest(TYPES_S + len(text) / 25)
                await at_work.answers(message, text)
        return False

    async def _say_good_bye(self, visitor: Visitor, colleague: Colleague, message: str) -> None:
        while reply := await visitor.hears(STAYS_S / self._speed):
            await visitor.reads(reply)
        if at_work := await at_work_on(self._house, message, colleague, insists=False):
            await at_work.ends(message)

    # --- by the order system

    async def _order(self, http: ClientSession, turn: int, colleague: Colleague) -> bool:
        """A customer's words by the order system, which carries nothing back: a colleague sees to it later."""
        order = self._orders[turn % len(self._orders)]
        message = await self._hand_over(http, order)
        await self._speaks_of(message)
        waited, pause = 0.0, COLLEAGUE_AFTER_S[turn % len(COLLEAGUE_AFTER_S)]
        while waited < PATIENCE_S + STAYS_S:
            await self._rest(pause)
            waited += pause
            at_work = await at_work_on(self._house, message, colleague, insists=waited > PATIENCE_S)
            if at_work:
                await self._rest(READS_AFTER_S)
                await at_work.settles(message, order["note"])
                return True
        return False

    async def _hand_over(self, http: ClientSession, order: Mapping[str, str]) -> str:
        """A signed webhook; gives the message's id."""
        channel = self._channel("webhook")
        id, now = self._house.clock.new_id(), self._house.clock.now()
        sender = {"name": order["name"], "email": order["email"]}
        body = json.dumps({"id": id, "from": sender, "subject": order["subject"], "text": order["text"], "thread": id})
        signature = Webhook(self._house.box.open(channel.secrets[0])).sign(id, now, body)
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        async with http.post(f"{self._url}/hooks/{channel.key}", data=body, headers=headers) as answer:
            answer.raise_for_status()
            return str((await answer.json())["message"])

    # --- how

    def _channel(self, kind: str) -> ChannelRecord:
        channels = [each for each in self._house.directory.channels.values() if each.kind == kind and each.enabled]
        if not channels:
            raise ClientError(f"no {kind} is open")
        return channels[0]

    async def _calmly(self, doing: Awaitable[bool]) -> bool:
        """A customer who was cut off comes back another day."""
        try:
            return await doing
        except _CUT as error:
            log.debug("a customer was cut off", error=type(error).__name__)
            return False

    async def _rest(self, seconds: float) -> None:
        _heed()
        await asyncio.sleep(seconds / self._speed)


def _heed() -> None:
    """Ends a task that was told to end while it asked the store.

    `asyncio.wait_for`, which PyMongo uses, swallows that before Python 3.12 (https://github.com/python/cpython/issues/86296).
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def _visit(told: Mapping[str, Any]) -> Visit:
    lines = [line.partition(": ") for line in told["script"].strip().splitlines()]
    return Visit(told["with"], told["language"], [(who, text) for who, _, text in lines])

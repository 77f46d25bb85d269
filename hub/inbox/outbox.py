"""Lets queued replies go when their undo time is over, oldest first in each conversation.

The queue is the messages themselves. A timer in memory is only a wake-up call: a sweep finds what it missed, and two
processes that send at once meet at the store, where the second finds the reply no longer queued.

A channel whose own sockets take messages from the feed (the widget) needs nothing else: `sent` means the store has
it for the visitor, in whichever process they are.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from hub.ending import end
from hub.errors import HubError
from hub.events import Kind
from hub.inbox.house import House
from hub.inbox.mark import moved
from hub.model import Delivery, Message
from hub.ports import Ref, Sheet, Told

log = structlog.get_logger()

SWEEP_S = 2.0
MOST = 500


@dataclass(slots=True)
class Outbox:
    house: House
    _due: list[datetime] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _task: "asyncio.Task[None] | None" = None

    async def start(self) -> None:
        self.house.feed.listen(self._told, self._sweep_now)
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        await end(self._task)

    async def _told(self, told: Sequence[Told]) -> None:
        for each in told:
            if each.event.kind is Kind.MESSAGE_QUEUED:
                self._due.append(each.event.data["next_at"])
                self._wake.set()

    async def _sweep_now(self) -> None:
        self._due.append(self.house.clock.now())
        self._wake.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._release()
            except HubError as error:  # the store is away: the sweep comes again
                log.warning("outbox waits", code=error.code)
            except Exception:  # whatever it is: other replies, and the next sweep, must not wait for it
                log.exception("outbox stumbled")
            await self._rest()

    async def _release(self) -> None:
        now = self.house.clock.now()
        self._due = [at for at in self._due if at > now]
        due = await self.house.reader.due(now, MOST)
        await asyncio.gather(*(self.house.filing.submit(Release(message.id)) for message in due))

    async def _rest(self) -> None:
        """Until the next reply is due, a new one is queued, or the sweep."""
        soonest = min((at - self.house.clock.now()).total_seconds() for at in self._due) if self._due else SWEEP_S
        self._wake.clear()
        try:
            await asyncio.wait_for(self._wake.wait(), max(0.001, min(soonest, SWEEP_S)))
        except TimeoutError:
            return


@dataclass(frozen=True, slots=True)
class Release:
    """A queued reply goes out: from here on it cannot be taken back."""

    message: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Message, self.message)]

    def decide(self, sheet: Sheet) -> None:
        message = sheet.get(Message, self.message)
        if message and message.delivery is Delivery.QUEUED and message.next_at and message.next_at <= sheet.now:
            moved(sheet, message, Delivery.SENT)

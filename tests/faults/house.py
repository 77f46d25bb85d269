"""A hub with a small company in it, a webhook and a widget, ready to be put under load."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient

from tests.faults.harness import AgentAt, ChannelKeys, HubProcess, add_channel, hubs, set_up, signed_in
from tests.faults.ledger import Findings, examine
from tests.faults.load import Book


@dataclass(slots=True)
class House:
    hub: HubProcess
    ana: AgentAt
    webhook: ChannelKeys
    widget: ChannelKeys

    async def examine(self, *books: Book, mongo_url: str = "") -> Findings:
        async with AsyncMongoClient[Any](mongo_url or self.hub.engines()["mongo_url"]) as mongo:
            return await examine(mongo[self.hub.env.get("HUB_DATABASE", "balcao")], *books)


@asynccontextmanager
async def open_house(folder: Path, env: Mapping[str, str] | None = None) -> AsyncIterator[House]:
    hub = HubProcess(folder, env=env or {})
    async with hubs(hub):
        await set_up(hub)
        async with signed_in(hub) as ana:
            yield House(hub, ana, await add_channel(ana, "webhook"), await add_channel(ana, "widget"))

"""The engines of one HUB_DATA folder, for as long as they are needed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from hub.engines import mongod, valkey
from hub.engines.engine import Engine, Recipe
from hub.engines.folder import Holder, Who, addresses_of, announce, hold_or_find

log = structlog.get_logger("hub.engines")


class Place(Protocol):
    """What the engines need to know of the settings."""

    @property
    def data(self) -> Path: ...
    @property
    def mongo_url(self) -> str | None: ...
    @property
    def redis_url(self) -> str | None: ...
    @property
    def oplog_mb(self) -> int: ...


@dataclass(frozen=True, slots=True, repr=False)
class Addresses:
    """They hold passwords, hence no `repr`."""

    mongo_url: str
    redis_url: str


@asynccontextmanager
async def attach_or_start(
    place: Place, prepare: Callable[[str], Awaitable[None]], who: Who = Who.COMMAND
) -> AsyncIterator[Addresses]:
    """MongoDB and Redis for as long as the block runs.

    Those whose address is set; else those of the `hub serve` or `hub engines` that runs on the folder; else our own.
    `prepare` makes a bare mongod ready (`hub.store.bootstrap.make_ready`). To be entered from the main thread.
    Raises Refused when another hub keeps the folder, Unavailable when an engine cannot be started.
    """
    if place.mongo_url and place.redis_url:
        yield Addresses(place.mongo_url, place.redis_url)
        return
    async with AsyncExitStack() as stack:
        lock = stack.enter_context(ExitStack())
        holder = await hold_or_find(lock, place.data, who)
        yield await (_attach(place, holder) if holder else _start(stack, place, prepare))


async def _attach(place: Place, holder: Holder) -> Addresses:
    theirs = await addresses_of(place.data, holder)
    return Addresses(place.mongo_url or theirs["mongo_url"], place.redis_url or theirs["redis_url"])


async def _start(stack: AsyncExitStack, place: Place, prepare: Callable[[str], Awaitable[None]]) -> Addresses:
    running: dict[str, Engine] = {}
    folders = {"mongod": place.data / "mongod", "valkey": place.data / "valkey"}

    def tell() -> None:
        pids = {name: engine.pid for name, engine in running.items()}
        announce(place.data, {"mongo_url": addresses.mongo_url, "redis_url": addresses.redis_url, "pids": pids})

    async def start(recipe: Recipe) -> int:
        engine = running[recipe.name] = Engine(recipe, tell)
        await engine.start()
        stack.push_async_callback(engine.stop)
        log.info("engine up", engine=recipe.name, port=engine.port, pid=engine.pid)
        return engine.port

    redis_url = place.redis_url or valkey.address(folders["valkey"], await start(valkey.recipe(folders["valkey"])))
    mongo_url = place.mongo_url or mongod.address(
        folders["mongod"], await start(mongod.recipe(folders["mongod"], oplog_mb=place.oplog_mb, prepare=prepare))
    )
    addresses = Addresses(mongo_url, redis_url)
    tell()
    return addresses

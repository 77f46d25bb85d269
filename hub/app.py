"""Everything is wired here, once. The only module that imports all the others; it hands out the clock."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import chain

import structlog
from aiohttp import web

from hub import demo
from hub.box import FernetBox
from hub.channels.registry import kinds
from hub.clock import SystemClock
from hub.ending import end
from hub.engines import Addresses, Who, attach_or_start
from hub.ephemeral import Redis
from hub.errors import HubError, Refused
from hub.events import Kind
from hub.inbox.demo import begin_demo, demo_is_on, end_demo
from hub.inbox.desk import HouseDesks
from hub.inbox.directory import Directory
from hub.inbox.house import House
from hub.inbox.outbox import Outbox
from hub.inbox.setup import check_setup_token, new_setup_link
from hub.model import Language, Quarantined, Received, User
from hub.ports import Channel, Desk, Told
from hub.routing.engine import Engine
from hub.routing.language import language_of
from hub.settings import Settings, secret_keys
from hub.store.bootstrap import make_ready
from hub.store.database import Database, connect
from hub.store.feed import ChangeStreamFeed
from hub.store.files import GridFiles
from hub.store.filing import GroupFiling
from hub.store.migrations import migrate
from hub.store.reader import MongoReader
from hub.store.sessions import MongoSessions
from hub.web.live import Live
from hub.web.site import site

log = structlog.get_logger()

ROLES = frozenset({"web", "pollers", "routing", "delivery"})
BACKLOG = 2_048  # connections the system holds while we are busy
SWEEP_FILES_S = 3_600.0
FOLLOW_AGAIN_S = 1.0
GRACE_S = 1.0  # for the other processes to leave the demo before its database is dropped


async def serve(settings: Settings, roles: frozenset[str] = ROLES, *, with_demo: bool = False) -> None:
    """Runs the hub until it is cancelled."""
    async with attach_or_start(settings, make_ready, Who.HUB) as addresses:
        door = _door(settings) if "web" in roles else None
        hub = Hub(settings, addresses, roles, door)
        async with hub.open(), AsyncExitStack() as doors:
            if with_demo:
                await hub.refuse_beside_a_company()
                await hub.show_demo()
            if door:
                await doors.enter_async_context(listening(hub, door))
                await hub.greet()
            _look_less_often_for_garbage()
            log.info("ready", port=hub.port, roles=sorted(roles))
            await asyncio.Event().wait()


@asynccontextmanager
async def back_room(settings: Settings) -> AsyncIterator[House]:
    """The house as a command uses it, beside a running hub or without one: it reads and files, and no more."""
    async with attach_or_start(settings, make_ready) as addresses:
        database = connect(addresses.mongo_url, settings.database)
        await migrate(database)
        parts = _parts(database, settings, addresses.redis_url)
        await parts.filing.start()
        try:
            await parts.house.directory.refresh()
            yield parts.house
        finally:
            await parts.filing.stop()
            await parts.redis.stop()
            await database.client.close()


def _look_less_often_for_garbage() -> None:
    """What stands after the start stays: looking through it again and again took a third of the time under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def _learn_languages() -> None:
    """In a thread, now: so that no customer's first line has to wait for it."""
    await asyncio.to_thread(language_of, "Bom dia!")


def _door(settings: Settings) -> socket.socket:
    """Bound before anything else, so that a taken port is said at once and the port is known."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Refused(
            "port_taken",
            f"The hub cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Stop what uses it, or choose another: HUB_PORT=8090 make run",
        ) from error


@asynccontextmanager
async def listening(hub: "Hub", door: socket.socket) -> AsyncIterator[None]:
    """Opens the door, and closes it in good order."""
    routes = [*chain.from_iterable(kind.routes(hub) for kind in kinds().values()), *demo.routes(hub.demo_widget_key)]
    runner = web.AppRunner(site(hub, routes), access_log=None, handle_signals=False, shutdown_timeout=3.0)
    await runner.setup()
    try:
        await web.SockSite(runner, door, backlog=BACKLOG).start()
        yield
    finally:
        await hub.hang_up()
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Parts:
    """One company's house, and those of its parts that have to be started."""

    database: Database
    house: House
    filing: GroupFiling
    feed: ChangeStreamFeed
    redis: Redis
    desks: HouseDesks


def _parts(database: Database, settings: Settings, redis_url: str, public_url: str = "") -> Parts:
    clock = SystemClock()
    filing, feed, reader = GroupFiling(database, clock), ChangeStreamFeed(database), MongoReader(database)
    redis, desks = Redis(redis_url, database.name, clock), HouseDesks()
    house = House(
        clock=clock,
        filing=filing,
        reader=reader,
        files=GridFiles(database, clock),
        feed=feed,
        presence=redis,
        leases=redis,
        sessions=MongoSessions(database, clock),
        box=FernetBox(secret_keys(settings)),
        directory=Directory(reader),
        desks=desks,
        kinds=kinds(),
        undo_s=settings.undo_s,
        public_url=public_url or settings.public_url,
    )
    return Parts(database, house, filing, feed, redis, desks)


@dataclass(frozen=True, slots=True)
class Rooms:
    """One company at work in this process."""

    parts: Parts
    live: Live
    stack: AsyncExitStack

    async def close(self, why: str) -> None:
        await self.live.close(why)
        await self.stack.aclose()


class Hub:
    """The process. Implements `web.front.Front`, and `ports.Desks` for the routes of the channels.

    It serves one company at a time: the real one, or the demo company from a database of its own.
    """

    def __init__(
        self, settings: Settings, addresses: Addresses, roles: frozenset[str], door: socket.socket | None = None
    ) -> None:
        self.settings = settings
        self.roles = roles
        self.port: int = door.getsockname()[1] if door else settings.port
        self.behind_proxy = settings.behind_proxy
        self._redis_url = addresses.redis_url
        self._real = connect(addresses.mongo_url, settings.database)
        self._demo = self._real.beside(f"{settings.database}_demo")
        self._registry = _parts(self._real, settings, self._redis_url)  # where the demo's mark is kept
        self._open: Rooms | None = None
        self._switching = asyncio.Lock()
        self._beginning_or_ending = asyncio.Lock()  # of the demo: what is asked twice at once is done once
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        await migrate(self._real)
        await self._registry.filing.start()
        on = await demo_is_on(self._registry.house)
        if on:  # an older hub may have made it
            await migrate(self._demo)
        self._open = await self._enter(self._demo if on else self._real)
        try:
            yield
        finally:
            for task in tuple(self._tasks):
                await end(task)
            await self._rooms.close("stopping")
            await self._registry.filing.stop()
            await self._real.client.close()

    @property
    def _rooms(self) -> Rooms:
        assert self._open, "the hub is not open"
        return self._open

    async def hang_up(self) -> None:
        """Closes every socket, so that the door does not wait for them: browsers come back to whoever is there next."""
        await self.live.close("stopping")
        await self._rooms.parts.desks.stop()

    # --- what the web asks of the front

    @property
    def house(self) -> House:
        return self._rooms.parts.house

    @property
    def live(self) -> Live:
        return self._rooms.live

    @property
    def public_url(self) -> str:
        """With port 0 (any free one) only the door knows the port."""
        url = self.settings.public_url
        return url if self.settings.port else f"http://localhost:{self.port}"

    async def begin_demo(self, token: str, language: Language) -> User:
        if self.in_demo:
            raise Refused("already_set_up", "The demo company is open already. Sign in, or end it first.")
        await check_setup_token(self.house, token)
        await self.show_demo(language)
        return demo.admin_of(self.house)

    async def end_demo(self) -> str | None:
        async with self._beginning_or_ending:
            if not self.in_demo:
                raise Refused("no_demo", "No demo company is open.")
            await end_demo(self._registry.house)
            await end_demo(self.house)  # the other processes follow the demo's own feed
            await self._switch(self._real)
            await asyncio.sleep(GRACE_S)
            await self._demo.drop()
        link = await new_setup_link(self.house)
        return link and link.removeprefix(self.house.public_url)

    async def health(self) -> Mapping[str, str | None]:
        parts = self._rooms.parts
        return {
            "store": None if await parts.database.answers() else "The message store does not answer.",
            "feed": None if parts.feed.running else "The feed is cut; it is being opened again.",
            "ephemeral": None if await parts.redis.answers() else "Redis does not answer: no typing, no presence.",
        }

    # --- what the channels' routes ask of the desks: those of whichever company is open

    def by_key(self, kind: str, key: str) -> Desk:
        return self._rooms.parts.desks.by_key(kind, key)

    def channel(self, kind: str, key: str) -> Channel:
        return self._rooms.parts.desks.channel(kind, key)

    async def read_again(self, kept: Quarantined, raw: bytes) -> Received:
        return await self._rooms.parts.desks.read_again(kept, raw)

    # --- one company or the other

    @property
    def in_demo(self) -> bool:
        return self._rooms.parts.database is self._demo

    async def demo_widget_key(self) -> str | None:
        """For the demo's shop page."""
        channels = self.house.directory.channels.values() if self.in_demo else ()
        return next((channel.key for channel in channels if channel.kind == "widget"), None)

    async def refuse_beside_a_company(self) -> None:
        """While the demo is open the real company's channels are closed: nobody should do that by a look around."""
        await self._registry.house.directory.refresh()
        if self._registry.house.directory.is_set_up:
            raise Refused(
                "company_here",
                "A company lives here already, and would be closed while the demo is open. "
                "Give the demo a folder of its own: HUB_DATA=var/demo hub demo",
            )

    async def show_demo(self, language: Language = Language.PT_BR) -> None:
        """Serves the demo company, made afresh unless it is open already."""
        async with self._beginning_or_ending:
            if not self.in_demo:
                await self._make_demo(language)

    async def _make_demo(self, language: Language) -> None:
        await self._demo.drop()
        await migrate(self._demo)
        parts = _parts(self._demo, self.settings, self._redis_url)
        await parts.filing.start()
        try:
            await demo.seed(parts.house, language)
            await begin_demo(parts.house)  # a second mark, inside: its end is told to whoever serves the demo
        finally:
            await parts.filing.stop()
            await parts.redis.stop()
        await begin_demo(self._registry.house)
        await self._switch(self._demo)

    async def greet(self) -> None:
        """Prints the one link, or the demo's three."""
        if self.in_demo:
            links = await demo.entry_links(self.house, self.public_url)
            print(demo.greeting(links, self.public_url), flush=True)
        else:
            link = await new_setup_link(self.house) or self.public_url
            print(f"\n  Balcão is open:  {link}\n", flush=True)

    async def _switch(self, database: Database) -> None:
        async with self._switching:
            old = self._rooms
            if old.parts.database is not database:
                self._open = await self._enter(database)
                await old.close("switched")

    async def _enter(self, database: Database) -> Rooms:
        """Opens one company: the writer and the feed first, then those who listen."""
        parts = _parts(database, self.settings, self._redis_url, self.public_url)
        house, live, stack = parts.house, Live(parts.house), AsyncExitStack()
        stack.push_async_callback(parts.redis.stop)
        await parts.filing.start()
        stack.push_async_callback(parts.filing.stop)
        await parts.feed.start()
        stack.push_async_callback(parts.feed.stop)
        house.feed.listen(self._told, self._lost)
        await house.directory.start(house.feed)
        await parts.redis.start()
        await live.start()
        await parts.desks.start(house)
        stack.push_async_callback(parts.desks.stop)
        if "delivery" in self.roles:
            outbox = Outbox(house)
            await outbox.start()
            stack.push_async_callback(outbox.stop)
            self._in_background(stack, self._sweep_files(parts))
        self._in_background(stack, _learn_languages())
        if "routing" in self.roles:
            engine = Engine(house)
            await engine.start()
            stack.push_async_callback(engine.stop)
        if database is self._demo and "web" in self.roles:
            self._in_background(stack, demo.Traffic(house, f"http://127.0.0.1:{self.port}").run())
        return Rooms(parts, live, stack)

    def _in_background(self, stack: AsyncExitStack, work: Coroutine[None, None, None]) -> None:
        stack.push_async_callback(end, asyncio.create_task(work))

    async def _sweep_files(self, parts: Parts) -> None:
        files = GridFiles(parts.database, parts.house.clock)
        while True:
            await asyncio.sleep(SWEEP_FILES_S)
            try:
                if await parts.house.leases.hold("sweep-files", for_s=SWEEP_FILES_S / 2):
                    log.info("swept files", gone=await files.sweep())
            except HubError as error:
                log.warning("files not swept", code=error.code)

    # --- another process began or ended the demo, or filled in the first-run page

    async def _told(self, told: Sequence[Told]) -> None:
        kinds_told = {each.event.kind for each in told}
        if Kind.DEMO_STARTED in kinds_told or Kind.DEMO_ENDED in kinds_told:
            self._soon(self._follow_demo())

    async def _lost(self) -> None:
        self._soon(self._follow_demo())

    async def _follow_demo(self) -> None:
        """Until it is done: nobody would tell us again."""
        while True:
            try:
                on = await demo_is_on(self._registry.house)
                return await self._switch(self._demo if on else self._real)
            except HubError as error:
                log.warning("company not switched", code=error.code)
                await asyncio.sleep(FOLLOW_AGAIN_S)

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

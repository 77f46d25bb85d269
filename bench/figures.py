"""The figures: each is measured in turns with its floor, and judged by the median of the pairs' ratios."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import choosing, handing, load, ruling, servers
from bench.servers import Engines, Hub, Server
from hub.model import Availability

SENDERS = 64
CROWD = 1_024
SCREENS = 50
PACES = (50, 500)  # messages a second
WIDGETS = 5_000
WAITING = 10_000  # conversations in the queue
CLAIMS = 50  # a second
RING = 10_000  # events that the hub keeps at hand


@dataclass(frozen=True, slots=True)
class Pace:
    """How long, and how often, each figure is measured."""

    pairs: int
    seconds: float
    widgets: int = WIDGETS
    waiting: int = WAITING


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ratio` is held against `bar`: at least it, or at most it when `at_most`."""

    what: str
    ours: str
    floor: str
    ratio: float
    bar: float
    at_most: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        return self.ratio <= self.bar if self.at_most else self.ratio >= self.bar


@dataclass(frozen=True, slots=True)
class Bench:
    engines: Engines
    folder: Path
    pace: Pace

    async def throughput(self) -> Sequence[Figure]:
        """Signed webhooks durably filed, of known customers and of new ones."""
        rounds: list[tuple[float, float, float]] = []
        async with self._both("throughput") as (floor, hub):
            for _ in range(self.pace.pairs):
                rounds.append(
                    (
                        await self._filed(floor),
                        await self._filed(hub),
                        await self._filed(hub, servers.somebody_new),
                    )
                )
        floors, known, new = (median(column) for column in zip(*rounds, strict=True))
        return [
            Figure(
                f"webhooks filed, {SENDERS} senders, known customers",
                f"{known:,.0f}/s",
                f"{floors:,.0f}/s",
                median(ours / least for least, ours, _ in rounds),
                0.40,
            ),
            Figure(
                "the same, each from a new customer (beside the line above)",
                f"{new:,.0f}/s",
                f"{known:,.0f}/s",
                median(stranger / ours for _, ours, stranger in rounds),
                0.50,
            ),
        ]

    async def screens(self) -> Sequence[Figure]:
        """Webhook in → frame on the screens of 50 agents."""
        async with self._both("screens") as (floor, hub):
            return [figure for pace in PACES for figure in await self._screens(floor, hub, pace)]

    async def overload(self) -> Sequence[Figure]:
        """1,024 senders at once, who come again when they are told to."""
        peaks, crowds = [], []
        async with servers.hub(self.engines, "bench_overload", self.folder) as hub:
            await _warm(hub)
            for _ in range(self.pace.pairs):
                peaks.append(await self._filed(hub))
                crowds.append(await self._crowd(hub))
        goodputs = [crowd.goodput for crowd in crowds]
        return [
            Figure(
                f"overload, {CROWD:,} senders: longest wait of an accepted one (beside the median)",
                f"{1000 * median(crowd.longest for crowd in crowds):,.0f} ms",
                f"{1000 * median(crowd.median for crowd in crowds):,.0f} ms",
                median(crowd.longest / crowd.median for crowd in crowds),
                5,
                at_most=True,
                note=f"worst {max(crowd.longest / crowd.median for crowd in crowds):.1f}",
            ),
            Figure(
                "overload: goodput (beside the peak)",
                f"{median(goodputs):,.0f}/s",
                f"{median(peaks):,.0f}/s",
                median(goodput / peak for goodput, peak in zip(goodputs, peaks, strict=True)),
                0.8,
            ),
            Figure(
                "overload: 503 with Retry-After, 99 % within (beside an accepted one's median)",
                f"{1000 * median(crowd.refused_p99 for crowd in crowds):,.0f} ms",
                f"{1000 * median(crowd.median for crowd in crowds):,.0f} ms",
                median(crowd.refused_p99 / crowd.median for crowd in crowds),
                1,
                at_most=True,
                note=f"{sum(crowd.refused for crowd in crowds):,} refused",
            ),
        ]

    async def memory(self) -> Sequence[Figure]:
        """Each idle widget socket, after one message."""
        rounds = []
        for n in range(self.pace.pairs):
            async with servers.bare_socket() as floor:
                least = await self._per_socket(floor, floor.screen, _say_something)
            async with servers.hub(self.engines, f"bench_memory_{n}", self.folder) as hub:
                await _warm(hub, RING)
                rounds.append((least, await self._per_socket(hub, hub.widget, _write_to_the_desk)))
        return [
            Figure(
                f"memory per idle widget socket, {self.pace.widgets:,} of them",
                f"{median(ours for _, ours in rounds):,.1f} kB",
                f"{median(least for least, _ in rounds):,.1f} kB",
                median(ours / least for least, ours in rounds),
                2,
                at_most=True,
            )
        ]

    async def choosing(self) -> Sequence[Figure]:
        """One choice, in CPU time."""
        rounds = [[choosing.pair(count, 100_000) for count in choosing.CROWDS] for _ in range(self.pace.pairs)]
        columns = list(zip(choosing.CROWDS, zip(*rounds, strict=True), strict=True))
        return [
            Figure(
                f"one choice over {count:,} agents with 5 skills each (beside the least laden of them)",
                f"{median(ours for _, ours in pairs):,.0f} µs",
                f"{median(least for least, _ in pairs):,.0f} µs",
                median(ours / least for least, ours in pairs),
                25,
                at_most=True,
            )
            for count, pairs in columns
        ]

    async def ruling(self) -> Sequence[Figure]:
        """Two hundred rules on one message, and the costliest single rule, in CPU time."""
        messages = {"a line of chat": ruling.LINE, "a mail of 2 kB": ruling.MAIL}
        rounds = [[ruling.pair(text, 100) for text in messages.values()] for _ in range(self.pace.pairs)]
        columns = zip(messages, zip(*rounds, strict=True), strict=True)
        name, ms = ruling.slowest(3)
        worst = f"the costliest rule found ({name}) on a text of 1 MB; the bar is 50 ms"
        return [
            *(
                Figure(
                    f"{ruling.RULES} rules on {message} (beside the same patterns in bare RE2)",
                    f"{median(ours for _, ours in pairs):,.0f} µs",
                    f"{median(bare for bare, _ in pairs):,.0f} µs",
                    median(ours / bare for bare, ours in pairs),
                    3,
                    at_most=True,
                )
                for message, pairs in columns
            ),
            Figure(worst, f"{ms:,.0f} ms", "50 ms", ms / 50, 1, at_most=True),
        ]

    async def claim(self) -> Sequence[Figure]:
        """A new conversation → given to somebody, on a screen; an agent is free."""
        rounds = []
        for n in range(self.pace.pairs):
            bare = await handing.bare_waits(
                self.engines.mongo_url, f"bench_bare_claim_{n}", int(CLAIMS * self.pace.seconds), CLAIMS
            )
            rounds.append((_part(bare, 0.99), await self._given_on_screen(f"bench_claim_{n}")))
        return [
            Figure(
                f"new conversation → given, on a screen, at {CLAIMS}/s, p99 (beside a bare claim → change stream)",
                f"{1000 * median(ours for _, ours in rounds):.1f} ms",
                f"{1000 * median(least for least, _ in rounds):.1f} ms",
                median(ours / least for least, ours in rounds),
                4,
                at_most=True,
            )
        ]

    async def queue(self) -> Sequence[Figure]:
        """Many wait, and the whole staff comes at once."""
        rounds, fullest = [], 0
        for n in range(self.pace.pairs):
            bare = await handing.bare_rate(self.engines.mongo_url, f"bench_bare_queue_{n}", self.pace.waiting)
            ours, most = await self._handed_out(f"bench_queue_{n}")
            rounds.append((bare, ours))
            fullest = max(fullest, most)
        return [
            Figure(
                f"{self.pace.waiting:,} waiting, {handing.AGENTS} agents come at once (beside bare claims by 50)",
                f"{median(ours for _, ours in rounds):,.0f}/s",
                f"{median(least for least, _ in rounds):,.0f}/s",
                median(ours / least for least, ours in rounds),
                0.2,
                note=f"fullest {fullest} of {handing.CAPACITY}",
            )
        ]

    # --- one measurement --------------------------------------------------------------------------------

    @asynccontextmanager
    async def _both(self, name: str) -> AsyncIterator[tuple[Server, Hub]]:
        async with (
            servers.minimal_hub(self.engines, f"bench_floor_{name}") as floor,
            servers.hub(self.engines, f"bench_{name}", self.folder) as hub,
        ):
            for server in (floor, hub):
                await _warm(server)
            yield floor, hub

    async def _filed(self, server: Server, who: servers.WhoIs = servers.one_of_many) -> float:
        """A second."""
        messages = server.messages(int(8_000 * self.pace.seconds), who)
        answers = await load.all_at_once(server.place, iter(messages), senders=SENDERS, seconds=self.pace.seconds)
        _all_accepted(answers)
        return _rate(answers)

    async def _crowd(self, hub: Server) -> "Crowd":
        messages = hub.messages(int(8_000 * self.pace.seconds))
        answers = await load.all_at_once(hub.place, iter(messages), senders=CROWD, seconds=self.pace.seconds)
        waits = sorted(answer.took for answer in answers if answer.accepted)
        refused = sorted(answer.took for answer in answers if not answer.accepted)
        if any(answer.status != 503 or answer.retry_after is None for answer in answers if not answer.accepted):
            raise RuntimeError(f"under load only 503 with Retry-After may be said, not {_statuses(answers)}")
        return Crowd(_rate(answers), median(waits), waits[-1], _part(refused, 0.99), len(refused))

    async def _screens(self, floor: Server, hub: Server, pace: int) -> Sequence[Figure]:
        rounds = []
        for _ in range(self.pace.pairs):
            rounds.append((await self._shown(floor, pace), await self._shown(hub, pace)))
        return [
            Figure(
                f"webhook → {SCREENS} screens at {pace}/s, p{percent}",
                f"{1000 * median(ours[which] for _, ours in rounds):.1f} ms",
                f"{1000 * median(least[which] for least, _ in rounds):.1f} ms",
                median(ours[which] / least[which] for least, ours in rounds),
                bar,
                at_most=True,
            )
            for which, (percent, bar) in enumerate(((50, 2), (99, 3)))
        ]

    async def _handed_out(self, name: str) -> tuple[float, int]:
        """A second; and the units of who holds the most."""
        async with (
            servers.hub(self.engines, name, self.folder) as hub,
            handing.store(self.engines.mongo_url, name) as store,
        ):
            await handing.hire(store, handing.CAPACITY)
            messages = hub.messages(self.pace.waiting, servers.somebody_new)
            _all_accepted(await load.all_at_once(hub.place, iter(messages), senders=SENDERS, seconds=120))
            await handing.all_told(store, self.pace.waiting)
            return await handing.given(store, self.pace.waiting), await handing.fullest(store)

    async def _given_on_screen(self, name: str) -> float:
        """p99 of the time from sending a message to the frame that says whose it is, in seconds."""
        screen = Screen(b'"kind":"conversation.assigned"')
        async with (
            servers.hub(self.engines, name, self.folder) as hub,
            handing.store(self.engines.mongo_url, name) as store,
        ):
            await handing.hire(store, 1_000, Availability.AVAILABLE)
            socket = await load.socket(hub.place, hub.screen, screen.heard, hub.screen_headers)
            warm, messages = (
                hub.messages(many, servers.somebody_new) for many in (CLAIMS, int(CLAIMS * self.pace.seconds))
            )
            first = int(_MARK.findall(messages[0])[-1])
            _all_accepted(await load.at_a_pace(hub.place, warm, per_second=CLAIMS))
            answers = await load.at_a_pace(hub.place, messages, per_second=CLAIMS)
            _all_accepted(answers)
            await _until(lambda: len(screen.seen) >= len(warm) + len(messages), 20)
            socket.close()
        took = sorted(at - answers[n - first].sent for n, at in screen.seen.items() if n >= first)
        if len(took) != len(messages):
            raise RuntimeError(f"{len(messages) - len(took)} were never given")
        return _part(took, 0.99)

    async def _shown(self, server: Server, pace: int) -> tuple[float, float]:
        """p50 and p99 of the time from sending a message to its frame, over all screens, in seconds."""
        wall = [Screen() for _ in range(SCREENS)]
        sockets = [await load.socket(server.place, server.screen, one.heard, server.screen_headers) for one in wall]
        messages = server.messages(int(pace * self.pace.seconds))
        first = int(_MARK.findall(messages[0])[-1])
        answers = await load.at_a_pace(server.place, messages, per_second=pace)
        _all_accepted(answers)
        await _until(lambda: all(len(screen.seen) >= len(messages) for screen in wall), 5)
        for socket in sockets:
            socket.close()
        took = sorted(at - answers[n - first].sent for screen in wall for n, at in screen.seen.items() if n >= first)
        if len(took) != len(messages) * SCREENS:
            raise RuntimeError(f"{len(messages) * SCREENS - len(took)} frames never came")
        return _part(took, 0.5), _part(took, 0.99)

    async def _per_socket(self, server: Server, path: str, speak: "Speak") -> float:
        """kB."""
        before = servers.resident_kb(server.pid)
        headers = {"Origin": f"http://127.0.0.1:{server.place.port}"}
        opened: list[load.Socket] = []
        for _ in range(0, self.pace.widgets, SENDERS):
            opened += await asyncio.gather(*(speak(server.place, path, headers) for _ in range(SENDERS)))
        await asyncio.sleep(2)
        after = servers.resident_kb(server.pid)
        for socket in opened:
            socket.close()
        return (after - before) / len(opened)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Times in seconds; `goodput` a second."""

    goodput: float
    median: float
    longest: float
    refused_p99: float
    refused: int


class Screen:
    """When each message was seen first, by its number; in a frame with these words."""

    def __init__(self, words: bytes = b"") -> None:
        self.seen: dict[int, float] = {}
        self._words = words

    def heard(self, frame: bytes) -> None:
        if self._words in frame and (found := _MARK.search(frame)):
            self.seen.setdefault(int(found[1]), perf_counter())


_MARK = re.compile(rb"bm-(\d+)-")

Speak = Callable[[load.Place, str, Mapping[str, str]], Awaitable[load.Socket]]


async def _say_something(place: load.Place, path: str, headers: Mapping[str, str]) -> load.Socket:
    answered = asyncio.Event()
    socket = await load.socket(place, path, lambda frame: answered.set(), headers)
    socket.say(f"{servers.TEXT} bm-0-")
    await answered.wait()
    return socket


async def _write_to_the_desk(place: load.Place, path: str, headers: Mapping[str, str]) -> load.Socket:
    """As the widget does: hello, a token, the message, and wait until it is stored."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    socket = await load.socket(place, path, heard.put_nowait, headers)
    for frame, answer in _WIDGET_TALK:
        socket.say(frame)
        while answer not in await heard.get():
            pass
    return socket


_WIDGET_TALK = (
    ('{"type":"hello","language":"pt-BR"}', b'"welcome"'),
    ('{"type":"begin"}', b'"token"'),
    (f'{{"type":"message","id":"bench-message-1","text":"{servers.TEXT}"}}', b'"stored"'),
)


async def _warm(server: Server, more: int = 0) -> None:
    """Everybody has a conversation, and the process has seen every kind of work."""
    messages = server.messages(servers.PEOPLE + more + 500)
    _all_accepted(await load.all_at_once(server.place, iter(messages), senders=SENDERS, seconds=120))


async def _until(happened: Callable[[], bool], seconds: float) -> None:
    for _ in range(int(seconds / 0.05)):
        if happened():
            return
        await asyncio.sleep(0.05)


def _rate(answers: Sequence[load.Answer]) -> float:
    accepted = [answer for answer in answers if answer.accepted]
    began = min(answer.sent for answer in answers)
    ended = max(answer.sent + answer.took for answer in accepted)
    return len(accepted) / (ended - began)


def _part(ascending: Sequence[float], part: float) -> float:
    return ascending[min(len(ascending) - 1, int(part * len(ascending)))] if ascending else 0.0


def _all_accepted(answers: Sequence[load.Answer]) -> None:
    if not all(answer.accepted for answer in answers):
        raise RuntimeError(f"everything had to be accepted, but the answers were {_statuses(answers)}")


def _statuses(answers: Sequence[load.Answer]) -> Mapping[int, int]:
    return {status: sum(a.status == status for a in answers) for status in sorted({a.status for a in answers})}

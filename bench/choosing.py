"""What one choice costs, beside one look at each agent: in CPU time, so that a busy machine changes little."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import process_time_ns

from hub.model import Needs
from hub.routing.choose import Context, choose
from hub.routing.seats import Seat

CROWDS = (200, 2_000)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONTEXT = Context(NOW, NOW - timedelta(seconds=30), "widget", flood=3)
NEEDS = Needs(require={"billing": 2, "lang-pt": 3}, prefer={"refunds": 3}, teams=("desk", "nights"), weight=2)
SKILLS = ("billing", "lang-pt", "refunds", "orders", "returns")


def seats(count: int) -> Sequence[Seat]:
    """Everybody has five skills and is here; two in three could take it, the others lack a level or have no room."""
    return [_seat(n) for n in range(count)]


def _seat(n: int) -> Seat:
    skills = dict.fromkeys(SKILLS, 5) | ({"lang-pt": 2} if n % 6 == 0 else {})
    load = 10 if n % 6 == 3 else n % 7
    return Seat(f"agent-{n:04}", True, frozenset({"desk"}), skills, load=load, last_assigned=1.0 + n % 50)


def least_laden(crowd: Sequence[Seat]) -> Seat:
    """The floor: the simplest choice there is, one pass that compares one attribute."""
    return min(crowd, key=lambda seat: seat.load)


def pair(count: int, times: int) -> tuple[float, float]:
    """µs for the floor and for `choose`, over this many agents."""
    crowd = seats(count)
    rounds = max(10, times // count)
    floor = _cpu(lambda: least_laden(crowd), rounds * 10)
    return floor, _cpu(lambda: choose(NEEDS, crowd, CONTEXT), rounds)


def _cpu(once: Callable[[], object], times: int) -> float:
    once()
    began = process_time_ns()
    for _ in range(times):
        once()
    return (process_time_ns() - began) / times / 1_000

"""`make bench`: the hub's figures beside their floors, both measured in turns in the same run.

    python -m bench [--quick] [--only NAME]

The ratio is what counts; the absolute figures are for a quiet 2-core machine. A missed bar is said, not punished.
"""

import argparse
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench.figures import Bench, Figure, Pace
from bench.servers import Engines
from hub import logs
from hub.engines import attach_or_start
from hub.store.bootstrap import make_ready

NAMES = ("throughput", "screens", "overload", "memory", "choosing", "ruling", "claim", "queue")
THOROUGH = Pace(pairs=5, seconds=4)
QUICK = Pace(pairs=2, seconds=2, widgets=1_000, waiting=2_000)


def main() -> None:
    chosen = argparse.ArgumentParser(prog="bench", description="The hub's figures beside their floors.")
    chosen.add_argument("--quick", action="store_true", help="two short pairs each: a look, not a verdict")
    chosen.add_argument("--only", choices=NAMES, action="append", help="one figure (may be given again)")
    given = chosen.parse_args()
    logs.set_up_logs("warning")
    _room_for_sockets(20_000)
    uvloop.run(run(given.only or NAMES, QUICK if given.quick else THOROUGH))


async def run(names: Sequence[str], pace: Pace) -> None:
    """Prints each figure as soon as it is known."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with attach_or_start(_House(Path(folder) / "engines"), make_ready) as addresses:
            bench = Bench(Engines(addresses.mongo_url, addresses.redis_url), Path(folder) / "hub", pace)
            print(f"{'':<84}{'hub':>11}{'floor':>11}{'ratio':>8}  bar")
            for name in names:
                for figure in await getattr(bench, name)():
                    print(_line(figure), flush=True)


def _line(figure: Figure) -> str:
    bar = f"{'≤' if figure.at_most else '≥'} {figure.bar:g}"
    verdict = "ok" if figure.met else "MISSED"
    return f"{figure.what:<84}{figure.ours:>11}{figure.floor:>11}{figure.ratio:>8.2f}  {bar:<7}{verdict}  {figure.note}"


@dataclass(frozen=True, slots=True)
class _House:
    """What the engines ask of the settings."""

    data: Path
    mongo_url: str | None = None
    redis_url: str | None = None
    oplog_mb: int = 512


def _room_for_sockets(wanted: int) -> None:
    """Children inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < wanted:
        sys.exit(f"bench: {wanted} open files are needed, and only {most} are allowed (see `ulimit -Hn`).")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


if __name__ == "__main__":
    main()

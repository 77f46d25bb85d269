"""`kill -9` of the hub, again and again, under 200 webhooks/s, 50 widget messages/s and two busy agents.

`python -m tests.faults.kill --times 20` is the long form and prints its figures; `make test` runs a short one.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

from pymongo import AsyncMongoClient

from tests.faults.harness import HubProcess, add_channel, hire, hubs, set_up, signed_in
from tests.faults.ledger import Findings, examine
from tests.faults.load import Desk, Hooks, Visitors, load


@dataclass(frozen=True, slots=True)
class Outcome:
    findings: Findings
    ready_s: tuple[float, ...]  # from each new start to the first "ready"
    answers: Mapping[str, Mapping[str, int]]

    def __str__(self) -> str:
        times = (
            f"ready again after {min(self.ready_s):.1f} to {max(self.ready_s):.1f} s, median {median(self.ready_s):.1f}"
        )
        answers = "\n".join(f"  {who}: {dict(counted)}" for who, counted in self.answers.items())
        faults = "\n".join(self.findings.faults[:30])
        return f"{len(self.ready_s)} kills; {self.findings}; {times}\n{answers}\n{faults}".rstrip()


@dataclass(slots=True)
class Campaign:
    """One hub, its senders, and who kills it. `victim`: the entry point that is killed (a planted bug has its own)."""

    folder: Path
    times: int
    env: Mapping[str, str] = field(default_factory=dict)
    victim: str = "hub"
    between_s: tuple[float, float] = (1.0, 3.0)  # of load, before each kill
    random: Random = field(default_factory=lambda: Random(3))

    async def run(self) -> Outcome:
        hub = HubProcess(self.folder, env=self.env, module=self.victim)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(hubs(hub))
            await set_up(hub)
            ana = await stack.enter_async_context(signed_in(hub))
            colleague = await hire(ana, "Bruno")
            bruno = await stack.enter_async_context(signed_in(hub, colleague))
            hooks = Hooks(hub, await add_channel(ana, "webhook"))
            visitors = Visitors(hub, await add_channel(ana, "widget"))
            desks = [
                Desk(f"answer{n}", each, [ana.id, bruno.id], random=Random(n)) for n, each in enumerate((ana, bruno))
            ]
            async with load(hooks, visitors, *desks):
                ready = [await self._strike(hub) for _ in range(self.times)]
            books = [hooks.book, visitors.book, *(desk.book for desk in desks)]
            async with AsyncMongoClient(self._mongo_url(hub)) as mongo:
                findings = await examine(mongo[self.env.get("HUB_DATABASE", "balcao")], *books)
        at_desks = sum((desk.book.answers for desk in desks), Counter())
        answers = {"webhooks": hooks.book.answers, "widget": visitors.book.answers, "agents": at_desks}
        return Outcome(findings, tuple(ready), answers)

    async def _strike(self, hub: HubProcess) -> float:
        await asyncio.sleep(self.random.uniform(*self.between_s))
        hub.kill()
        hub.module = "hub"
        return await hub.start()

    def _mongo_url(self, hub: HubProcess) -> str:
        return self.env.get("HUB_MONGO_URL") or hub.engines()["mongo_url"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with TemporaryDirectory(prefix="balcao-faults-") as folder:
        outcome = asyncio.run(Campaign(Path(folder), times).run())
    print(outcome)
    sys.exit(bool(outcome.findings.faults))


if __name__ == "__main__":
    main()

"""An engine in a process of its own, which is stopped at the worst moment: decided, and about to file it.

    python -m tests.routing.frozen MONGO_URL REDIS_URL DATABASE

It stops itself before its first `Give`, as a frozen machine would; whoever started it lets it go on (SIGCONT).
"""

import asyncio
import os
import signal
import sys
from typing import Any

from hub.inbox.give import Give
from hub.store.filing import GroupFiling
from tests.routing.company import opened

_submit = GroupFiling.submit
_frozen: list[bool] = []


async def _freeze_first(filing: GroupFiling, change: Any) -> Any:
    if isinstance(change, Give) and not _frozen:
        _frozen.append(True)
        os.kill(os.getpid(), signal.SIGSTOP)
    try:
        return await _submit(filing, change)
    finally:
        if isinstance(change, Give):
            print("filed", flush=True)


async def _run(mongo_url: str, redis_url: str, database: str) -> None:
    async with opened(mongo_url, redis_url, database) as company:
        engine = await company.engine(forced=True, sweep_s=0.2)
        await company.until(lambda: company.leads(engine))
        print("leads", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    GroupFiling.submit = _freeze_first  # type: ignore[method-assign]
    asyncio.run(_run(*sys.argv[1:]))

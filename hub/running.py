"""How a command runs: on the fast loop where there is one, until it is done or told to end."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import TypeVar

T = TypeVar("T")


def run(work: Coroutine[object, object, T]) -> T | None:
    """Do `work`, on the fast loop where there is one; Ctrl-C and SIGTERM end it in good order, and give None."""
    from uvloop import new_event_loop

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(_until_told(work))


async def _until_told(work: Coroutine[object, object, T]) -> T | None:
    task = asyncio.ensure_future(work)
    for told in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(told, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return None

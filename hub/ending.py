"""How a task is ended: told until it listens."""

import asyncio

AGAIN_S = 0.5


async def end(task: "asyncio.Task[None] | None") -> None:
    """Cancels and waits. The driver may swallow a cancellation while it closes a cursor: then it is said again."""
    while task and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_S)

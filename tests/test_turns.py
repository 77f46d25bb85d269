"""Long work lets the others have their turn."""

import asyncio

from hub.turns import Turns


async def others(turns: Turns, breaths: int) -> int:
    """How often somebody else had a turn meanwhile."""
    had: list[None] = []

    async def somebody_else() -> None:
        while True:
            had.append(None)
            await asyncio.sleep(0)

    task = asyncio.create_task(somebody_else())
    for _ in range(breaths):
        await turns.breathe()
    task.cancel()
    return len(had)


async def test_whoever_has_used_up_their_slice_waits_for_the_others() -> None:
    assert await others(Turns(slice_s=0.0), 20) == 20


async def test_short_work_is_not_interrupted() -> None:
    assert await others(Turns(slice_s=3_600.0), 20) == 0

"""A hub with a planted bug, to see that the checks can fail: it acknowledges what it has not stored yet.

The pause is longer than a commit takes, so that a kill at any moment finds something in between.
"""

import asyncio
from typing import Any

from hub.__main__ import main
from hub.inbox.receive import Receive
from hub.model import Received
from hub.store.filing import GroupFiling

PAUSE_S = 0.3

_submit = GroupFiling.submit
_late: set[asyncio.Task[None]] = set()


async def _hasty(filing: GroupFiling, change: Any) -> Any:
    if not isinstance(change, Receive):
        return await _submit(filing, change)
    task = asyncio.create_task(_store_late(filing, change))
    _late.add(task)
    task.add_done_callback(_late.discard)
    return Received(change.message_id, "")


async def _store_late(filing: GroupFiling, change: Receive) -> None:
    await asyncio.sleep(PAUSE_S)
    await _submit(filing, change)


if __name__ == "__main__":
    GroupFiling.submit = _hasty  # type: ignore[method-assign]
    main()

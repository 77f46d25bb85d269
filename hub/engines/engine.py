"""An engine: started, waited for, watched, started again when it dies, stopped."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from hub.engines.missing import did_not_start
from hub.engines.ports import free_port, is_free
from hub.engines.process import Process, reap
from hub.errors import Unavailable

log = structlog.get_logger("hub.engines")

_READY_WITHIN_S = 120.0
_STEADY_AFTER_S = 30.0
_PAUSES_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What differs between the engines. `command` makes it for a port; `ready` returns when it serves there."""

    name: str
    folder: Path
    command: Callable[[int], Sequence[str]]
    ready: Callable[[int], Awaitable[None]]


class Engine:
    def __init__(self, recipe: Recipe, changed: Callable[[], None]) -> None:
        """`changed` is called when it has been started again."""
        self._recipe = recipe
        self._changed = changed
        self._keeper: asyncio.Task[None] | None = None
        self.port = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    async def start(self) -> None:
        """Returns when it serves. Raises Unavailable with the reason and what to do."""
        self._recipe.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        await reap(self._recipe.folder)
        for another in (True, True, False):
            self.port = free_port(self._recipe.folder)
            self._launch()
            try:
                await self._serving()
                break
            except Unavailable:
                # Somebody else may have taken the port between our look and its start.
                if is_free(self.port) or not another:
                    raise
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self._recipe.name}")

    async def stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        await self._process.stop()
        (self._recipe.folder / "pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        self._process = Process(self._recipe.command(self.port), self._recipe.folder)

    async def _serving(self) -> None:
        """Ready, or dead, or neither in time."""
        ready = asyncio.ensure_future(self._recipe.ready(self.port))
        try:
            either: set[asyncio.Future[Any]] = {ready, self._process.ended}
            await asyncio.wait(either, timeout=_READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
            if self._process.ended.done():
                raise did_not_start(self._recipe.name, self._process.ended.result(), _said(self._recipe.folder))
            if not ready.done():
                raise Unavailable(
                    "engine_failed", f"The embedded {self._recipe.name} is not ready after {_READY_WITHIN_S:.0f} s."
                )
            await ready
        except BaseException:
            await self._process.stop()
            raise
        finally:
            ready.cancel()

    async def _keep(self) -> None:
        """For ever: when it dies, start it again on the same port, so that its clients find it."""
        failures = 0
        while True:
            began = time.monotonic()
            code = await asyncio.shield(self._process.ended)
            failures = 0 if time.monotonic() - began > _STEADY_AFTER_S else failures + 1
            pause = _PAUSES_S[min(failures, len(_PAUSES_S) - 1)]
            log.error("engine died", engine=self._recipe.name, exit_code=code, again_in_s=pause)
            await asyncio.sleep(pause)
            try:
                self._launch()
                self._changed()
            except OSError:  # a full disk, too many processes: it may pass
                log.exception("engine does not start", engine=self._recipe.name)


def _said(folder: Path) -> str:
    """The end of what it printed and logged."""
    said = []
    for file in ("log", "output"):
        with suppress(OSError):
            said.append((folder / file).read_bytes()[-4000:].decode("utf-8", "replace"))
    return "\n".join(said)

"""How long work shares the loop: after every few milliseconds the others have their turn."""

import asyncio
from dataclasses import dataclass, field

SLICE_S = 0.005


@dataclass(slots=True)
class Turns:
    """One for each piece of long work; `breathe` belongs into its loops."""

    slice_s: float = SLICE_S
    _since: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    async def breathe(self) -> None:
        """Lets the others go on, when this slice has been used up."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._since >= self.slice_s:
            await asyncio.sleep(0)
            self._since = loop.time()

    def begin(self) -> None:
        """What was waited for in between was not our work."""
        self._since = asyncio.get_running_loop().time()

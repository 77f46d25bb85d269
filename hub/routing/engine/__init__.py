"""The part of routing that acts: it looks at who waits, decides by the pure functions beside it, and files what is to
be done as changes that check their picture again.

Nothing here is needed for safety: two engines, one that was frozen, or one that knows only half of what has happened
give nothing wrong, because the guards stand in the changes (`inbox/give.py`).
"""

from hub.routing.engine.engine import Engine

__all__ = ["Engine"]

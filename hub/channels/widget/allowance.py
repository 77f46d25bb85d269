"""How much one socket may ask for."""


class Allowance:
    """Uses that are left: at most `burst`, growing by `rate` a second. Small, since every socket has two."""

    __slots__ = ("_at", "_burst", "_left", "_rate")

    def __init__(self, *, burst: int, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._left: float = burst
        self._at = 0.0

    def take(self, now: float, cost: float = 1) -> bool:
        """`now` in seconds, of any clock. False when too little is left; that use is not counted."""
        grown = max(0.0, now - self._at) * self._rate if self._at else 0.0
        self._left = min(float(self._burst), self._left + grown)
        self._at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True

"""One conversation's facts as rules read them: cut, folded and encoded once, however many rules ask."""

from collections.abc import Callable
from typing import Any

from hub.routing.facts import TEXT_MOST, Facts
from hub.routing.fields import Field
from hub.routing.fold import fold, words

Key = tuple[Field, str]


class Reading:
    """Of every text the newest `TEXT_MOST` characters are read, so that no rule takes long on any text."""

    __slots__ = ("_encoded", "_folded", "_words", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._folded: dict[str, frozenset[str]] = {}
        self._words: dict[str, str] = {}
        self._encoded: dict[str, bytes] = {}

    def folded(self, key: Key) -> frozenset[str]:
        """The text, or each of several, as `is`, `in` and `contains` compare it."""
        place = _place(key)
        if place not in self._folded:
            self._folded[place] = frozenset(fold(each) for each in self._texts(key))
        return self._folded[place]

    def words(self, key: Key) -> str:
        """The words, as `mentions` looks for phrases in them."""
        place = _place(key)
        if place not in self._words:
            self._words[place] = words("\n".join(self._texts(key)))
        return self._words[place]

    def encoded(self, key: Key) -> bytes:
        """In UTF-8, as `matches` searches it."""
        place = _place(key)
        if place not in self._encoded:
            self._encoded[place] = "\n".join(self._texts(key)).encode("utf-8", "replace")
        return self._encoded[place]

    def _texts(self, key: Key) -> list[str]:
        about, name = key
        value: Any = about.read(self.facts, name)
        several = value if isinstance(value, list | tuple) else [value]
        return [each[-TEXT_MOST:] for each in several[:100] if isinstance(each, str)]


Test = Callable[[Reading], bool]


def _place(key: Key) -> str:
    about, name = key
    return f"{about.name}:{name}"

"""One conversation's facts as rules read them: cut, folded and encoded once, however many rules ask."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.routing.facts import TEXT_MOST, Facts
from hub.routing.fields import Field
from hub.routing.fold import fold, phrases

LISTED = 100  # elements of a list that are read, and `LISTED_MOST` characters of each
LISTED_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What a condition is about: a field, and the name behind its colon. `key` has both."""

    field: Field
    name: str
    key: str

    def value(self, reading: "Reading") -> Any:
        return self.field.read(reading.facts, self.name)


class Reading:
    """Of every text the newest `TEXT_MOST` characters are read, so that no rule takes long on any text."""

    __slots__ = ("_encoded", "_folded", "_phrases", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._folded: dict[str, frozenset[str]] = {}
        self._phrases: dict[tuple[str, int], frozenset[str]] = {}
        self._encoded: dict[str, bytes] = {}

    def folded(self, subject: Subject) -> frozenset[str]:
        """The text, or each of several, as `is`, `in` and `contains` compare it."""
        found = self._folded.get(subject.key)
        if found is None:
            found = self._folded[subject.key] = frozenset(fold(each)[-TEXT_MOST:] for each in self._texts(subject))
        return found

    def phrases(self, subject: Subject, length: int) -> frozenset[str]:
        """Every run of so many words, as `mentions` compares it."""
        found = self._phrases.get((subject.key, length))
        if found is None:
            found = frozenset().union(*(phrases(each, length) for each in self.folded(subject)))
            self._phrases[subject.key, length] = found
        return found

    def encoded(self, subject: Subject, most: int = TEXT_MOST) -> bytes:
        """The newest bytes of it in UTF-8, as `matches` searches it."""
        found = self._encoded.get(subject.key)
        if found is None:
            text = "\n".join(self._texts(subject))
            found = self._encoded[subject.key] = text.encode("utf-8", "replace")[-TEXT_MOST:]
        return found if len(found) <= most else found[-most:]

    def _texts(self, subject: Subject) -> list[str]:
        value = subject.value(self)
        if isinstance(value, list | tuple):
            return [each[:LISTED_MOST] for each in value[:LISTED] if isinstance(each, str)]
        return [value[-TEXT_MOST:]] if isinstance(value, str) else []


Test = Callable[[Reading], bool]

"""Who has which conversation on their screen, over all processes; forgotten unless it is said again."""

from collections.abc import Iterable
from dataclasses import dataclass, field

FORGOTTEN_AFTER_S = 40.0  # it is said again every 15 s


@dataclass(slots=True)
class Looking:
    """Times are seconds of any clock that only goes forward."""

    _seen: dict[str, dict[str, tuple[str, float]]] = field(default_factory=dict)  # conversation → user → name, until

    def note(self, conversation: str, user: str, name: str, *, on: bool, now: float) -> bool:
        """True when this changes who is seen there."""
        there = self._seen.setdefault(conversation, {})
        if on:
            new = user not in there
            there[user] = (name, now + FORGOTTEN_AFTER_S)
            return new
        gone = there.pop(user, None) is not None
        if not there:
            del self._seen[conversation]
        return gone

    def at(self, conversation: str, *, but: str) -> list[tuple[str, str]]:
        """The others there: id and name, by name."""
        there = self._seen.get(conversation, {})
        return sorted(((user, name) for user, (name, _) in there.items() if user != but), key=lambda each: each[1])

    def forget(self, now: float) -> Iterable[str]:
        """Drops whoever was not heard of; gives the conversations that changed."""
        changed = []
        for conversation, there in tuple(self._seen.items()):
            late = [user for user, (_, until) in there.items() if until < now]
            for user in late:
                del there[user]
            if late:
                changed.append(conversation)
            if not there:
                del self._seen[conversation]
        return changed

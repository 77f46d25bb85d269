"""What the live rules name is not removed under them."""

from collections.abc import Collection, Iterable, Sequence

from hub.errors import Refused, Unavailable
from hub.inbox.hand_over import settings_of
from hub.inbox.house import House
from hub.ports import Sheet

NAMED_MOST = 5  # users of a thing that a refusal names


def unnamed(house: House, kind: str, id: str) -> int:
    """The version of the rules that was looked at. Raises Refused `in_use`. `kind`: skill, team or hours."""
    book = house.directory.book
    refuse_in_use(rule.name for rule in book.rules.naming(kind, id))
    return book.routing.version


def still_unnamed(sheet: Sheet, version: int) -> None:
    """Raises Unavailable when other rules have gone live since `unnamed` looked."""
    if settings_of(sheet).version != version:
        raise Unavailable("overloaded", "The rules have just changed. Try again in a moment.", 1.0)


def refuse_in_use(users: Iterable[str]) -> None:
    """Raises Refused `in_use` (`by`: names, at most five; `count`) when there are any."""
    names = tuple(dict.fromkeys(users))
    if names:
        by = ", ".join(names[:NAMED_MOST]) + (", …" if len(names) > NAMED_MOST else "")
        raise Refused("in_use", f"It is still in use: {by}. Take it out there first.", by=by, count=len(names))


def refuse_twice(name: str, others: Iterable[str]) -> None:
    """Raises Refused `name_taken`: two of one name cannot be told apart."""
    if name.casefold() in {other.casefold() for other in others}:
        raise Refused("name_taken", f"There is one of the name {name} already.", name=name)


def refuse_more(there: Collection[object] | Sequence[object], most: int) -> None:
    """Raises Refused `enough`."""
    if len(there) >= most:
        raise Refused("enough", f"There are {most} already, and there may be no more.", most=most)

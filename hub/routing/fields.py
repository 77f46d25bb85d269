"""The fields that rules may ask of a conversation: one table, for conditions and for forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.model import Lifecycle
from hub.routing.facts import Facts


class Type(StrEnum):
    CHOICE = "choice"  # one value out of some
    TEXT = "text"
    TAGS = "tags"
    NUMBER = "number"
    FLAG = "flag"  # true or false
    HOURS = "hours"  # open or closed
    ANY = "any"  # what an attribute holds: a text, a number, true or false, a list


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"  # one of these
    CONTAINS = "contains"
    MENTIONS = "mentions"  # whole words and phrases
    MATCHES = "matches"  # a regular expression of RE2
    GREATER = "greater"
    LESS = "less"
    BETWEEN = "between"  # both ends included
    EXISTS = "exists"


OPERATORS: Mapping[Type, tuple[Op, ...]] = {
    Type.CHOICE: (Op.IS, Op.IS_NOT, Op.IN, Op.EXISTS),
    Type.TEXT: (Op.MENTIONS, Op.CONTAINS, Op.IS, Op.IS_NOT, Op.IN, Op.MATCHES, Op.EXISTS),
    Type.TAGS: (Op.CONTAINS, Op.IN, Op.EXISTS),
    Type.NUMBER: (Op.GREATER, Op.LESS, Op.BETWEEN, Op.IS, Op.IS_NOT),
    Type.FLAG: (Op.IS,),
    Type.HOURS: (Op.IS, Op.IS_NOT),
    Type.ANY: tuple(Op),
}


class Source(StrEnum):
    """Which of the company's lists a value names something of; forms offer it, and unknown names are warned of."""

    FREE = ""
    KINDS = "kinds"  # of channels
    ADDRESSES = "addresses"  # the channels' names
    AGENTS = "agents"
    TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Field:
    """`read` takes the facts and the name behind the colon (`attribute:tier`); only `named` fields have one, and
    `hours` may. `values`: the only ones there are; none: any."""

    name: str
    type: Type
    read: Callable[[Facts, str], Any]
    values: tuple[str, ...] = ()
    source: Source = Source.FREE
    named: bool = False

    @property
    def operators(self) -> tuple[Op, ...]:
        return OPERATORS[self.type]


def _open(facts: Facts, hours: str) -> str:
    """Hours that nobody has set are open."""
    return "open" if facts.open.get(hours, True) else "closed"


FIELDS: Mapping[str, Field] = {
    each.name: each
    for each in (
        Field("text", Type.TEXT, lambda facts, _: facts.text),
        Field("subject", Type.TEXT, lambda facts, _: facts.subject),
        Field("language", Type.CHOICE, lambda facts, _: facts.language, values=("en", "es", "pt")),
        Field("channel", Type.CHOICE, lambda facts, _: facts.channel, source=Source.KINDS),
        Field("address", Type.TEXT, lambda facts, _: facts.address, source=Source.ADDRESSES),
        Field("hours", Type.HOURS, _open, values=("open", "closed")),
        Field("first_contact", Type.FLAG, lambda facts, _: facts.first_contact),
        Field("lifecycle", Type.CHOICE, lambda facts, _: facts.lifecycle, values=tuple(Lifecycle)),
        Field("tags", Type.TAGS, lambda facts, _: facts.tags, source=Source.TAGS),
        Field("attribute", Type.ANY, lambda facts, name: facts.attributes.get(name), named=True),
        Field("order_count", Type.NUMBER, lambda facts, _: facts.order_count),
        Field("order_value", Type.NUMBER, lambda facts, _: facts.order_value),
        Field("previous_agent", Type.CHOICE, lambda facts, _: facts.previous_agent, source=Source.AGENTS),
        Field("attachment", Type.FLAG, lambda facts, _: facts.attachment),
        Field("verified", Type.FLAG, lambda facts, _: facts.verified),
    )
}


def as_data() -> list[dict[str, Any]]:
    """The table for forms: `{name, type, operators, values, source, named}`."""
    return [
        {
            "name": each.name,
            "type": each.type.value,
            "operators": [op.value for op in each.operators],
            "values": [str(value) for value in each.values],
            "source": each.source.value,
            "named": each.named,
        }
        for each in FIELDS.values()
    ]

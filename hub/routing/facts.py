"""What rules may ask of a conversation: everything in one value, gathered once before the rules are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

TEXT_MOST = 20_000  # characters of the customer's words; the newest stay


@dataclass(frozen=True, slots=True)
class Facts:
    """`text`: the subject and what the customer wrote since it entered the queue, newest last. `order_value` in major
    units of the company's currency (R$ 4,000.00 is 4000.0). `open`: for each opening hours' id whether it is open now;
    "" is the company's. `open_at`: when it opens next, by the same ids."""

    channel: str = ""  # the channel's kind
    address: str = ""  # the channel's name
    subject: str = ""
    text: str = ""
    language: str | None = None
    open: Mapping[str, bool] = field(default_factory=dict)
    open_at: Mapping[str, datetime | None] = field(default_factory=dict)
    first_contact: bool = False
    lifecycle: str = "visitor"
    tags: tuple[str, ...] = ()  # the customer's and the conversation's
    attributes: Mapping[str, Any] = field(default_factory=dict)
    order_count: int = 0
    order_value: float = 0.0
    previous_agent: str | None = None  # who had this customer last, within the sticky days
    attachment: bool = False
    verified: bool = False

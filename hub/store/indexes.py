"""Every index, in one table. A unique key is always `_id`: no null keys, and a sharded cluster stays possible.

`events` is never paged by time without an overlap: a late commit would be missed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pymongo import ASCENDING as UP
from pymongo import DESCENDING as DOWN
from pymongo import IndexModel

from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Index:
    """`why` is the question it answers; `expire_s` makes it a time-to-live index; `where` makes it partial."""

    collection: str
    keys: Sequence[tuple[str, int]]
    why: str
    expire_s: int | None = None
    where: Mapping[str, object] | None = None


INDEXES: Sequence[Index] = (
    Index("identities", [("customer", UP)], "the addresses of a customer"),
    Index("conversations", [("number", UP)], "a conversation by the number people say"),
    Index("conversations", [("customer", UP), ("created_at", DOWN)], "what else this customer wrote"),
    Index("conversations", [("status", UP), ("rank", UP), ("_id", UP)], "the list of all, and of the resolved"),
    Index("conversations", [("status", UP), ("assignee", UP), ("rank", UP), ("_id", UP)], "mine, and the waiting"),
    Index("conversations", [("status", UP), ("team", UP), ("rank", UP), ("_id", UP)], "a team's"),
    Index(
        "conversations",
        [(key, UP) for key in ("status", "assignee", "team", "turn", "channel", "first_queued_at")],
        "the live counts and the board's, answered from the index alone; who waits",
        where={"status": "open"},
    ),
    Index("messages", [("conversation", UP), ("seq", UP)], "a conversation, in order"),
    Index("messages", [("peer", UP), ("at", UP)], "what a visitor may read"),
    Index("messages", [("next_at", UP)], "what is due to be sent", where={"delivery": "queued"}),
    Index("messages", [("attachments._id", UP)], "whose file this is", where={"attachments._id": {"$exists": True}}),
    Index("messages", [("raw", UP)], "whose raw bytes these are", where={"raw": {"$exists": True}}),
    Index("events", [("conversation", UP), ("at", UP)], "the timeline's system lines"),
    Index(
        "events",
        [("kind", UP), ("at", UP), ("data.assignee", UP)],
        "how many came to each agent today, answered from the index alone",
        where={"kind": "conversation.assigned"},
    ),
    Index("events", [("at", UP)], "catching up after the feed was lost, with overlap"),
    Index(
        "customers", [("merged_into", UP)], "what was merged into a customer", where={"merged_into": {"$exists": True}}
    ),
    Index("orders", [("customer", UP), ("at", DOWN)], "a customer's orders, newest first"),
    Index("users", [("email", UP)], "who signs in"),
    Index("sessions", [("user", UP)], "sign out everywhere"),
    Index("sessions", [("expires_at", UP)], "forgotten when they end", expire_s=0),
    Index("quarantine", [("at", DOWN)], "the list, newest first"),
    Index("fs.files", [("uploadDate", UP)], "files that no message names, after a day"),
)


async def make_indexes(database: Database) -> None:
    """May run as often as you like."""
    for name in sorted({index.collection for index in INDEXES}):
        async with database.reading():
            await database[name].create_indexes([_model(index) for index in INDEXES if index.collection == name])


def _model(index: Index) -> IndexModel:
    options: dict[str, object] = {}
    if index.expire_s is not None:
        options["expireAfterSeconds"] = index.expire_s
    if index.where is not None:
        options["partialFilterExpression"] = dict(index.where)
    return IndexModel(list(index.keys), **options)

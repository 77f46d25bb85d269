"""What `hub doctor` asks of a MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from hub.errors import Unavailable
from hub.store import slots
from hub.store.database import connect


@dataclass(frozen=True, slots=True)
class Looked:
    """`version` as numbers, such as (8, 0, 17). `replica_set` is None for a server that stands alone."""

    version: tuple[int, ...]
    replica_set: str | None
    writable: bool


async def look(url: str) -> Looked:
    """Raises Unavailable, with the driver's reason, when it cannot be reached or does not let us in."""
    try:
        client: AsyncMongoClient[Mapping[str, Any]] = AsyncMongoClient(url, serverSelectionTimeoutMS=3_000)
        async with client:
            await client.admin.command("ping")  # asks for the password, which `hello` does not
            hello = await client.admin.command("hello")
            built = await client.admin.command("buildInfo")
    except PyMongoError as error:
        raise _away(error) from error
    version = tuple(built["versionArray"][:3])
    return Looked(version, hello.get("setName") or hello.get("msg"), bool(hello.get("isWritablePrimary")))


async def wrong_slots(url: str, name: str, *, mend: bool) -> Sequence[str]:
    """The names of the agents whose slots are not equal to their conversations; made anew if `mend`.

    Raises Unavailable, with the driver's reason.
    """
    database = connect(url, name)
    try:
        wrong = await (slots.mend_slots(database) if mend else slots.wrong_slots(database))
    except PyMongoError as error:
        raise _away(error) from error
    finally:
        await database.client.close()
    return [agent.name for agent in wrong]


def _away(error: PyMongoError) -> Unavailable:
    # What follows describes every server that was tried, at length.
    return Unavailable("store_away", str(error).split(", full error")[0].split(" (configured")[0])

"""Transactions that a killed hub has left open.

MongoDB keeps their records locked for as long as it lets a transaction live: a minute, if not told otherwise. It knows
how long nothing has come for each. To end one of a hub that lives after all, and was only slow, is harmless: it is told
so, reads again and files its group anew.
"""

import structlog
from bson.errors import BSONError
from pymongo.errors import PyMongoError

from hub.store.database import APP, Database, Document

log = structlog.get_logger()

IDLE_S = 2.0  # between two steps of one transaction a hub takes some milliseconds


async def end_abandoned(database: Database) -> int:
    """Ends those of this hub and its sisters for which nothing has come for `IDLE_S`. Gives their number.

    A store that does not let us look keeps its own time limit.
    """
    idle = {"type": "idleSession", "appName": APP, "transaction.timeInactiveMicros": {"$gt": int(IDLE_S * 1e6)}}
    look: list[Document] = [
        {"$currentOp": {"allUsers": False, "idleSessions": True}},
        {"$match": idle},
        {"$project": {"lsid": 1}},
    ]
    admin = database.client.admin
    try:
        found = await (await admin.aggregate(look)).to_list()
        if found:
            await admin.command("killSessions", [{"id": each["lsid"]["id"]} for each in found])
            log.warning("ended abandoned transactions", count=len(found))
    except (PyMongoError, BSONError) as error:
        log.warning("abandoned transactions not looked for", error=type(error).__name__)
        return 0
    return len(found)

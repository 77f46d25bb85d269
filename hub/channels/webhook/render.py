"""What the sending system is told."""

import json

from hub.model import Received


def accepted(received: Received) -> tuple[int, bytes]:
    """Status and JSON body: 202 for a message that is filed now, 200 for one that was filed before."""
    body = {"message": received.message, "conversation": received.conversation}
    return (200 if received.duplicate else 202), json.dumps(body).encode()


def kept(entry: str) -> tuple[int, bytes]:
    """202 for what was taken and is kept in the quarantine: nothing is lost, and there is no message yet."""
    return 202, json.dumps({"quarantined": entry}).encode()

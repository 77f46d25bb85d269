"""What a visitor's browser is told. Pure: each function gives one frame as JSON text."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.channels.widget.parse import client_id
from hub.errors import HubError, Invalid
from hub.model import ActorKind, Delivery, Direction, Message

HISTORY_MAX = 256 * 1024  # characters; a page that reads slowly must get its history below the limit of its socket

_REACHED_THE_VISITOR = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ})


def welcome(messages: Sequence[Message], *, seen: datetime | None, attended: bool, known: bool, now: datetime) -> str:
    """The answer to `hello`: the newest messages, oldest first. `known`: the token was taken; `seen`: up to when
    an agent has read this visitor; `attended`: whether somebody could answer now."""
    shown = [_message(message) for message in _newest_that_fit(messages) if visible(message)]
    return _frame("welcome", messages=shown, seen=_ms(seen), attended=attended, known=known, now=_ms(now))


def message(message: Message) -> str:
    return _frame("message", message=_message(message))


def visible(message: Message) -> bool:
    """What they wrote and what was sent to them: never a note, nor a reply that may still be taken back."""
    if message.direction is Direction.IN:
        return True
    return message.direction is Direction.OUT and message.delivery in _REACHED_THE_VISITOR


def token(token: str) -> str:
    return _frame("token", token=token)


def stored(id: str, message: str, at: datetime, *, attended: bool) -> str:
    return _frame("stored", id=id, message=message, at=_ms(at), attended=attended)


def later(code: str, retry_after: float, id: str | None = None) -> str:
    """Nothing was stored: keep it and try again in `retry_after` seconds."""
    return _frame("later", code=code, id=id, retry_after=round(retry_after, 1))


def refused(error: HubError, id: str | None = None) -> str:
    """Trying again does not help. `code` has words in the widget; `message` is for whoever writes a client."""
    faults = error.faults if isinstance(error, Invalid) else ()
    fields = [{"field": fault.field, "code": fault.code, "message": fault.message} for fault in faults]
    return _frame("refused", id=id, code=error.code, message=error.message, fields=fields)


def claimed() -> str:
    return _frame("claimed")


def typing(agent: str, on: bool) -> str:
    return _frame("typing", name=agent, on=on)


def seen(message: str) -> str:
    """An agent has read everything up to this message of the visitor's."""
    return _frame("seen", message=message)


def pong(attended: bool) -> str:
    return _frame("pong", attended=attended)


def again() -> str:
    """Something may have been missed: say hello again."""
    return _frame("again")


def _newest_that_fit(messages: Sequence[Message]) -> Sequence[Message]:
    size = 0
    for place in range(len(messages) - 1, -1, -1):
        size += len(messages[place].text) + 200
        if size > HISTORY_MAX:
            return messages[place + 1 :]
    return messages


def _message(message: Message) -> Mapping[str, Any]:
    if message.direction is Direction.IN:
        return {
            "id": message.id,
            "at": _ms(message.at),
            "mine": True,
            "text": message.text,
            "client": client_id(message.external_id),
        }
    return {
        "id": message.id,
        "at": _ms(message.at),
        "mine": False,
        "text": message.text,
        "name": message.author_name if message.author.kind in (ActorKind.AGENT, ActorKind.RULE) else "",
        "state": message.delivery,
        "automatic": message.author.kind is not ActorKind.AGENT,
    }


def _frame(type: str, **content: Any) -> str:
    return json.dumps({"type": type, **content}, ensure_ascii=False, separators=(",", ":"))


def _ms(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * 1000)

"""The answers that rules give by themselves, after what was decided has been done: an answer raises `seq`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import structlog

from hub.errors import HubError, Unavailable
from hub.inbox.auto_answer import answer_automatically
from hub.inbox.house import House
from hub.model import Conversation
from hub.routing.needs import Answer

log = structlog.get_logger("hub.routing")


@dataclass(slots=True)
class Answers:
    """Those that are due, by conversation and rule; they wait here while the store is away."""

    house: House
    _due: dict[tuple[str, str], tuple[Answer, str | None]] = field(default_factory=dict)

    def note(self, conversation: Conversation, answers: Iterable[Answer], cause: str | None) -> None:
        for answer in answers:
            if answer.rule not in conversation.answered:
                self._due[conversation.id, answer.rule] = answer, cause

    async def give(self) -> None:
        """Raises Unavailable; what is due stays."""
        for (conversation, rule), (answer, cause) in tuple(self._due.items()):
            try:
                await answer_automatically(self.house, conversation, answer, cause=cause)
            except Unavailable:
                raise
            except HubError as error:
                log.warning("not answered", rule=rule, code=error.code)
            del self._due[conversation, rule]

"""The routing book as the store has it: read when something changes, its rules compiled once a version."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from hub.errors import HubError
from hub.model import Routing
from hub.ports import Reader
from hub.routing.book import Book
from hub.routing.rules import Rules, compile_rules

KEPT = 4  # compiled versions: the live one, and those that a decision under way may still name
NAMES_OF = 30  # versions whose rules' names are known from the start

log = structlog.get_logger()


@dataclass(slots=True)
class Books:
    """`names`: of rules by their ids, as the newest version that has them says."""

    reader: Reader
    names: dict[str, str] = field(default_factory=dict)
    _compiled: dict[int, Rules] = field(default_factory=dict)

    async def read(self) -> Book:
        """The settings are read first: what is newer than them only makes the book's revision stale, never new."""
        routing = await self.reader.routing() or Routing()
        return Book(
            routing,
            await self._rules(routing.version),
            {team.id: team for team in await self.reader.teams()},
            {skill.id: skill for skill in await self.reader.skills()},
            {hours.id: hours for hours in await self.reader.hours()},
        )

    async def _rules(self, number: int) -> Rules:
        if number not in self._compiled:
            self._compiled[number] = await compiled(await self._stored(number))
            for old in tuple(self._compiled)[:-KEPT]:
                del self._compiled[old]
        return self._compiled[number]

    async def _stored(self, number: int) -> Sequence[Mapping[str, Any]]:
        if not self.names:
            for older in reversed(await self.reader.rule_versions(NAMES_OF)):
                self._learn(older.rules)
        version = await self.reader.rule_version(number) if number else None
        rules = version.rules if version else ()
        self._learn(rules)
        return rules

    def _learn(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self.names.update((rule["id"], rule["name"]) for rule in rules if "id" in rule and "name" in rule)


async def compiled(rules: Sequence[Mapping[str, Any]]) -> Rules:
    """In a thread. Published rules do compile; those of a newer hub may not, and then none of them holds."""
    try:
        return await asyncio.to_thread(compile_rules, rules)
    except HubError:
        log.exception("published rules do not compile")
        return compile_rules(())

"""The rules as a file (TOML): out as they are, in as a draft."""

import asyncio

from hub.inbox.house import House
from hub.inbox.rulebook import Checked, save_draft
from hub.model import Person, RuleDraft
from hub.routing.exchange import from_toml, to_toml


async def export(house: House, *, draft: bool) -> tuple[str, str]:
    """What they are called (`3`, or `draft` where there is one and it is asked for) and the file."""
    stored = await house.reader.draft() if draft else None
    if stored is not None:
        return stored.id, await asyncio.to_thread(to_toml, stored.rules)
    settings = await house.reader.routing()
    live = await house.reader.rule_version(settings.version) if settings else None
    return str(live.number if live else 0), await asyncio.to_thread(to_toml, live.rules if live else ())


async def take_in(house: House, person: Person, toml: str, revision: int | None) -> tuple[RuleDraft | None, Checked]:
    """The file's rules become the draft, as `rulebook.save_draft` does it; nothing does when the file itself cannot be
    read (None): the faults' params have the line."""
    rules, faults = await asyncio.to_thread(from_toml, toml)
    if faults:
        return None, Checked(faults, ())
    return await save_draft(house, person, rules, revision)

"""The company's routing settings, and the one way by which anything that routing decides by is changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hub.events import Kind
from hub.inbox.hand_over import settings_of
from hub.model import Actor, Routing
from hub.ports import Sheet


def touch(sheet: Sheet, what: str, actor: Actor, *, data: Mapping[str, Any] | None = None, **changes: Any) -> Routing:
    """Every change of rules, settings, teams, skills or hours ends here: the revision rises, and everybody is told.

    `what` is one of rules, settings, team, skill, hours; `data` goes with the event (`{"id": team}`); `changes` are
    fields of the settings. The change must have wanted `hand_over.ROUTING`.
    """
    known = settings_of(sheet)
    changed = replace(known, **changes, revision=known.revision + 1)
    sheet.put(changed)
    sheet.tell(Kind.ROUTING_CHANGED, actor=actor, data={"what": what, **(data or {})})
    return changed

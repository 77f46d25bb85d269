"""The company's routing settings, and the one way by which anything that routing decides by is changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.errors import Fault, Invalid
from hub.events import Kind
from hub.inbox.hand_over import ROUTING, settings_of
from hub.inbox.house import House
from hub.model import Actor, Hours, Person, Routing
from hub.ports import Ref, Sheet

# The least and the most of each; seconds where the name ends in `_s`, units for weights.
LIMITS: Mapping[str, tuple[int, int]] = {
    "priority": (0, 9),
    "minutes_per_step": (1, 240),
    "idle_s": (0, 86_400),
    "sticky_days": (0, 365),
    "wait_s": (0, 86_400),
    "offer_s": (5, 3_600),
    "ask_again_s": (0, 86_400),
    "rescue_s": (30, 86_400),
    "flood": (0, 1_000),
}
WEIGHT = (0, 100)  # capacity units of one conversation


async def change_settings(house: House, person: Person, **changes: Any) -> Routing:
    """Only what is given of `LIMITS`, hours (an id, or None: always open) and weights (by kind of channel; what is left
    out stays). Raises Invalid with every field that is out of its limits, or names what there is not.
    """
    faults = [*_out_of_limits(changes), *_bad_weights(changes.get("weights", {}), house)]
    if faults:
        raise Invalid("invalid", "Some fields are not right: see fields.", faults)
    changed = await house.filing.submit(ChangeSettings(person, changes))
    await house.directory.refresh_book()
    return changed


def _out_of_limits(changes: Mapping[str, Any]) -> Iterable[Fault]:
    for name, (least, most) in LIMITS.items():
        if name in changes and not least <= changes[name] <= most:
            yield Fault(name, "out_of_range", f"This is a number from {least} to {most}.")


def _bad_weights(weights: Mapping[str, int], house: House) -> Iterable[Fault]:
    least, most = WEIGHT
    for kind, units in weights.items():
        if kind not in house.kinds and kind not in house.directory.book.routing.weights:
            yield Fault(f"weights.{kind}", "unknown_field", "There is no such kind of channel.")
        elif not least <= units <= most:
            yield Fault(f"weights.{kind}", "out_of_range", f"This is a number from {least} to {most}.")


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """What would change nothing is told nobody."""

    person: Person
    changes: Mapping[str, Any]

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        yield ROUTING
        if hours := self.changes.get("hours"):
            yield Ref(Hours, hours)

    def decide(self, sheet: Sheet) -> Routing:
        known = settings_of(sheet)
        hours = self.changes.get("hours")
        if hours and sheet.get(Hours, hours) is None:
            fault = Fault("hours", "not_one_of", "There are no such opening hours.")
            raise Invalid("invalid", "Some fields are not right: see fields.", [fault])
        weights = {**known.weights, **self.changes.get("weights", {})}
        given = {**self.changes, "weights": weights}
        if replace(known, **given) == known:
            return known
        return touch(sheet, "settings", self.person.actor, **given)


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

"""Whether somebody takes conversations now: set by hand, or following their windows.

Whoever has a window open is `connected`. When the last one has gone they are offline, and their next window brings
back what they were; offline by hand stays so until they say otherwise.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.errors import Invalid, NotFound, Refused
from hub.events import Kind
from hub.inbox.hand_over import has_left, still_here
from hub.inbox.house import House
from hub.model import SYSTEM, Actor, Agent, Availability, Person, Role
from hub.ports import Ref, Sheet

REASON_MOST = 80  # characters
UNTIL_MOST = timedelta(days=30)
GONE = frozenset({Availability.AWAY, Availability.OFFLINE})


async def set_availability(
    house: House,
    person: Person,
    agent: str,
    availability: Availability,
    *,
    reason: str | None = None,
    until: datetime | None = None,
) -> Agent:
    """One's own; anybody's for supervisors and admins. `reason` and `until` go with being away.

    Raises Refused `forbidden`, NotFound; Invalid `only_away`, `bad_reason`, `bad_until`.
    """
    if agent != person.id and person.role is Role.AGENT:
        raise Refused("forbidden", "Only supervisors say for others whether they are here.")
    reason = " ".join((reason or "").split()) or None
    _check(house.clock.now(), availability, reason, until)
    return await house.filing.submit(SetAvailability(person, agent, availability, reason, until))


def _check(now: datetime, availability: Availability, reason: str | None, until: datetime | None) -> None:
    if (reason or until) and availability is not Availability.AWAY:
        raise Invalid("only_away", "A reason and an end go with being away only.")
    if reason and len(reason) > REASON_MOST:
        raise Invalid("bad_reason", f"A reason has at most {REASON_MOST} characters.", most=REASON_MOST)
    if until and not now < until <= now + UNTIL_MOST:
        days = UNTIL_MOST.days
        raise Invalid("bad_until", f"Say a time that is to come, at most {days} days from now.", most=days)


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """By hand: from here on no window brings back what was before."""

    person: Person
    agent: str
    availability: Availability
    reason: str | None = None
    until: datetime | None = None

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Agent, self.agent), *still_here(self.agent)]

    def decide(self, sheet: Sheet) -> Agent:
        agent = sheet.get(Agent, self.agent)
        if agent is None or has_left(sheet, self.agent):
            raise NotFound("not_found", "There is no such person.")
        changed = replace(agent, reason=self.reason, until=self.until, returns_to=None)
        return _became(sheet, agent, changed, self.availability, self.person.actor)


@dataclass(frozen=True, slots=True)
class Arrive:
    """A window of theirs is open: they are what they were when the last one went."""

    agent: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Agent, self.agent), *still_here(self.agent)]

    def decide(self, sheet: Sheet) -> Agent | None:
        agent = sheet.get(Agent, self.agent)
        if agent is None or has_left(sheet, self.agent):  # the window they had is believed for a while
            return agent
        to = agent.returns_to or agent.availability
        if to is Availability.AWAY and _is_over(agent, sheet.now):
            to = Availability.AVAILABLE
        return _became(sheet, agent, replace(agent, connected=True, returns_to=None), to, SYSTEM)


@dataclass(frozen=True, slots=True)
class Depart:
    """Their last window has been gone for the grace time: offline. Who had none is left alone."""

    agent: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Agent, self.agent)]

    def decide(self, sheet: Sheet) -> Agent | None:
        agent = sheet.get(Agent, self.agent)
        if agent is None or not agent.connected:
            return agent
        was = agent.availability if agent.availability is not Availability.OFFLINE else None
        changed = replace(agent, connected=False, returns_to=was)
        return _became(sheet, agent, changed, Availability.OFFLINE, SYSTEM)


@dataclass(frozen=True, slots=True)
class Return:
    """The end of an absence has come: available again, at the latest when the next window opens."""

    agent: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Agent, self.agent)]

    def decide(self, sheet: Sheet) -> Agent | None:
        agent = sheet.get(Agent, self.agent)
        if agent is None or agent.availability is not Availability.AWAY or not _is_over(agent, sheet.now):
            return agent
        if agent.connected:
            return _became(sheet, agent, agent, Availability.AVAILABLE, SYSTEM)
        changed = replace(agent, returns_to=Availability.AVAILABLE)
        return _became(sheet, agent, changed, Availability.OFFLINE, SYSTEM)


def gone(agent: Agent, now: datetime) -> Agent:
    """One who may sign in no more: nothing comes to them, and no window brings them back."""
    since = agent.since if agent.availability is Availability.OFFLINE else now
    left = replace(agent, availability=Availability.OFFLINE, since=since, connected=False, returns_to=None)
    return replace(left, reason=None, until=None)


def _is_over(agent: Agent, now: datetime) -> bool:
    return agent.until is not None and agent.until <= now


def _became(sheet: Sheet, before: Agent, changed: Agent, availability: Availability, actor: Actor) -> Agent:
    """Puts and tells what has changed, if anything has. What is said of an absence stays while it may come back.

    From away to offline, or back, is one absence: whoever waits for them has waited since it began.
    """
    if availability is not before.availability:
        still_gone = availability in GONE and before.availability in GONE
        changed = replace(changed, availability=availability, since=(still_gone and before.since) or sheet.now)
    if Availability.AWAY not in (changed.availability, changed.returns_to):
        changed = replace(changed, reason=None, until=None)
    if changed == before:
        return before
    sheet.put(changed)
    said = (changed.availability, changed.reason, changed.until)
    fields = ["availability"] if said != (before.availability, before.reason, before.until) else ["connected"]
    data = {"agent": changed.id, "fields": fields, "availability": changed.availability.value}
    sheet.tell(Kind.AGENT_CHANGED, actor=actor, data=data)
    return changed

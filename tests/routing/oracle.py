"""The choice once more, from the agents themselves, as slowly and as plainly as it can be said: to compare with."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cmp_to_key

from hub.model import Agent, Availability, Needs, Strategy
from hub.routing.choose import Context
from hub.routing.decision import Decision, Outcome

MINUTE = timedelta(seconds=60)
MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Asked:
    """Needs after the wait."""

    require: dict[str, int]
    prefer: dict[str, int]
    teams: set[str]
    steps: int = 0


def asked_after(needs: Needs, seconds: float) -> Asked:
    asked = Asked(dict(needs.require), dict(needs.prefer), set(needs.teams))
    for step in sorted(needs.relax, key=lambda step: step.after_s):
        if step.after_s > seconds:
            break
        asked.steps += 1
        for skills in (asked.require, asked.prefer):
            skills.pop(step.drop, None)
            if step.lower in skills and skills[step.lower] > step.level:
                skills[step.lower] = step.level
        if step.team and asked.teams:
            asked.teams.add(step.team)
        if step.anybody:
            asked.teams.clear()
    return asked


def weighs(agent: Agent, now: datetime, kind: str | None = None) -> int:
    total = 0
    for slot in [*agent.slots, *agent.offers]:
        over = slot.until is not None and slot.until <= now
        if not over and kind in (None, slot.kind):
            total += slot.weight
    return total


def given_lately(agent: Agent, now: datetime) -> list[datetime]:
    return sorted(at for at in agent.recent if at + MINUTE > now)


def barred_by(agent: Agent, asked: Asked, weight: int, context: Context) -> str | None:
    now, kind = context.now, context.kind
    holds = {
        "manual": agent.capacity == 0,
        "team": bool(asked.teams) and not asked.teams.intersection(agent.teams),
        "skill": any(agent.skills.get(skill, 0) < level for skill, level in asked.require.items()),
        "away": agent.availability != Availability.AVAILABLE,
        "declined": agent.id in context.declined or (agent.id in context.missed and not asked_again(context)),
        "full": weighs(agent, now) + weight > agent.capacity,
        "cap": kind in agent.caps and weighs(agent, now, kind) + weight > agent.caps[kind],
        "flood": context.flood > 0 and len(given_lately(agent, now)) >= context.flood,
    }
    return next((barrier for barrier, stands in holds.items() if stands), None)


def liking(agent: Agent, asked: Asked) -> int:
    return sum(agent.skills[s] for s, level in asked.prefer.items() if agent.skills.get(s, 0) >= level)


def level_sum(agent: Agent, asked: Asked) -> int:
    counted = set(asked.require) | {s for s, level in asked.prefer.items() if agent.skills.get(s, 0) >= level}
    return sum(agent.skills.get(skill, 0) for skill in counted)


def score(agent: Agent, asked: Asked, context: Context) -> Fraction:
    """More is better."""
    if context.strategy == Strategy.MOST_ROOM:
        return Fraction(agent.capacity - weighs(agent, context.now), agent.capacity)
    if context.strategy == Strategy.LONGEST_IDLE:
        return -last(agent)
    return Fraction(level_sum(agent, asked))


def last(agent: Agent) -> Fraction:
    return Fraction(agent.last_assigned_at.timestamp()) if agent.last_assigned_at else Fraction(0)


def told_apart(one: Agent, other: Agent, asked: Asked, context: Context) -> tuple[int, str | None]:
    """Negative where `one` goes before `other`, and by what beyond the score."""
    pairs = (
        (score(one, asked, context), score(other, asked, context), None),
        (liking(one, asked), liking(other, asked), "prefer"),
        (-last(one), -last(other), "idle"),
    )
    for mine, theirs, by in pairs:
        if mine != theirs:
            return (-1 if mine > theirs else 1), by
    return (-1 if one.id < other.id else 1), "id"


def oracle(needs: Needs, agents: list[Agent], context: Context) -> tuple[object, ...]:
    """As `in_short` puts it."""
    now, waited = context.now, (context.now - context.queued_at).total_seconds()
    if needs.hold and needs.open_at is not None and needs.open_at > now:
        return ("nobody", "until_open", None, None, 0, [], {}, ())
    asked = asked_after(needs, waited)
    barriers = {agent.id: barred_by(agent, asked, needs.weight, context) for agent in agents}
    in_order = cmp_to_key(lambda one, other: told_apart(one, other, asked, context)[0])
    worth_telling = [agent for agent in agents if agent.capacity > 0]
    shown: list[Agent] = []
    for group in (None, "flood", "cap", "full", "declined", "away"):
        shown += sorted((agent for agent in worth_telling if barriers[agent.id] == group), key=in_order)
    able = [agent for agent in shown if barriers[agent.id] is None]

    outcome, why, chosen, tie = "nobody", "", None, None
    first = next((agent for agent in agents if agent.id == needs.agent), None)
    if first in able:
        outcome, why, chosen = "assigned", "preferred", first
    elif first and waited < needs.wait_s and waits_for(first, barriers[first.id], needs.weight, context.kind):
        why = "waits_for_agent"
    elif able:
        outcome, why, chosen = "assigned", "only_one", able[0]
        if len(able) > 1:
            why, tie = context.strategy.value, told_apart(able[0], able[1], asked, context)[1]
    else:
        why = why_nobody(worth_telling, barriers)

    if first and (chosen is first or why == "waits_for_agent"):
        shown = [first, *(agent for agent in shown if agent is not first)]
    shown = shown[:10]
    others: dict[str, int] = {}
    for agent in agents:
        barrier = barriers[agent.id]
        if agent not in shown and barrier:
            others[barrier] = others.get(barrier, 0) + 1
    lacks = missing(worth_telling, barriers, asked) if why == "lacks_skill" else ()
    told = [(agent.id, barriers[agent.id]) for agent in shown]
    return (outcome, why, chosen.id if chosen else None, tie, asked.steps, told, others, lacks)


def asked_again(context: Context) -> bool:
    return context.ask_again_at is not None and context.ask_again_at <= context.now


def waits_for(agent: Agent, barrier: str | None, weight: int, kind: str) -> bool:
    fits = agent.capacity >= max(weight, 1) and agent.caps.get(kind, weight) >= weight
    return fits and barrier in ("full", "cap", "flood")


def why_nobody(agents: list[Agent], barriers: dict[str, str | None]) -> str:
    met = [barriers[agent.id] for agent in agents]
    for barrier, why in (("flood", "flood"), ("full", "full"), ("cap", "full"), ("declined", "declined")):
        if barrier in met:
            return why
    here = [agent for agent in agents if agent.availability == Availability.AVAILABLE]
    return "lacks_skill" if any(barriers[agent.id] == "skill" for agent in here) else "nobody_here"


def missing(agents: list[Agent], barriers: dict[str, str | None], asked: Asked) -> tuple[str, ...]:
    here = [a for a in agents if a.availability == Availability.AVAILABLE and barriers[a.id] == "skill"]
    best = {skill: max(agent.skills.get(skill, 0) for agent in here) for skill in asked.require}
    lacking = {skill: level for skill, level in asked.require.items() if best[skill] < level}
    return tuple(f"{skill}:{level}" for skill, level in (lacking or asked.require).items())


def in_short(decision: Decision) -> tuple[object, ...]:
    return (
        decision.outcome.value,
        decision.why.value,
        decision.agent,
        decision.tie.value if decision.tie else None,
        decision.relaxed,
        [(each.agent, each.barrier.value if each.barrier else None) for each in decision.candidates],
        dict(decision.others),
        decision.lacks,
    )


def check_again_at(decision: Decision, needs: Needs, agents: list[Agent], context: Context) -> None:
    """Time alone changes nothing before it, and something at it."""
    again = decision.again_at
    if decision.outcome is Outcome.ASSIGNED:
        assert again is None
        return
    assert again is None or again in moments(needs, agents, context)
    for passed in (timedelta(seconds=7), again - context.now - MILLISECOND if again else timedelta(hours=1)):
        if again is None or context.now + passed < again:
            later = oracle(needs, agents, replace(context, now=context.now + passed))
            assert (later[0], later[1]) == (decision.outcome, decision.why)


def moments(needs: Needs, agents: list[Agent], context: Context) -> set[datetime]:
    """When, after now, anything at all changes by time alone."""
    ends = {context.queued_at + timedelta(seconds=s) for s in (needs.wait_s, *(step.after_s for step in needs.relax))}
    ends |= {at + MINUTE for agent in agents for at in agent.recent}
    ends |= {slot.until for agent in agents for slot in (*agent.slots, *agent.offers) if slot.until}
    ends |= {at for at in (needs.open_at, context.ask_again_at) if at}
    return {end for end in ends if end > context.now}

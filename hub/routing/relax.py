"""What a conversation asks of an agent after it has waited a while: the steps that its rules allow, by time."""

from collections.abc import Mapping
from dataclasses import replace

from hub.model import Needs, Relax


def relaxed(needs: Needs, waited_s: float) -> tuple[Needs, int, float | None]:
    """The needs after this wait, how many steps that took, and in how many seconds the next one comes (None: none).

    Steps are taken in the order of their `after_s`, those of the same second in the order given. Nothing becomes
    stricter by a step, and taking a step twice is taking it once, so that needs which are stored relaxed may be
    relaxed again.
    """
    if not needs.relax:
        return needs, 0, None
    steps = sorted(needs.relax, key=lambda step: step.after_s)
    taken = 0
    for step in steps:
        if step.after_s > waited_s:
            return needs, taken, step.after_s - waited_s
        needs = _after(needs, step)
        taken += 1
    return needs, taken, None


def _after(needs: Needs, step: Relax) -> Needs:
    if step.drop:
        return replace(needs, require=_without(needs.require, step.drop), prefer=_without(needs.prefer, step.drop))
    if step.lower:
        require = _lowered(needs.require, step.lower, step.level)
        return replace(needs, require=require, prefer=_lowered(needs.prefer, step.lower, step.level))
    if step.anybody:
        return replace(needs, teams=())
    if step.team and needs.teams and step.team not in needs.teams:  # no teams are everybody already
        return replace(needs, teams=(*needs.teams, step.team))
    return needs


def _without(skills: Mapping[str, int], skill: str) -> Mapping[str, int]:
    return {name: level for name, level in skills.items() if name != skill}


def _lowered(skills: Mapping[str, int], skill: str, to: int) -> Mapping[str, int]:
    return {name: min(level, to) if name == skill else level for name, level in skills.items()}

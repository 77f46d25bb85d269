"""What a conversation asks of an agent after it has waited a while: the steps that its rules allow, by time."""

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
    taken = [step for step in steps if step.after_s <= waited_s]
    next_s = steps[len(taken)].after_s - waited_s if len(taken) < len(steps) else None
    if not taken:
        return needs, 0, next_s
    require, prefer, teams = dict(needs.require), dict(needs.prefer), needs.teams
    for step in taken:
        _lighten(require, step)
        _lighten(prefer, step)
        teams = _widened(teams, step)
    return replace(needs, require=require, prefer=prefer, teams=teams), len(taken), next_s


def _lighten(skills: dict[str, int], step: Relax) -> None:
    if step.drop:
        skills.pop(step.drop, None)
    elif step.lower in skills:
        skills[step.lower] = min(skills[step.lower], step.level)


def _widened(teams: tuple[str, ...], step: Relax) -> tuple[str, ...]:
    if step.anybody:
        return ()
    if step.team and teams and step.team not in teams:  # no teams are everybody already
        return (*teams, step.team)
    return teams

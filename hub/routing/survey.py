"""All agents as they look to one kind of needs: asked once, then only the agent who has changed is asked again."""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import nsmallest

from hub.model import Needs, Strategy
from hub.routing.barriers import Context, asks, might_fit, passes_at
from hub.routing.decision import BEST, NAMED, Barrier, Candidate, Decision, Outcome, Tie, Why
from hub.routing.relax import relaxed
from hub.routing.seats import Seat
from hub.routing.urgency import held

# Ascending: the strategy's score, preferred skills, last assignment, id. Ids differ, so that no two seats are compared.
Key = tuple[float, int, float, str, Seat]

_NEAREST = (Barrier.FLOOD, Barrier.CAP, Barrier.FULL, Barrier.DECLINED, Barrier.AWAY)  # with the skills, in the team
_TIES = (None, Tie.PREFER, Tie.IDLE, Tie.ID)  # by the place in the key where the best two begin to differ
_MOST_ROOM = Strategy.MOST_ROOM  # looking a member up costs as much as a comparison
_STRATEGIES = {
    Strategy.MOST_ROOM: Why.MOST_ROOM,
    Strategy.LONGEST_IDLE: Why.LONGEST_IDLE,
    Strategy.BEST_SKILL: Why.BEST_SKILL,
}


class Survey:
    """Right at one moment (`context.now`). What it decides is what a fresh one over the same seats would decide."""

    def __init__(self, needs: Needs, seats: Iterable[Seat], context: Context) -> None:
        self._needs, self._context = needs, context
        self._asked, _, _ = relaxed(needs, context.waited_s)
        self._ask, self._rank = asks(self._asked, context), ranks(self._asked, context.strategy)
        self._able: dict[str, Key] = {}
        self._barred: dict[Barrier, dict[str, Seat]] = {barrier: {} for barrier in Barrier}
        self._ordered: list[Key] | None = None  # the able, best first: from the first update on
        self._shown: dict[str, Candidate] = {}
        self._picture: Decision | None = None
        self._sit(seats)

    def update(self, seat: Seat) -> None:
        """This agent has changed, or is new."""
        if self._ordered is None:
            self._ordered = sorted(self._able.values())
        if key := self._able.pop(seat.id, None):
            del self._ordered[bisect_left(self._ordered, key)]
        for group in self._barred.values():
            group.pop(seat.id, None)
        self._sit((seat,))
        if key := self._able.get(seat.id):
            insort(self._ordered, key)
        self._shown.pop(seat.id, None)
        self._picture = None

    def decide(self, needs: Needs | None = None, context: Context | None = None) -> Decision:
        """For the conversation that it was made for, or for another one that is `alike`."""
        needs, context = needs or self._needs, context or self._context
        if held(needs, context.now):
            return _until_open(needs, context)
        asked, steps, next_s = relaxed(needs, context.waited_s)
        picture = self._picture = self._picture or self._look()
        decision = self._with_preference(picture, asked, context)
        again_at = None
        if decision.outcome is Outcome.NOBODY:
            again_at = _earliest(
                decision.again_at, context.now + timedelta(seconds=next_s) if next_s is not None else None
            )
        return replace(decision, needs=asked, relaxed=steps, version=context.version, again_at=again_at)

    # --- nobody goes first ------------------------------------------------------------------------------

    def _sit(self, seats: Iterable[Seat]) -> None:
        ask, rank, able, barred = self._ask, self._rank, self._able, self._barred
        for seat in seats:
            barrier = ask(seat)
            if barrier is None:
                able[seat.id] = rank(seat)
            else:
                barred[barrier][seat.id] = seat

    def _look(self) -> Decision:
        """Whoever goes first, and whatever else differs among those who are alike, left aside."""
        best = nsmallest(BEST, self._able.values()) if self._ordered is None else self._ordered[:BEST]
        shown = [self._able_one(key[-1]) for key in best]
        shown += self._nearest(BEST - len(shown))
        told = Decision(
            Outcome.NOBODY,
            Why.NOBODY_HERE,
            candidates=tuple(shown),
            others=self._others(shown),
            named=self._named(shown),
            lacking=self._lacking(),
        )
        if best:
            why, tie = self._why(best)
            return replace(told, outcome=Outcome.ASSIGNED, why=why, agent=best[0][-1].id, tie=tie)
        return self._nobody(told)

    def _why(self, best: list[Key]) -> tuple[Why, Tie | None]:
        if len(best) == 1:
            return Why.ONLY_ONE, None
        differs = next(place for place in range(len(_TIES)) if best[0][place] != best[1][place])
        return _STRATEGIES[self._context.strategy], _TIES[differs]

    def _nobody(self, told: Decision) -> Decision:
        """The last barrier that the nearest agent met is what would have to fall: somebody given several in a minute is
        nearer than somebody full, and somebody full than somebody who declined."""
        for barriers, why in (
            ((Barrier.FLOOD,), Why.FLOOD),
            ((Barrier.CAP, Barrier.FULL), Why.FULL),
            ((Barrier.DECLINED,), Why.DECLINED),
        ):
            if any(self._barred[barrier] for barrier in barriers):
                return replace(told, why=why, again_at=self._passes_at())
        if here := [seat for seat in self._barred[Barrier.SKILL].values() if seat.here]:
            return replace(told, why=Why.LACKS_SKILL, lacks=self._lacks(here))
        return told

    def _passes_at(self) -> datetime | None:
        return _earliest(
            *(
                passes_at(barrier, seat, self._asked, self._context)
                for barrier in (Barrier.FLOOD, Barrier.CAP, Barrier.FULL, Barrier.DECLINED)
                for seat in self._barred[barrier].values()
            )
        )

    def _lacks(self, here: list[Seat]) -> tuple[str, ...]:
        """The required skills that nobody here has; all of them, where somebody has each but nobody has all."""
        asked = self._asked.require.items()
        missing = [(skill, level) for skill, level in asked if all(seat.skills.get(skill, 0) < level for seat in here)]
        return tuple(f"{skill}:{level}" for skill, level in missing or asked)

    def _lacking(self) -> dict[str, int]:
        asked = [(skill, level, f"{skill}:{level}") for skill, level in self._asked.require.items()]
        counts = {name: 0 for _, _, name in asked}
        for seat in self._barred[Barrier.SKILL].values():
            for skill, level, name in asked:
                if seat.skills.get(skill, 0) < level:
                    counts[name] += 1
                    break
        return {name: count for name, count in counts.items() if count}

    def _nearest(self, most: int) -> list[Candidate]:
        """The best of those who could not, nearest first."""
        near: list[Candidate] = []
        for barrier in _NEAREST:
            if len(near) < most:
                keys = (self._rank(seat) for seat in self._barred[barrier].values())
                near += [self._candidate(key[-1], barrier) for key in nsmallest(most - len(near), keys)]
        return near

    def _others(self, shown: Iterable[Candidate]) -> dict[str, int]:
        counts = {barrier: len(group) for barrier, group in self._barred.items() if group}
        for candidate in shown:
            if candidate.barrier:
                counts[candidate.barrier] -= 1
        return {barrier.value: count for barrier, count in counts.items() if count}

    def _able_one(self, seat: Seat) -> Candidate:
        """Made once until this agent changes."""
        if seat.id not in self._shown:
            self._shown[seat.id] = self._candidate(seat, None)
        return self._shown[seat.id]

    def _named(self, shown: Iterable[Candidate]) -> dict[str, tuple[str, ...]]:
        told = {candidate.agent for candidate in shown}
        few = {barrier: group.keys() - told for barrier, group in self._barred.items() if len(group) <= NAMED + BEST}
        return {barrier.value: tuple(sorted(ids)) for barrier, ids in few.items() if 0 < len(ids) <= NAMED}

    def _candidate(self, seat: Seat, barrier: Barrier | None) -> Candidate:
        return Candidate(seat.id, seat.capacity - seat.load, seat.capacity, levels(self._asked, seat), barrier)

    # --- somebody goes first ----------------------------------------------------------------------------

    def _with_preference(self, picture: Decision, asked: Needs, context: Context) -> Decision:
        """The agent who goes first has it if able. They are waited for if they are here and only have no room now:
        who is away, busy or offline may stay so, and nobody knows how long."""
        if asked.agent in self._able:
            shown = self._led_by(self._able[asked.agent][-1], None, picture)
            return replace(shown, outcome=Outcome.ASSIGNED, why=Why.PREFERRED, agent=asked.agent, tie=None)
        for barrier in (Barrier.FULL, Barrier.CAP, Barrier.FLOOD):
            seat = self._barred[barrier].get(asked.agent or "")
            if seat and context.waited_s < asked.wait_s and might_fit(seat, asked, context):
                until = context.queued_at + timedelta(seconds=asked.wait_s)
                again_at = _earliest(until, passes_at(barrier, seat, asked, context))
                shown = self._led_by(seat, barrier, picture)
                return replace(shown, outcome=Outcome.NOBODY, why=Why.WAITS_FOR_AGENT, agent=None, again_at=again_at)
        return picture

    def _led_by(self, seat: Seat, barrier: Barrier | None, picture: Decision) -> Decision:
        rest = (candidate for candidate in picture.candidates if candidate.agent != seat.id)
        shown = (self._candidate(seat, barrier), *rest)[:BEST]
        return replace(
            picture, candidates=shown, others=self._others(shown), named=self._named(shown), lacks=(), tie=None
        )


def alike(asked: Needs, context: Context) -> Hashable:
    """The same for conversations that one survey serves; `asked`: the needs as relaxed."""
    return (
        tuple(asked.require.items()),
        tuple(asked.prefer.items()),
        asked.teams,
        asked.weight,
        context.now,
        context.kind,
        context.strategy,
        frozenset(context.declined),
        frozenset(context.missed),
        context.ask_again_at,
        context.flood,
    )


def ranks(asked: Needs, strategy: Strategy) -> Callable[[Seat], Key]:
    """What puts the best first. A preferred skill counts with the agent's level, from the level asked for on."""
    prefer = tuple(asked.prefer.items())

    def rank(seat: Seat) -> Key:
        if strategy is _MOST_ROOM:
            score = seat.load / seat.capacity
        else:
            score = seat.last_assigned if strategy is Strategy.LONGEST_IDLE else -levels(asked, seat)
        liked = 0
        for skill, level in prefer:
            if seat.skills.get(skill, 0) >= level:
                liked -= seat.skills[skill]
        return score, liked, seat.last_assigned, seat.id, seat

    return rank


def levels(asked: Needs, seat: Seat) -> int:
    """The agent's levels over the required and the preferred skills, each skill once."""
    skills, total = seat.skills, 0
    for skill in asked.require:
        total += skills.get(skill, 0)
    for skill, level in asked.prefer.items():
        if skill not in asked.require and skills.get(skill, 0) >= level:
            total += skills[skill]
    return total


def _until_open(needs: Needs, context: Context) -> Decision:
    return Decision(Outcome.NOBODY, Why.UNTIL_OPEN, needs=needs, version=context.version, again_at=needs.open_at)


def _earliest(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)

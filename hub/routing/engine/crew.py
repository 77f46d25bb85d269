"""The agents as the engine has them in mind, with their seats."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.model import Agent, Conversation, Needs, Turn
from hub.routing.handing import with_one_more
from hub.routing.seats import Seat, seat_of


@dataclass(slots=True)
class Crew:
    """`more`: somebody can do more than before, so that everybody who waits is to be looked at. `behind`: whose seats
    are newer than their records, because of what was given since; `given`: (conversation, agent), by this engine and
    not yet told by the feed."""

    agents: dict[str, Agent] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)
    given: set[tuple[str, str]] = field(default_factory=set)
    more: bool = True

    def clear(self) -> None:
        self.agents.clear()
        self.seats.clear()
        self.behind.clear()
        self.given.clear()
        self.more = True

    def take_up(self, id: str, agent: Agent | None, now: datetime) -> None:
        """As the store has this agent now."""
        self.behind.discard(id)
        if agent is None:
            self.agents.pop(id, None)
            self.seats.pop(id, None)
            return
        before, seat = self.seats.get(id), seat_of(agent, now)
        self.agents[id], self.seats[id] = agent, seat
        self.more = self.more or before is None or _could_do_more(before, seat)

    def give(self, agent: str, needs: Needs, kind: str, now: datetime) -> Seat:
        """This agent's seat with one more conversation on it."""
        self.behind.add(agent)
        seat = self.seats[agent] = with_one_more(self.seats[agent], needs, kind, now)
        return seat

    def was_given(self, conversation: str, agent: str) -> bool:
        """Whether this engine did it: then the seat is as it should be. Asked once, when it is told."""
        if (conversation, agent) not in self.given:
            return False
        self.given.remove((conversation, agent))
        return True

    def let_time_pass(self, now: datetime) -> Sequence[str]:
        """Gives the agents whose seats are other by now and have to be read anew."""
        over = [seat.id for seat in self.seats.values() if seat.until and seat.until <= now]
        for id in over:
            if id not in self.behind:
                self.take_up(id, self.agents.get(id), now)
        return [id for id in over if id in self.behind]

    def next_at(self) -> datetime | None:
        """When time alone will make a seat another."""
        return min((seat.until for seat in self.seats.values() if seat.until), default=None)

    @property
    def has_room(self) -> bool:
        """Whether anybody at all could be given something."""
        return any(seat.here and seat.load < seat.capacity for seat in self.seats.values())

    def knows(self, conversation: Conversation) -> bool:
        """Whether a conversation that somebody has weighs what we think it does."""
        agent = self.agents.get(conversation.assignee or "")
        slot = next((each for each in agent.slots if each.conversation == conversation.id), None) if agent else None
        return conversation.live and conversation.turn is Turn.US and slot is not None and slot.until is None


def _could_do_more(before: Seat, now: Seat) -> bool:
    """Whether somebody might get a conversation now who could not before."""
    if not now.here:
        return False
    same = (now.here, now.teams, now.skills, now.capacity, now.caps) == (
        before.here,
        before.teams,
        before.skills,
        before.capacity,
        before.caps,
    )
    return not same or now.load < before.load or now.held != before.held or len(now.recent) < len(before.recent)

"""I1 to I4 and I6 to I8 of `docs/routing.md`, at every prefix of what was committed. (I5 is asked when all is quiet.)

Several changes may share a transaction: somebody takes a conversation by hand while routing gives another to the same
agent. What a check says of routing is therefore asked of what routing did, not of the sum.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.events import Event, Kind
from hub.model import Agent, Availability, Conversation, Needs, Routing, Slot
from hub.routing.capacity import load, slot_of, units
from hub.routing.urgency import place
from hub.store.records import from_document
from tests.routing.history.moment import Moment

# What is younger may not have been known to an engine that was just woken or started, or was tried and found stale.
UNSEEN = timedelta(seconds=10)


@dataclass(slots=True)
class Checker:
    """`faults` in words; `given`: automatic assignments and accepted offers are counted as `assigned`."""

    faults: list[str] = field(default_factory=list)
    assigned: int = 0
    offered: int = 0
    by_hand: int = 0
    conversations: dict[str, Conversation] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    settings: Routing = field(default_factory=Routing)
    at: datetime = datetime(2020, 1, 1, tzinfo=UTC)
    _held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _waiting: dict[str, datetime] = field(default_factory=dict)  # since when it stands in the queue as it is
    _causes: set[tuple[str, str]] = field(default_factory=set)

    def take(self, moment: Moment) -> None:
        before = _Before(self)
        touched: set[str] = set()
        for (collection, id), document in moment.written.items():
            if collection == "routing" and document:
                self.settings = from_document(Routing, document)
            elif collection == "agents":
                before.agents[id] = self.agents.get(id)
                _keep(self.agents, id, Agent, document)
                touched.add(id)
            elif collection == "conversations":
                before.conversations[id] = self.conversations.get(id)
                _keep(self.conversations, id, Conversation, document)
                touched |= self._move(before.conversations[id], self.conversations.get(id))
        self.at = max((event.at for event in moment.events), default=self.at)
        self._check_events(moment.events, before)
        for id in touched:
            self._check_slots(id)
        for id in before.conversations:
            self._check_offer(id)
        self._stand_in_line(before.conversations)

    def _move(self, before: Conversation | None, now: Conversation | None) -> set[str]:
        """Keeps who holds what; gives the agents concerned: who has or had it, and whom it is or was offered to."""
        for each, change in ((before, set.discard), (now, set.add)):
            if each and each.live and each.assignee:
                change(self._held[each.assignee], each.id)
        there = [each for each in (before, now) if each]
        offered = {each.offer.agent for each in there if each.offer}
        return offered | {each.assignee for each in there if each.assignee}

    def _stand_in_line(self, changed: Mapping[str, Conversation | None]) -> None:
        for id in changed:
            now = self.conversations.get(id)
            self._waiting.pop(id, None)
            if now and now.waiting and not now.offer:
                self._waiting[id] = self.at

    # --- I1, I4, I7: who had it, event by event

    def _check_events(self, events: Iterable[Event], before: "_Before") -> None:
        written = {id: was for id, was in before.conversations.items() if id in self.conversations}
        holder = {id: was.assignee if was else None for id, was in written.items()}
        for event in events:
            id = event.conversation
            if id is None or id not in self.conversations:
                continue
            if id not in holder:  # told of, and not written
                holder[id] = self.conversations[id].assignee
            if event.kind is Kind.CONVERSATION_ASSIGNED:
                self._check_assigned(event, id, holder[id], before)
                holder[id] = str(event.data["assignee"])
            elif event.kind is Kind.CONVERSATION_RELEASED:
                self._expect(holder[id] == event.data.get("from"), "I1", event, "was released by who had it not")
                holder[id] = None
            elif event.kind is Kind.CONVERSATION_OFFERED:
                self.offered += 1
                self._expect(holder[id] is None, "I4", event, "was offered over the head of its agent")
                self._check_choice(event, str(event.data["agent"]), before)
        for id, who in holder.items():
            now = self.conversations[id]
            self._expect(now.assignee == who, "I1", now, f"is with {now.assignee}, and its events say {who}")

    def _check_assigned(self, event: Event, id: str, holder: str | None, before: "_Before") -> None:
        if not _by_routing(event):
            self.by_hand += "decision" not in event.data
            self.assigned += "decision" in event.data  # an offer that was accepted
            return
        self.assigned += 1
        self._expect(holder is None, "I4", event, f"was given by routing over the head of {holder}")
        cause = (event.cause or event.id, id)
        self._expect(cause not in self._causes, "I7", event, "was given twice for one cause")
        self._causes.add(cause)
        self._check_choice(event, str(event.data["assignee"]), before)

    # --- I2, I3, I6: what routing chose

    def _check_choice(self, event: Event, agent: str, before: "_Before") -> None:
        was, now = before.agent(agent), self.agents[agent]
        needs = event.data["decision"]["needs"]
        self._expect(any(_fits(needs, each) for each in (was, now) if each), "I3", event, f"{agent} lacks {needs}")
        before.routed.add(event.conversation or "")
        self._check_room(event, was or now, now, before)
        self._check_order(event, agent)

    def _check_room(self, event: Event, was: Agent, now: Agent, before: "_Before") -> None:
        """Of what the agent holds now, only what was there before with its weight, and what routing added."""
        known = {slot.conversation: slot for slot in (*was.slots, *was.offers)}
        counted = [
            slot
            for slot in (*now.slots, *now.offers)
            if slot.conversation in before.routed or slot == known.get(slot.conversation)
        ]
        room = max(was.capacity, now.capacity)
        held = sum(units(slot, event.at) for slot in counted)
        self._expect(held <= room, "I2", event, f"{now.id} holds {held} of {room}")
        conversation = self.conversations[event.conversation or ""]
        kind = conversation.channel_kind
        caps = [agent.caps[kind] for agent in (was, now) if kind in agent.caps]
        if len(caps) == 2:
            of_kind = sum(units(slot, event.at) for slot in counted if slot.kind == kind)
            self._expect(of_kind <= max(caps), "I2", event, f"{now.id} holds {of_kind} of {max(caps)} by {kind}")

    def _check_order(self, event: Event, agent: str) -> None:
        """I6: nobody who asks the same, waited longer and could have gone to this agent was passed over."""
        given = self.conversations[event.conversation or ""]
        if given.needs is None or given.needs.agent:
            return
        ours = place(given, self.settings)
        for id, since in self._waiting.items():
            other = self.conversations[id]
            if (
                id != given.id
                and other.waiting
                and not other.offer
                and other.needs is not None
                and _asks(other.needs) == _asks(given.needs)
                and other.channel_kind == given.channel_kind
                and agent not in other.declined
                and not self._rests(agent, other, event.at)
                and event.at - since > UNSEEN
                and place(other, self.settings) < ours
            ):
                self._expect(False, "I6", event, f"{other.number} is more urgent and has waited since {since}")

    def _rests(self, agent: str, other: Conversation, at: datetime) -> bool:
        """Whether this agent let it run out and is not yet asked again, or only just."""
        missed, pause_s = other.missed, self.settings.ask_again_s
        if missed is None or agent not in missed.agents:
            return False
        return not pause_s or at - missed.at < timedelta(seconds=pause_s) + UNSEEN

    # --- I8: slots and conversations agree

    def _check_slots(self, id: str) -> None:
        agent = self.agents.get(id)
        if agent is None:
            return
        slots = {slot.conversation: slot for slot in agent.slots}
        self._expect(len(slots) == len(agent.slots), "I8", agent, "holds one conversation twice")
        self._expect(
            slots.keys() == self._held[id], "I8", agent, f"holds {sorted(slots)}, has {sorted(self._held[id])}"
        )
        for conversation in slots.keys() & self._held[id]:
            self._check_weight(agent, slots[conversation], self.conversations[conversation])
        for slot in agent.offers:
            offer = self.conversations[slot.conversation].offer
            self._expect(offer is not None and offer.agent == id, "I8", agent, f"has an old offer: {slot.conversation}")

    def _check_offer(self, id: str) -> None:
        """The room for what is offered is kept, as if it were theirs."""
        conversation = self.conversations.get(id)
        agent = self.agents.get(conversation.offer.agent) if conversation and conversation.offer else None
        kept = agent is None or any(slot.conversation == id for slot in agent.offers)
        self._expect(kept, "I8", conversation, f"is offered to {agent and agent.id}, who keeps no room for it")

    def _check_weight(self, agent: Agent, slot: Slot, conversation: Conversation) -> None:
        """What it weighs follows from whose turn it is; since when, only that moment knew."""
        due = slot_of(conversation, self.settings, datetime.min)
        same = (slot.weight, slot.until is None) == (due.weight, due.until is None)
        self._expect(same, "I8", agent, f"{conversation.number} weighs {slot}, due is {due}")

    def _expect(self, holds: bool, rule: str, about: Any, words: str) -> None:
        if not holds:
            self.faults.append(f"{rule}: {_name(about)} {words}")


@dataclass(slots=True)
class _Before:
    """How the records stood before a transaction; `routed`: what routing has given or offered in it so far."""

    checker: Checker
    agents: dict[str, Agent | None] = field(default_factory=dict)
    conversations: dict[str, Conversation | None] = field(default_factory=dict)
    routed: set[str] = field(default_factory=set)

    def agent(self, id: str) -> Agent | None:
        return self.agents[id] if id in self.agents else self.checker.agents.get(id)


def overloaded(agents: Iterable[Agent], now: datetime) -> list[str]:
    """Who holds more than they can."""
    return [agent.id for agent in agents if load(agent, now) > agent.capacity]


def _by_routing(event: Event) -> bool:
    return "decision" in event.data and event.actor.id == ""


def _fits(needs: Mapping[str, Any], agent: Agent) -> bool:
    teams = needs.get("teams", ())
    return (
        agent.availability is Availability.AVAILABLE
        and (not teams or not set(teams).isdisjoint(agent.teams))
        and all(agent.skills.get(skill, 0) >= level for skill, level in needs.get("require", {}).items())
    )


def _asks(needs: Needs) -> tuple[Any, ...]:
    return (
        sorted(needs.require.items()),
        sorted(needs.prefer.items()),
        sorted(needs.teams),
        needs.agent,
        needs.weight,
        needs.hold,
        needs.relax,
    )


def _keep(records: dict[str, Any], id: str, kind: type, document: Mapping[str, Any] | None) -> None:
    if document is None:
        records.pop(id, None)
    else:
        records[id] = from_document(kind, document)


_NAMES: Mapping[type, Callable[[Any], str]] = {
    Event: lambda event: f"{event.kind} {event.id} at {event.at:%H:%M:%S.%f} of {event.conversation}",
    Agent: lambda agent: f"agent {agent.id}",
    Conversation: lambda conversation: f"conversation {conversation.number}",
}


def _name(about: Any) -> str:
    return _NAMES[type(about)](about)

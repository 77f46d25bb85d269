"""Bruno and Davi, who answer some of the customers while the reader is Ana, by the verbs that every agent uses."""

from dataclasses import dataclass

from hub.inbox.annotate import annotate
from hub.inbox.assign import take
from hub.inbox.house import House
from hub.inbox.reply import reply
from hub.inbox.resolve import resolve
from hub.inbox.rights import person_of
from hub.inbox.seen import seen
from hub.model import Conversation, Message, Person, Role, Turn

LEFT_FOR_OTHERS = 7  # so many waiting ones they never touch: the reader shall find some


@dataclass(frozen=True, slots=True)
class Colleague:
    house: House
    person: Person

    async def begins(self, message: str, *, insists: bool) -> bool:
        """Takes the conversation of this message, unless somebody else has it, or few wait and nobody `insists`."""
        conversation = await self._conversation(message)
        if conversation is None or not conversation.live:
            return False
        if conversation.assignee is None and (insists or await waiting(self.house) > LEFT_FOR_OTHERS):
            await take(self.house, self.person, conversation.id, seen_assignee=None)
        elif conversation.assignee != self.person.id:
            return False
        await seen(self.house, self.person, conversation.id, conversation.seq)
        return True

    async def types(self, message: str) -> None:
        """What the customer sees of it; colleagues see it too."""
        said = await self._message(message)
        if said:
            who = {"kind": "agent", "id": self.person.id, "name": self.person.name}
            note = {"kind": "typing", "conversation": said.conversation, "who": who, "on": True, "to": [said.peer]}
            await self.house.presence.tell(note)

    async def answers(self, message: str, text: str) -> None:
        """Raises HubError, also when somebody answered meanwhile."""
        conversation = await self._conversation(message)
        if conversation and conversation.assignee == self.person.id:
            id = self.house.clock.new_id()
            await reply(
                self.house, self.person, conversation.id, id=id, text=text, last_out_seq=conversation.last_out_seq
            )

    async def ends(self, message: str) -> None:
        """Only their own, and only when the customer has had the last answer."""
        conversation = await self._conversation(message)
        if conversation and conversation.assignee == self.person.id and conversation.turn is Turn.CUSTOMER:
            await resolve(self.house, self.person, conversation.id)

    async def settles(self, message: str, note: str) -> None:
        """What cannot be answered here: says to the others what was done, and resolves."""
        conversation = await self._conversation(message)
        if conversation and conversation.assignee == self.person.id:
            await annotate(self.house, self.person, conversation.id, id=self.house.clock.new_id(), text=note)
            await resolve(self.house, self.person, conversation.id)

    async def is_here(self) -> None:
        await self.house.presence.beat(self.person.id)

    async def _message(self, id: str) -> Message | None:
        return (await self.house.reader.messages_by_id([id])).get(id)

    async def _conversation(self, message: str) -> Conversation | None:
        said = await self._message(message)
        return await self.house.reader.conversation(said.conversation) if said else None


async def colleagues(house: House) -> list[Colleague]:
    """All agents but Ana: the reader is Ana."""
    agents = sorted((user for user in house.directory.users.values() if user.role is Role.AGENT), key=lambda u: u.name)
    return [Colleague(house, await person_of(house, user)) for user in agents[1:]]


async def waiting(house: House) -> int:
    """How many customers wait for nobody in particular."""
    counts = await house.reader.counts()
    return sum(n for key, n in counts.items() if key.assignee is None and key.turn == Turn.US)

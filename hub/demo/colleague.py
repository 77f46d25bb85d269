"""Bruno, Carla and Davi, who answer what routing gives them while the reader is Ana, by the verbs of every agent."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from hub.inbox.annotate import annotate
from hub.inbox.assign import take
from hub.inbox.house import House
from hub.inbox.queries import PAGE, all_waiting
from hub.inbox.reply import reply
from hub.inbox.resolve import resolve
from hub.inbox.rights import person_of, rights
from hub.inbox.seen import seen
from hub.model import Conversation, Message, Person, Role, Turn

# What they say to those whom no visit speaks of: it is being looked into. By language, ISO 639-1.
LOOKS_INTO_IT = {
    "pt": "Oi! Já estou vendo isso com a equipe e respondo por aqui ainda hoje.",
    "en": "Hello! I’m looking into it with the team and will answer you here today.",
    "es": "¡Hola! Lo estoy viendo con el equipo y te respondo por acá hoy mismo.",
}
SEEN_TO = {"pt": "Visto. Encaminhei para a expedição.", "en": "Seen to; passed on to dispatch."}


@dataclass(frozen=True, slots=True)
class Colleague:
    house: House
    person: Person

    async def keeps_up(self, but: Set[str], until: datetime) -> None:
        """Sees to what routing gave them before `until`, but for these conversations."""
        for each in await self.house.reader.page(rights(self.person), "mine", after=None, limit=PAGE):
            given = each.needs is not None and each.assigned_at is not None and each.assigned_at < until
            if given and each.turn is Turn.US and each.id not in but:
                await self._looks_into(each)

    async def _looks_into(self, conversation: Conversation) -> None:
        id, language = self.house.clock.new_id(), conversation.language or "pt"
        await seen(self.house, self.person, conversation.id, conversation.seq)
        if conversation.reach:
            text, last = LOOKS_INTO_IT.get(language, LOOKS_INTO_IT["en"]), conversation.last_out_seq
            await reply(self.house, self.person, conversation.id, id=id, text=text, last_out_seq=last)
        else:
            company = self.house.directory.company.language
            await annotate(self.house, self.person, conversation.id, id=id, text=SEEN_TO[company[:2]])
            await resolve(self.house, self.person, conversation.id)

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


async def at_work_on(house: House, message: str, otherwise: Colleague, *, insists: bool) -> Colleague | None:
    """The colleague whom routing gave the conversation of this message. Nobody while it waits or the reader has it;
    who `insists` has `otherwise` take what waits for too long."""
    team = {each.person.id: each for each in await colleagues(house)}
    said = (await house.reader.messages_by_id([message])).get(message)
    conversation = await house.reader.conversation(said.conversation) if said else None
    if conversation is None or not conversation.live:
        return None
    if conversation.assignee is None and insists:
        await take(house, otherwise.person, conversation.id, seen_assignee=None)
        return otherwise
    found = team.get(conversation.assignee or "")
    if found:
        await seen(house, found.person, conversation.id, conversation.seq)
    return found


async def colleagues(house: House) -> list[Colleague]:
    """All agents but Ana: the reader is Ana."""
    agents = sorted((user for user in house.directory.users.values() if user.role is Role.AGENT), key=lambda u: u.name)
    return [Colleague(house, await person_of(house, user)) for user in agents[1:]]


async def waiting(house: House) -> int:
    """How many customers wait for nobody in particular."""
    return all_waiting(await house.reader.counts())

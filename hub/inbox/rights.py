"""Who sees what. Everything is loaded through the person: what is not theirs is not found."""

from hub.errors import NotFound
from hub.inbox.house import House
from hub.model import Agent, Company, Conversation, Message, Person, Role, User
from hub.ports import Rights, Sheet

NOT_FOUND = "There is no such conversation, or you may not see it."


async def person_of(house: House, user: User) -> Person:
    return as_person(user, house.directory.agents.get(user.id), house.directory.company)


def as_person(user: User, agent: Agent | None, company: Company) -> Person:
    sees_all = company.agents_see_all or user.role is not Role.AGENT
    return Person(user.id, user.name, user.role, agent.teams if agent else (), sees_all)


def rights(person: Person) -> Rights:
    return Rights(person.id, person.sees_all, person.teams)


def may_see(person: Person, conversation: Conversation) -> bool:
    return (
        person.sees_all
        or conversation.team is None
        or conversation.team in person.teams
        or conversation.assignee == person.id
        or (conversation.offer is not None and conversation.offer.agent == person.id)
    )


async def load(house: House, person: Person, ref: str) -> Conversation:
    """By id or number. Raises NotFound."""
    conversation = await house.reader.conversation(ref)
    if conversation is None or not may_see(person, conversation):
        raise NotFound("not_found", NOT_FOUND)
    return conversation


async def load_message(house: House, person: Person, id: str) -> Message:
    """Raises NotFound."""
    message = (await house.reader.messages_by_id([id])).get(id)
    if message is None:
        raise NotFound("not_found", "There is no such message, or you may not see it.")
    await load(house, person, message.conversation)
    return message


def found(sheet: Sheet, person: Person, id: str) -> Conversation:
    """The conversation as it is now, if this person still sees it."""
    conversation = sheet.get(Conversation, id)
    if conversation is None or not may_see(person, conversation):
        raise NotFound("not_found", NOT_FOUND)
    return conversation

"""What stands in the store, held against what the senders were told. Looks behind the hub's back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from tests.faults.load import Book

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Findings:
    """Counts for the report, and every fault in words."""

    acknowledged: int
    stored: int
    missing: tuple[str, ...]
    doubles: tuple[str, ...]
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {self.stored} stored, "
            f"{len(self.missing)} missing, {len(self.doubles)} doubles, {len(self.faults)} faults in all"
        )


async def examine(database: AsyncDatabase[Any], *books: Book) -> Findings:
    messages = await database["messages"].find().to_list()
    conversations = await database["conversations"].find().to_list()
    events = await database["events"].find().to_list()
    agents = await database["agents"].find().to_list()
    by_text = defaultdict(list)
    for message in messages:
        by_text[message["text"]].append(message["_id"])
    missing, doubles = tuple(_missing(by_text, books)), tuple(_doubles(by_text))
    faults = (
        *missing,
        *doubles,
        *(f"was told what no sender should hear: {each}" for book in books for each in book.wrong),
        *(f"never acknowledged: {name}" for book in books for name in sorted(book.outstanding)),
        *_other_ids(by_text, books),
        *_places(messages, conversations),
        *_without_event(messages, events),
        *_threads(conversations),
        *_slots(agents, conversations),
    )
    return Findings(sum(len(book.acknowledged) for book in books), len(messages), missing, doubles, faults)


def _missing(by_text: Mapping[str, list[str]], books: Iterable[Book]) -> Iterable[str]:
    return (f"acknowledged and gone: {name}" for book in books for name in book.acknowledged if name not in by_text)


def _doubles(by_text: Mapping[str, list[str]]) -> Iterable[str]:
    """By what they say, not by their ids: the ids could not be the same twice."""
    return (f"stored {len(ids)} times: {text}" for text, ids in by_text.items() if len(ids) > 1)


def _other_ids(by_text: Mapping[str, list[str]], books: Iterable[Book]) -> Iterable[str]:
    """Every acknowledgement of one message has named the same one, and that one is it."""
    for book in books:
        for name, all in book.acknowledged.items():
            told = {each.message for each in all}
            if name in by_text and told != set(by_text[name]):
                yield f"{name}: acknowledged as {told}, stored as {by_text[name]}"


def _places(messages: Iterable[Document], conversations: Iterable[Document]) -> Iterable[str]:
    places = defaultdict(list)
    for message in messages:
        places[message["conversation"]].append(message["seq"])
    known = set()
    for conversation in conversations:
        known.add(conversation["_id"])
        found = sorted(places[conversation["_id"]])
        if found != list(range(1, conversation["seq"] + 1)):
            yield f"conversation {conversation['number']}: seq {conversation['seq']}, its messages have {found}"
    yield from (f"messages of conversation {id}, which is not there" for id in places.keys() - known)
    numbers = Counter(conversation["number"] for conversation in conversations)
    yield from (f"conversation number {number} was given {n} times" for number, n in numbers.items() if n > 1)


def _without_event(messages: Iterable[Document], events: Iterable[Document]) -> Iterable[str]:
    """Exactly one event says that a message has come, and where."""
    told: Counter[tuple[str, str, str, int]] = Counter()
    sent: set[tuple[str, str]] = set()
    for event in events:
        data = event.get("data", {})
        if event["kind"] in ("message.received", "message.queued"):
            told[event["kind"], data["message"], event["conversation"], data["seq"]] += 1
        elif event["kind"] == "message.state":
            sent.add((data["message"], data["state"]))
    for message in messages:
        kind = "message.received" if message["direction"] == "in" else "message.queued"
        n = told.pop((kind, message["_id"], message["conversation"], message["seq"]), 0)
        if n != 1:
            yield f"message {message['_id']} ({message['text']}) has {n} events {kind}"
        if message.get("delivery") == "sent" and (message["_id"], "sent") not in sent:
            yield f"answer {message['text']} was sent and no event says so"
    yield from (f"an event without its message: {event}" for event in told)


def _threads(conversations: Iterable[Document]) -> Iterable[str]:
    """Within its fortnight a thread has one conversation."""
    threads = Counter(thread for each in conversations for thread in each.get("threads", ()))
    return (f"thread {thread} has {n} conversations" for thread, n in threads.items() if n > 1)


def _slots(agents: Iterable[Document], conversations: Iterable[Document]) -> Iterable[str]:
    live = defaultdict(list)
    for conversation in conversations:
        if conversation["status"] != "resolved" and conversation.get("assignee"):
            live[conversation["assignee"]].append(conversation["_id"])
    for agent in agents:
        slots = sorted(slot["conversation"] for slot in agent.get("slots", ()))
        if slots != sorted(live.pop(agent["_id"], [])):
            yield f"the slots of {agent['name']} are not the live conversations"
    yield from (f"conversations of {assignee}, who is no agent" for assignee in live)

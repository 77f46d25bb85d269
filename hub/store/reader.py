"""What screens and the outbox ask of the store. Nothing here writes."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from hub.events import TIMELINE, Event, Kind
from hub.model import (
    Agent,
    ChannelRecord,
    Company,
    Conversation,
    Customer,
    Delivery,
    Direction,
    Hours,
    Identity,
    Message,
    Order,
    Quarantined,
    Routing,
    RuleDraft,
    RuleVersion,
    Skill,
    Status,
    Team,
    Thread,
    Turn,
    User,
)
from hub.ports import ALL, Background, CountKey, Crowd, InLine, Only, Rights, Served
from hub.routing.facts import TEXT_MOST
from hub.store.database import Database
from hub.store.records import COLLECTIONS, from_document

T = TypeVar("T")
Query = Mapping[str, Any]

TIMELINE_MOST = 500
QUARANTINE_MOST = 200
QUEUE_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class MongoReader:
    """Implements `ports.Reader`."""

    database: Database

    # --- people

    async def user(self, id: str) -> User | None:
        return await self._one(User, {"_id": id})

    async def user_by_email(self, email: str) -> User | None:
        return await self._one(User, {"email": email})

    async def users(self) -> Sequence[User]:
        return await self._many(User, {}, sort=[("name", 1)])

    async def agents(self, ids: Iterable[str] | None = None) -> Sequence[Agent]:
        return await self._many(Agent, {} if ids is None else {"_id": {"$in": list(ids)}}, sort=[("name", 1)])

    async def offered(self, ids: Iterable[str]) -> Sequence[Agent]:
        return await self._many(Agent, {"_id": {"$in": list(ids)}, "offers.0": {"$exists": True}}, sort=[("name", 1)])

    async def company(self) -> Company | None:
        return await self._one(Company, {"_id": "company"})

    async def channels(self) -> Sequence[ChannelRecord]:
        return await self._many(ChannelRecord, {}, sort=[("created_at", 1)])

    # --- conversations

    async def conversation(self, ref: str) -> Conversation | None:
        return await self._one(
            Conversation, {"number": int(ref)} if ref.isdecimal() and len(ref) < 16 else {"_id": ref}
        )

    async def conversations(self, ids: Iterable[str]) -> Mapping[str, Conversation]:
        return await self._by_id(Conversation, ids)

    async def page(
        self, rights: Rights, view: str, *, after: tuple[int, str] | None, limit: int, only: Only = ALL
    ) -> Sequence[Conversation]:
        parts: list[Query] = [_VIEWS[view](rights), _seen_by(rights), _only(only)]
        if after is not None:
            rank, id = after
            parts.append({"$or": [{"rank": {"$gt": rank}}, {"rank": rank, "_id": {"$gt": id}}]})
        return await self._many(Conversation, {"$and": parts}, sort=[("rank", 1), ("_id", 1)], limit=limit)

    async def counts(self) -> Mapping[CountKey, int]:
        group = {"assignee": "$assignee", "team": "$team", "turn": "$turn"}
        pipeline: list[Mapping[str, Any]] = [
            {"$match": {"status": Status.OPEN.value}},
            {"$group": {"_id": group, "n": {"$sum": 1}}},
        ]
        async with self.database.reading():
            found = await self.database.of(Conversation).aggregate(pipeline, hint=_COUNTS)
            rows = await found.to_list()
        return {
            CountKey(row["_id"].get("assignee"), row["_id"].get("team"), row["_id"].get("turn", Turn.US)): row["n"]
            for row in rows
        }

    async def crowds(self) -> Sequence[Crowd]:
        group = {"team": "$team", "channel": "$channel", "assignee": "$assignee", "turn": "$turn"}
        pipeline: list[Mapping[str, Any]] = [
            {"$match": {"status": _OPEN}},
            {"$group": {"_id": group, "n": {"$sum": 1}, "since": {"$min": "$first_queued_at"}}},
        ]
        async with self.database.reading():
            rows = await (await self.database.of(Conversation).aggregate(pipeline, hint=_COUNTS)).to_list()
        crowds: dict[tuple[str, str], Crowd] = {}
        for row in rows:
            place = row["_id"].get("team") or "", row["_id"]["channel"]
            crowds[place] = _joined(crowds.get(place) or Crowd(place[0] or None, place[1]), row)
        return [crowds[place] for place in sorted(crowds)]

    async def most_urgent(
        self, *, minutes_per_step: int, team: str | None, channel: str | None, limit: int
    ) -> Sequence[Conversation]:
        pipeline: list[Mapping[str, Any]] = [
            {"$match": _waiting_of(team, channel)},
            {"$project": {"place": _place(minutes_per_step)}},
            {"$sort": {"place": 1, "_id": 1}},
            {"$limit": limit},
        ]
        async with self.database.reading():
            rows = await (await self.database.of(Conversation).aggregate(pipeline, hint=_COUNTS)).to_list()
        found = await self._by_id(Conversation, [row["_id"] for row in rows])
        return [found[row["_id"]] for row in rows if row["_id"] in found]

    async def longest_in(self, crowd: Crowd) -> Conversation | None:
        of_it = {"team": crowd.team, "channel": crowd.channel, "first_queued_at": crowd.longest_since}
        return await self._one(Conversation, {**_waiting_of(None, None), **of_it})

    async def assigned_since(self, since: datetime) -> Mapping[str, int]:
        pipeline: list[Mapping[str, Any]] = [
            {"$match": {"kind": Kind.CONVERSATION_ASSIGNED.value, "at": {"$gte": since}}},
            {"$group": {"_id": "$data.assignee", "n": {"$sum": 1}}},
        ]
        async with self.database.reading():
            rows = await (await self.database.of(Event).aggregate(pipeline, hint=_ASSIGNED)).to_list()
        return {row["_id"]: row["n"] for row in rows if row["_id"]}

    async def queue(self, *, minutes_per_step: int, most: int) -> AsyncIterator[Sequence[InLine]]:
        pipeline: list[Mapping[str, Any]] = [
            {"$match": {"status": _OPEN, "assignee": None, "turn": Turn.US.value}},
            {"$project": {"version": 1, "seq": 1, "place": _place(minutes_per_step)}},
            {"$sort": {"place": 1, "_id": 1}},
            {"$limit": most},
        ]
        async with self.database.reading():
            found = await self.database.of(Conversation).aggregate(pipeline, hint=_COUNTS, batchSize=QUEUE_PAGE)
            while rows := await found.to_list(QUEUE_PAGE):
                yield [InLine(row["_id"], row["version"], row.get("seq", 0)) for row in rows]

    async def conversations_of(self, customer: str, rights: Rights, limit: int) -> Sequence[Conversation]:
        query = {"customer": customer, **_seen_by(rights)}
        return await self._many(Conversation, query, sort=[("created_at", -1)], limit=limit)

    # --- messages

    async def messages(self, conversation: str, *, before: int | None, limit: int) -> Sequence[Message]:
        query: dict[str, Any] = {"conversation": conversation}
        if before is not None:
            query["seq"] = {"$lt": before}
        return (await self._many(Message, query, sort=[("seq", -1)], limit=limit))[::-1]

    async def messages_by_id(self, ids: Iterable[str]) -> Mapping[str, Message]:
        return await self._by_id(Message, ids)

    async def backgrounds(
        self, conversations: Sequence[Conversation], *, messages: int, earlier: int
    ) -> Mapping[str, Background]:
        if not conversations:
            return {}
        pipeline: list[Mapping[str, Any]] = [
            {"$documents": [_asked(each) for each in conversations]},
            {"$lookup": _said(messages)},
            {"$lookup": {"from": COLLECTIONS[Customer], "localField": "customer", "foreignField": "_id", "as": "who"}},
            {"$lookup": _served(earlier)},
        ]
        async with self.database.reading():
            rows = await (await self.database.raw.aggregate(pipeline)).to_list()
        return {row["_id"]: _background(row) for row in rows}

    async def thread(self, id: str) -> Thread | None:
        return await self._one(Thread, {"_id": id})

    async def message_with_file(self, file: str) -> Message | None:
        return await self._one(Message, {"attachments._id": file})

    async def timeline(self, conversation: str) -> Sequence[Event]:
        kinds = [kind.value for kind in TIMELINE]
        query = {"conversation": conversation, "kind": {"$in": kinds}}
        return (await self._many(Event, query, sort=[("at", -1)], limit=TIMELINE_MOST))[::-1]

    async def events(self, ids: Iterable[str]) -> Mapping[str, Event]:
        return await self._by_id(Event, ids)

    async def last_event(self, conversation: str, kind: Kind) -> Event | None:
        query = {"conversation": conversation, "kind": kind.value}
        found = await self._many(Event, query, sort=[("at", -1), ("_id", -1)], limit=1)
        return found[0] if found else None

    async def history(self, peer: str, *, after: datetime | None, limit: int) -> Sequence[Message]:
        query: dict[str, Any] = {"peer": peer, "delivery": {"$nin": [Delivery.QUEUED.value, Delivery.SENDING.value]}}
        if after is not None:
            query["at"] = {"$gt": after}
        return (await self._many(Message, query, sort=[("at", -1), ("seq", -1)], limit=limit))[::-1]

    async def known(self, ids: Iterable[str]) -> set[str]:
        async with self.database.reading():
            found = await self.database.of(Message).find({"_id": {"$in": list(ids)}}, {"_id": 1}).to_list()
        return {document["_id"] for document in found}

    async def due(self, now: datetime, limit: int) -> Sequence[Message]:
        query = {"delivery": Delivery.QUEUED.value, "next_at": {"$lte": now}}
        return await self._many(Message, query, sort=[("next_at", 1), ("seq", 1)], limit=limit)

    # --- customers

    async def customer(self, id: str) -> Customer | None:
        return await self._one(Customer, {"_id": id})

    async def customers(self, ids: Iterable[str]) -> Mapping[str, Customer]:
        return await self._by_id(Customer, ids)

    async def identities(self, customer: str) -> Sequence[Identity]:
        return await self._many(Identity, {"customer": customer}, sort=[("_id", 1)])

    async def orders(self, customer: str, limit: int) -> Sequence[Order]:
        return await self._many(Order, {"customer": customer}, sort=[("at", -1)], limit=limit)

    async def quarantine(self) -> Sequence[Quarantined]:
        return await self._many(Quarantined, {}, sort=[("at", -1)], limit=QUARANTINE_MOST)

    async def quarantined(self, id: str) -> Quarantined | None:
        return await self._one(Quarantined, {"_id": id})

    # --- routing

    async def routing(self) -> Routing | None:
        return await self._one(Routing, {"_id": "routing"})

    async def teams(self) -> Sequence[Team]:
        return await self._many(Team, {}, sort=[("name", 1)])

    async def skills(self) -> Sequence[Skill]:
        return await self._many(Skill, {}, sort=[("name", 1)])

    async def hours(self) -> Sequence[Hours]:
        return await self._many(Hours, {}, sort=[("name", 1)])

    async def rule_version(self, number: int) -> RuleVersion | None:
        return await self._one(RuleVersion, {"_id": str(number)})

    async def rule_versions(self, limit: int, before: int | None = None) -> Sequence[RuleVersion]:
        query = {} if before is None else {"number": {"$lt": before}}
        return await self._many(RuleVersion, query, sort=[("number", -1)], limit=limit)

    async def draft(self) -> RuleDraft | None:
        return await self._one(RuleDraft, {"_id": "draft"})

    # --- how

    async def _one(self, kind: type[T], query: Query) -> T | None:
        async with self.database.reading():
            document = await self.database.of(kind).find_one(query)
        return None if document is None else from_document(kind, document)

    async def _many(self, kind: type[T], query: Query, *, sort: Sequence[tuple[str, int]], limit: int = 0) -> list[T]:
        async with self.database.reading():
            documents = await self.database.of(kind).find(query).sort(sort).limit(limit).to_list()
        return [from_document(kind, document) for document in documents]

    async def _by_id(self, kind: type[T], ids: Iterable[str]) -> Mapping[str, T]:
        ids = set(ids)
        if not ids:
            return {}
        async with self.database.reading():
            documents = await self.database.of(kind).find({"_id": {"$in": list(ids)}}).to_list()
        return {document["_id"]: from_document(kind, document) for document in documents}


def _asked(conversation: Conversation) -> Query:
    since = conversation.first_queued_at or conversation.created_at
    return {"_id": conversation.id, "customer": conversation.customer, "since": since}


def _said(most: int) -> Query:
    return {
        "from": COLLECTIONS[Message],
        "localField": "_id",
        "foreignField": "conversation",
        "as": "said",
        "let": {"since": "$since"},
        "pipeline": [
            {"$match": {"direction": Direction.IN.value, "$expr": {"$gte": ["$at", "$$since"]}}},
            {"$sort": {"seq": -1}},
            {"$limit": most},
            {"$set": {"text": _beginning("$text"), "html": _beginning("$html")}},
        ],
    }


def _served(most: int) -> Query:
    happened = {"$ifNull": ["$resolved_at", "$last.at", "$created_at"]}
    return {
        "from": COLLECTIONS[Conversation],
        "localField": "customer",
        "foreignField": "customer",
        "as": "served",
        "pipeline": [
            {"$sort": {"created_at": -1}},
            {"$limit": most},
            {"$project": {"agent": {"$ifNull": ["$assignee", "$last_agent"]}, "at": happened}},
        ],
    }


def _background(row: Mapping[str, Any]) -> Background:
    return Background(
        said=[from_document(Message, each) for each in reversed(row["said"])],
        customer=from_document(Customer, row["who"][0]) if row["who"] else None,
        served=[Served(each["_id"], each.get("agent"), each["at"]) for each in row["served"]],
    )


def _beginning(field: str) -> Query:
    return {"$substrCP": [{"$ifNull": [field, ""]}, 0, TEXT_MOST]}


def _joined(crowd: Crowd, row: Mapping[str, Any]) -> Crowd:
    """With those of one agent, or of nobody, on one turn."""
    if row["_id"].get("assignee"):
        return replace(crowd, in_conversation=crowd.in_conversation + row["n"])
    if row["_id"]["turn"] != Turn.US.value:
        return crowd
    since = min((at for at in (crowd.longest_since, row.get("since")) if at), default=None)
    return replace(crowd, waiting=crowd.waiting + row["n"], longest_since=since)


def _only(only: Only) -> Query:
    query: dict[str, Any] = {"channel": only.channel} if only.channel else {}
    if only.team:
        query["team"] = None if only.team == "none" else only.team
    if only.agent:
        query["assignee"] = {"$ne": None} if only.agent == "any" else only.agent
    return query


def _place(minutes_per_step: int) -> Query:
    """In the queue, as `routing.urgency.place` has it: who is more urgent comes first."""
    since = {"$ifNull": ["$first_queued_at", "$created_at"]}
    return {"$subtract": [since, {"$multiply": ["$priority", minutes_per_step * 60_000]}]}


def _waiting_of(team: str | None, channel: str | None) -> Query:
    return {"status": _OPEN, "assignee": None, "turn": Turn.US.value, **_only(Only(team, channel))}


def _seen_by(rights: Rights) -> Query:
    """As `inbox.rights.may_see` has it."""
    if rights.everything:
        return {}
    theirs = [{"assignee": rights.user}, {"offer.agent": rights.user}]
    return {"$or": [*theirs, {"team": None}, {"team": {"$in": list(rights.teams)}}]}


_OPEN = Status.OPEN.value
_COUNTS = "status_1_assignee_1_team_1_turn_1_channel_1_first_queued_at_1"
_ASSIGNED = "kind_1_at_1_data.assignee_1"

# A view is a question about open (or resolved) conversations; rights are asked besides.
_VIEWS: Mapping[str, Callable[[Rights], Query]] = {
    "mine": lambda rights: {"status": _OPEN, "assignee": rights.user},
    "waiting": lambda rights: {"status": _OPEN, "assignee": None, "turn": Turn.US.value},
    "team": lambda rights: {"status": _OPEN, "team": {"$in": list(rights.teams)}},
    "all": lambda rights: {"status": _OPEN},
    "resolved": lambda rights: {"status": Status.RESOLVED.value},
}

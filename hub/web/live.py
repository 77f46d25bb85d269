"""The agents' screens follow the feed.

One listener a process; each frame is encoded once; each socket is shown what its agent may see.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import structlog

from hub.ending import end
from hub.events import Event, Kind
from hub.inbox.directory import changes_book
from hub.inbox.house import House
from hub.inbox.queries import Numbers, numbers
from hub.inbox.rights import may_see, person_of
from hub.model import Conversation, Message, Offer, Person, Role
from hub.ports import Told
from hub.web import views
from hub.web.agent_views import AgentView, agent_view
from hub.web.looking import Looking
from hub.web.sockets import Socket, frame

log = structlog.get_logger("hub.live")

ROUND_S = 15.0  # how often presence is said again and sessions are looked at
COUNTS_PAUSE_S = 0.5
CATCH_UP_MOST = 500  # events; beyond that a fresh load is less work for everybody
CATCH_UP_BYTES = 512 * 1024

# What changes the numbers beside the views.
_COUNTED = frozenset(
    {
        Kind.MESSAGE_RECEIVED,
        Kind.MESSAGE_QUEUED,
        Kind.MESSAGE_WITHDRAWN,
        Kind.CONVERSATION_BEGUN,
        Kind.CONVERSATION_ASSIGNED,
        Kind.CONVERSATION_RELEASED,
        Kind.CONVERSATION_RESOLVED,
        Kind.CONVERSATION_REOPENED,
        Kind.CONVERSATION_WAITS,  # with another team, it may be
        Kind.CONVERSATION_OFFERED,
        Kind.CONVERSATION_DECLINED,
    }
)
_NAMES = frozenset({Kind.USER_CHANGED, Kind.CHANNEL_CHANGED, Kind.COMPANY_CHANGED})
_ROUTING = frozenset({Kind.AGENT_CHANGED, Kind.ROUTING_CHANGED})
# Events of no one conversation, and who hears of them. (Customers' changes hold an id that is not everybody's.)
_HOUSE_WIDE: Mapping[Kind, Callable[[Person], bool]] = {
    Kind.COMPANY_CHANGED: lambda person: True,
    Kind.USER_CHANGED: lambda person: True,
    Kind.CHANNEL_CHANGED: lambda person: True,
    Kind.AGENT_CHANGED: lambda person: True,
    Kind.ROUTING_CHANGED: lambda person: person.role is not Role.AGENT,
    Kind.CUSTOMER_CHANGED: lambda person: person.sees_all,
    Kind.CLAIM_ADDED: lambda person: person.sees_all,
    Kind.QUARANTINE_ADDED: lambda person: person.role is not Role.AGENT,
    Kind.QUARANTINE_CLEARED: lambda person: person.role is not Role.AGENT,
}


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An event's frame, and to whom it may go.

    `before`: the conversation as it was, where that tells who has lost it.
    """

    event: Event
    conversation: Conversation | None
    frame: bytes
    before: Conversation | None = None

    def for_(self, person: Person) -> bytes:
        """Empty when it is nothing to this person."""
        if self.conversation is None:
            hears = _HOUSE_WIDE.get(self.event.kind)
            return self.frame if hears and hears(person) else b""
        if may_see(person, self.conversation):
            return self.frame
        if self.before and may_see(person, self.before):
            return frame({"type": "gone", "conversation": self.conversation.id})
        return b""


class Live:
    """All open sockets of this process in one company."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._sockets: set[Socket] = set()
        self._looking = Looking()
        self._online: set[str] = set()
        self._counts_due = asyncio.Event()
        self._round_due = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False
        self._notes: Mapping[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "typing": self._on_typing,
            "looking": self._on_looking,
            "online": self._on_online,
            "session.ended": self._on_session_ended,
        }

    async def start(self) -> None:
        self.house.feed.listen(self._told, self._lost)
        self.house.presence.listen(self._noted)
        self._tasks = [
            asyncio.create_task(self._keep_counts(), name="live counts"),
            asyncio.create_task(self._keep_rounds(), name="live rounds"),
        ]

    async def close(self, why: str) -> None:
        """`switched`: pages load anew. Otherwise they just come back."""
        self._closed = True
        await asyncio.gather(*map(end, self._tasks))
        bye = frame({"type": "bye", "why": why}) if why == "switched" else b""
        for socket in tuple(self._sockets):
            socket.end(bye)
        self._sockets.clear()

    # --- one socket

    async def join(self, socket: Socket, cursor: str | None) -> None:
        """From now on this socket is told everything: first what came after `cursor`, or that it must load afresh."""
        if self._closed:  # the company was switched while this one came in
            socket.end(frame({"type": "bye", "why": "switched"}))
            return
        feed = self.house.feed
        missed = feed.since(cursor) if cursor else ()
        hello = frame({"type": "hello", "cursor": feed.cursor})
        socket.held = []
        self._sockets.add(socket)  # nothing has been awaited since the cursor was read: nothing falls between
        try:
            late = await self._missed(socket.person, missed)
        except Exception:
            log.exception("not caught up")
            late = None
        fresh = self._reload("too_old") if late is None else late
        socket.catch_up(hello + fresh + frame({"type": "presence", "online": sorted(self._online)}))
        self._counts_due.set()
        await self.house.presence.beat(socket.person.id)
        await self.house.presence.tell({"kind": "online"})

    async def leave(self, socket: Socket) -> None:
        self._sockets.discard(socket)
        await self.look(socket, None)

    async def look(self, socket: Socket, conversation: str | None) -> None:
        """What the socket has on its screen now. The caller has checked that it may."""
        before, socket.looking = socket.looking, conversation
        if before and before != conversation and not self._looks(socket.person.id, before):
            await self._tell_looking(socket.person, before, on=False)
        if conversation:
            socket.send(self._who_looks(conversation, socket.person.id))
            await self._tell_looking(socket.person, conversation, on=True)

    async def end_sessions(self, sessions: Iterable[str]) -> None:
        """Their sockets close, here and in every process."""
        ended = list(sessions)
        for session in ended:
            self._end_session(session)
            await self.house.presence.tell({"kind": "session.ended", "session": session})

    def _looks(self, user: str, conversation: str) -> bool:
        return any(each.person.id == user and each.looking == conversation for each in self._sockets)

    def _end_session(self, session: str) -> None:
        bye = frame({"type": "bye", "why": "signed_out"})
        for socket in tuple(self._sockets):
            if socket.session.id == session:
                self._sockets.discard(socket)
                socket.end(bye)

    # --- the feed

    async def _told(self, told: Sequence[Told]) -> None:
        kinds = {each.event.kind for each in told}
        if not self._sockets:
            return
        try:
            if kinds & _NAMES:
                await self._refresh_people(told)
            if kinds & _ROUTING:
                await self._refresh_routing(told)
            self._fan_out(await self._outgoing(told))
        except Exception:
            log.exception("screens not told")
            self._everybody(self._reload("missed"))
        if kinds & _COUNTED:
            self._counts_due.set()

    async def _lost(self) -> None:
        await self.house.directory.refresh()
        self._everybody(self._reload("lost"))
        self._counts_due.set()
        self._round_due.set()

    async def _outgoing(self, told: Sequence[Told]) -> list[Outgoing]:
        """One question to the store for each kind of thing that this process did not just file itself."""
        reader, filed_with = self.house.reader, self.house.filing.filed_with
        filed = {each.event.id: filed for each in told if (filed := filed_with(each.event.id))}
        others = [each.event for each in told if each.event.id not in filed]
        conversations, messages = await asyncio.gather(
            reader.conversations({event.conversation for event in others if event.conversation}),
            reader.messages_by_id({event.data["message"] for event in others if "message" in event.data}),
        )
        outgoing = (
            self._one(each, ours.conversation, ours.message)
            if (ours := filed.get(each.event.id))
            else self._one(
                each,
                conversations.get(each.event.conversation or ""),
                messages.get(each.event.data.get("message", "")),
            )
            for each in told
        )
        return [each for each in outgoing if each]

    def _one(self, told: Told, conversation: Conversation | None, message: Message | None) -> Outgoing | None:
        event, directory = told.event, self.house.directory
        if conversation is None and event.kind not in _HOUSE_WIDE:
            return None
        body: dict[str, Any] = {
            "type": "event",
            "cursor": told.cursor,
            "id": event.id,
            "kind": event.kind.value,
            "at": views.time(event.at),
            "actor": views.actor(event.actor, directory, conversation.customer_name if conversation else ""),
            "conversation": views.row(conversation, directory) if conversation else None,
            "message": views.message(message, directory) if message else None,
            "customer": event.customer,
            "data": views.event_data(event.data, directory),
        }
        if event.kind is Kind.AGENT_CHANGED:
            body["agent"] = self._agent(event.data["agent"])
        return Outgoing(event, conversation, frame(body), _before(event, conversation))

    def _agent(self, id: str) -> AgentView | None:
        """As the page loads it."""
        user, agent = self.house.directory.users.get(id), self.house.directory.agents.get(id)
        if user is None or agent is None:
            return None
        return agent_view(user, agent, self.house.clock.now(), online=id in self._online)

    def _fan_out(self, outgoing: Sequence[Outgoing]) -> None:
        everything = b"".join(each.frame for each in outgoing)
        about_all = all(each.conversation for each in outgoing)
        for socket in tuple(self._sockets):
            if about_all and socket.person.sees_all:
                frames = everything
            else:
                frames = b"".join(each.for_(socket.person) for each in outgoing)
                _look_away(socket, outgoing)
            if frames:
                socket.send(frames)

    async def _missed(self, person: Person, missed: Sequence[Told] | None) -> bytes | None:
        """None: too much, or no longer known; load afresh."""
        if missed is None or len(missed) > CATCH_UP_MOST:
            return None
        frames = b"".join(each.for_(person) for each in await self._outgoing(missed)) if missed else b""
        return frames if len(frames) <= CATCH_UP_BYTES else None

    async def _refresh_people(self, told: Sequence[Told]) -> None:
        """Names are new; so may be somebody's rights, or they may be out."""
        await self.house.directory.refresh()
        changed = {each.event.data.get("user") for each in told if each.event.kind is Kind.USER_CHANGED}
        everybody = any(each.event.kind is Kind.COMPANY_CHANGED for each in told)
        for socket in [each for each in self._sockets if everybody or each.person.id in changed]:
            await self._refresh_person(socket)

    async def _refresh_routing(self, told: Sequence[Told]) -> None:
        """Agents are otherwise; so may be the names of teams and skills, and somebody's rights by their teams."""
        directory, events = self.house.directory, [each.event for each in told]
        changed = [event.data for event in events if event.kind is Kind.AGENT_CHANGED]
        if changed:
            await directory.refresh_agents(*{data["agent"] for data in changed})
        if any(map(changes_book, events)):
            await directory.refresh_book()
        moved = {data["agent"] for data in changed if "teams" in data.get("fields", ())}
        for socket in [each for each in self._sockets if each.person.id in moved]:
            await self._refresh_person(socket)

    async def _refresh_person(self, socket: Socket) -> None:
        user = await self.house.reader.user(socket.person.id)
        if user is None or user.disabled_at:
            self._sockets.discard(socket)
            socket.end(frame({"type": "bye", "why": "signed_out"}))
            return
        person = await person_of(self.house, user)
        if person != socket.person:
            socket.person = person
            there = await self.house.reader.conversation(socket.looking) if socket.looking else None
            if there and not may_see(person, there):
                socket.looking = None
            socket.send(self._reload("rights"))

    def _reload(self, why: str) -> bytes:
        """The page loads afresh, and goes on from the cursor."""
        return frame({"type": "reload", "why": why, "cursor": self.house.feed.cursor})

    def _everybody(self, frames: bytes) -> None:
        for socket in tuple(self._sockets):
            socket.send(frames)

    # --- the numbers beside the views

    async def _keep_counts(self) -> None:
        while not self._closed:
            await self._counts_due.wait()
            self._counts_due.clear()
            try:
                if self._sockets:
                    self._send_counts(await numbers(self.house, [each.person for each in self._sockets]))
            except Exception:
                log.exception("not counted")
                self._counts_due.set()
            await asyncio.sleep(COUNTS_PAUSE_S)

    def _send_counts(self, found: Numbers) -> None:
        for socket in tuple(self._sockets):
            theirs = found.of(socket.person)
            if theirs != socket.counts:
                socket.counts = theirs
                socket.send(frame({"type": "counts", **theirs}))

    # --- what may be forgotten

    async def _keep_rounds(self) -> None:
        loop = asyncio.get_running_loop()
        said_at = loop.time()
        while not self._closed:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(said_at + ROUND_S):  # not wait_for: in 3.11 it can swallow our own end
                    await self._round_due.wait()
            self._round_due.clear()
            try:
                if loop.time() >= said_at + ROUND_S:  # however often somebody comes: who is not heard of has gone
                    said_at = loop.time()
                    await self._say_again()
                await self._drop_ended()
                await self._see_who_is_online()
            except Exception:
                log.exception("round not made")
            for conversation in self._looking.forget(loop.time()):
                self._show_looking(conversation)

    async def _say_again(self) -> None:
        for user in {socket.person.id for socket in self._sockets}:
            await self.house.presence.beat(user)
        for person, conversation in {(each.person, each.looking) for each in self._sockets if each.looking}:
            await self._tell_looking(person, conversation, on=True)

    async def _drop_ended(self) -> None:
        """What a note did not reach: sessions that were revoked or have run out."""
        now = self.house.clock.now()
        sessions = {socket.session.id: socket.session for socket in self._sockets}
        living = await self.house.sessions.living(sessions)
        for id, session in sessions.items():
            if id not in living or (session.expires_at and session.expires_at <= now):
                self._end_session(id)

    async def _see_who_is_online(self) -> None:
        online = await self.house.presence.online()
        if online != self._online:
            self._online = online
            self._everybody(frame({"type": "presence", "online": sorted(online)}))

    async def _noted(self, note: Mapping[str, Any]) -> None:
        hear = self._notes.get(str(note.get("kind")))
        if hear:
            await hear(note)

    async def _on_typing(self, note: Mapping[str, Any]) -> None:
        conversation, who = note["conversation"], note["who"]
        shown = frame({"type": "typing", "conversation": conversation, "who": who, "on": note["on"]})
        for socket in tuple(self._sockets):
            if socket.looking == conversation and socket.person.id != who["id"]:
                socket.send(shown)

    async def _on_looking(self, note: Mapping[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        conversation = note["conversation"]
        if self._looking.note(conversation, note["user"], note["name"], on=note["on"], now=now):
            self._show_looking(conversation)

    async def _on_online(self, note: Mapping[str, Any]) -> None:
        self._round_due.set()

    async def _on_session_ended(self, note: Mapping[str, Any]) -> None:
        self._end_session(note["session"])

    async def _tell_looking(self, person: Person, conversation: str | None, *, on: bool) -> None:
        note = {"kind": "looking", "conversation": conversation, "user": person.id, "name": person.name, "on": on}
        await self.house.presence.tell(note)

    def _show_looking(self, conversation: str) -> None:
        for socket in tuple(self._sockets):
            if socket.looking == conversation:
                socket.send(self._who_looks(conversation, socket.person.id))

    def _who_looks(self, conversation: str, but: str) -> bytes:
        agents = [{"id": id, "name": name} for id, name in self._looking.at(conversation, but=but)]
        return frame({"type": "looking", "conversation": conversation, "agents": agents})


def _look_away(socket: Socket, outgoing: Sequence[Outgoing]) -> None:
    """From what is no longer theirs: who types there is not for them."""
    for each in outgoing:
        there = each.conversation
        if there and there.id == socket.looking and not may_see(socket.person, there):
            socket.looking = None


def _before(event: Event, conversation: Conversation | None) -> Conversation | None:
    """Who had it before it was handed over may see it no longer; nor may they whose team it was for."""
    if conversation is None or event.kind not in _HANDED:
        return None
    offered = event.data.get("agent" if event.kind is Kind.CONVERSATION_DECLINED else "offered")
    offer = Offer(offered, event.at, event.at) if offered else None
    team = event.data.get("team_before", conversation.team) or None
    return replace(conversation, assignee=event.data.get("from"), offer=offer, team=team)


_HANDED = frozenset(
    {
        Kind.CONVERSATION_ASSIGNED,
        Kind.CONVERSATION_RELEASED,
        Kind.CONVERSATION_WAITS,
        Kind.CONVERSATION_OFFERED,
        Kind.CONVERSATION_DECLINED,
    }
)

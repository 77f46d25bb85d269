"""Plays the scripts through the hub's own verbs, so that whatever they leave behind is as if it had happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from hub.demo.cast import Cast, Regular
from hub.demo.script import CUSTOMER, Line, Talk
from hub.demo.stage import Stage
from hub.inbox.annotate import Annotate
from hub.inbox.assign import UNSET, Assign
from hub.inbox.mark import Mark
from hub.inbox.outbox import Release
from hub.inbox.receive import Receive
from hub.inbox.reply import Reply
from hub.inbox.resolve import Resolve
from hub.model import Attachment, ChannelRecord, Conversation, Delivery, IdentityKind, Inbound, Person, Sender
from hub.names import slug

UNDO = timedelta(seconds=5)
ARRIVES = timedelta(seconds=1)
IS_READ = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Props:
    """What the scripts speak of by name. `pages` are the HTML messages; `attachments` are in the files already."""

    people: Mapping[str, Person]
    channels: Mapping[str, ChannelRecord]
    attachments: Mapping[str, Attachment]
    pages: Mapping[str, str]


def play(stage: Stage, cast: Cast, talks: Sequence[Talk], props: Props) -> None:
    """All talks side by side, line by line in the order of time."""
    now, zone = stage.now, ZoneInfo(cast.time_zone)
    scenes = [_Scene(stage, cast.customers[talk.who], talk, props) for talk in talks]
    said = [(at, scene, place) for scene in scenes for place, at in enumerate(scene.talk.times(now, zone))]
    for at, scene, place in sorted(said, key=lambda moment: moment[0]):
        scene.go_on(at, place)
    stage.now = now


def visitor_of(customer: str, device: str) -> str:
    """The identity of one browser of a customer's."""
    return f"{IdentityKind.VISITOR}:{blake2b(f'demo {customer} {device}'.encode(), digest_size=16).hexdigest()}"


@dataclass(slots=True)
class _Scene:
    stage: Stage
    customer: Regular
    talk: Talk
    props: Props
    conversation: str = ""

    def go_on(self, at: datetime, place: int) -> None:
        line = self.talk.lines[place]
        if line.who == CUSTOMER:
            self._write(at, line)
        elif line.does == "says":
            answered = any(later.who == CUSTOMER for later in self.talk.lines[place + 1 :])
            self._answer(at, line, Delivery.READ if answered else Delivery(self.talk.reached))
        else:
            _DEEDS[line.does](self, at, self.props.people[line.who], line)

    # --- the customer

    def _write(self, at: datetime, line: Line) -> None:
        received = self.stage.happens(at, Receive(self._inbound(line)))
        if not self.conversation:
            self.conversation = received.conversation
            talk = self.talk
            self.stage.put(
                replace(self._as_it_is(), subject=talk.subject, team=talk.team and slug(talk.team), tags=talk.tags)
            )

    def _inbound(self, line: Line) -> Inbound:
        channel, id = self.props.channels[self.talk.by], self.stage.new_id()
        attached = self.props.attachments.get(line.what)
        by_site = self.talk.by == "site"
        peer = visitor_of(self.customer.key, self.talk.device)
        visitor = peer.partition(":")[2]
        return Inbound(
            channel=channel.id,
            kind=channel.kind,
            external_id=f"{visitor}:{id}" if by_site else id,
            thread=visitor if by_site else f"{self.customer.key}: {self.talk.subject}",
            sender=self._from_a_browser(peer) if by_site else self._from_the_shop(channel),
            text=line.text,
            html=self.props.pages.get(line.what),
            subject=None if by_site else self.talk.subject,
            attachments=(attached,) if attached else (),
            answerable=by_site,
        )

    def _from_a_browser(self, peer: str) -> Sender:
        return Sender((peer,), self.customer.name, self.customer.says, self.customer.locale)

    def _from_the_shop(self, channel: ChannelRecord) -> Sender:
        known = f"{IdentityKind.EXTERNAL}:{channel.id}:{self.customer.account}"
        return Sender((known, *self.customer.proved), self.customer.name)

    # --- the colleagues

    def _answer(self, at: datetime, line: Line, reached: Delivery) -> None:
        person, id = self.props.people[line.who], self.stage.new_id()
        seen = self._as_it_is().last_out_seq
        self.stage.happens(at, Reply(person, self.conversation, id, line.text, seen, UNDO, resolve=False))
        sent = at + UNDO
        self.stage.happens(sent, Release(id))
        if reached.rank >= Delivery.DELIVERED.rank:
            self.stage.happens(sent + ARRIVES, Mark((id,), Delivery.DELIVERED))
        if reached is Delivery.READ:
            self.stage.happens(sent + IS_READ, Mark((id,), Delivery.READ))

    def _take(self, at: datetime, person: Person, line: Line) -> None:
        self.stage.happens(at, Assign(person, self.conversation, person.id, UNSET))

    def _give(self, at: datetime, person: Person, line: Line) -> None:
        self.stage.happens(at, Assign(person, self.conversation, self.props.people[line.what].id, UNSET))

    def _release(self, at: datetime, person: Person, line: Line) -> None:
        self.stage.happens(at, Assign(person, self.conversation, None, UNSET))

    def _note(self, at: datetime, person: Person, line: Line) -> None:
        self.stage.happens(at, Annotate(person, self.conversation, self.stage.new_id(), line.text))

    def _resolve(self, at: datetime, person: Person, line: Line) -> None:
        self.stage.happens(at, Resolve(person, self.conversation))

    def _as_it_is(self) -> Conversation:
        conversation = self.stage.get(Conversation, self.conversation)
        assert conversation, "a talk begins with the customer"
        return conversation


_DEEDS: Mapping[str, Callable[[_Scene, datetime, Person, Line], None]] = {
    "takes": _Scene._take,
    "gives": _Scene._give,
    "releases": _Scene._release,
    "notes": _Scene._note,
    "resolves": _Scene._resolve,
}

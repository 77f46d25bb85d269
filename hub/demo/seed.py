"""Makes the demo company: an empty store becomes a shop that has been open for years."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from mimetypes import guess_type

from hub.demo.cast import HERE, Bought, Cast, Regular, read_cast, read_words
from hub.demo.play import Props, play, visitor_of
from hub.demo.script import Talk, read_talks
from hub.demo.shift import at_work, go_to_lunch, open_the_counter
from hub.demo.stage import Stage
from hub.inbox.channels import PutChannel, new_channel
from hub.inbox.house import House
from hub.inbox.passwords import hash_password
from hub.inbox.rights import as_person
from hub.inbox.users import AddUser
from hub.model import (
    Agent,
    Attachment,
    ChannelRecord,
    Company,
    Customer,
    Identity,
    IdentityKind,
    Language,
    Money,
    Order,
    Person,
    User,
)
from hub.ports import Ref, Sheet

OPEN_FOR = timedelta(days=1500)

CHANNEL_NAMES = {
    Language.PT_BR: {"site": "Chat do site", "orders": "Loja (pedidos)"},
    Language.EN: {"site": "Website chat", "orders": "Shop (orders)"},
}


async def seed(house: House, language: Language) -> None:
    """Into the empty store behind `house`; all of it or nothing."""
    words = read_words(language)
    talks = read_talks(words)
    nobody_knows = await asyncio.to_thread(hash_password, house.clock.new_secret())
    attachments = {name: await _put_away(house, name) for name in _named_files(talks) if not _is_page(name)}
    pages = {name: (HERE / "files" / name).read_text("utf-8") for name in _named_files(talks) if _is_page(name)}
    await house.filing.submit(
        _Seed(
            now=house.clock.now(),
            language=language,
            cast=read_cast(language),
            talks=talks,
            channels=_channels(house, language),
            attachments=attachments,
            pages=pages,
            password=nobody_knows,
        )
    )
    await house.directory.refresh()


def _channels(house: House, language: Language) -> Mapping[str, ChannelRecord]:
    """The shop's order system is trusted: whoever has ordered has paid from the address it names."""
    names, opened = CHANNEL_NAMES[language], house.clock.now() - OPEN_FOR
    widget = {"sites": ["https://lojaipe.example"], "answers_in": 5, "colour": "#2f6247"}
    site, _ = new_channel(house, kind="widget", name=names["site"], settings=widget)
    orders, _ = new_channel(house, kind="webhook", name=names["orders"], settings={"trusted": True})
    return {"site": replace(site, created_at=opened), "orders": replace(orders, created_at=opened + timedelta(days=1))}


def _named_files(talks: Sequence[Talk]) -> Iterable[str]:
    return sorted({line.what for talk in talks for line in talk.lines if line.does == "sends"})


def _is_page(name: str) -> bool:
    return name.endswith(".html")


async def _put_away(house: House, name: str) -> Attachment:
    content = await asyncio.to_thread((HERE / "files" / name).read_bytes)
    return await house.files.put(content, name=name, type=guess_type(name)[0] or "application/octet-stream")


@dataclass(frozen=True, slots=True)
class _Seed:
    """One change: a demo that was begun and broken off leaves nothing behind."""

    now: datetime
    language: Language
    cast: Cast
    talks: Sequence[Talk]
    channels: Mapping[str, ChannelRecord]
    attachments: Mapping[str, Attachment]
    pages: Mapping[str, str]
    password: str
    # A change may be asked again, and numbers are few: it goes on with those that it took before.
    _numbers: list[int] = field(default_factory=list)

    @property
    def numbers(self) -> int:
        return len(self.talks)

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Company, "company")]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Company, "company"):
            return
        while len(self._numbers) < len(self.talks):
            self._numbers.append(sheet.next_number())
        stage = Stage(self.now - OPEN_FOR, sheet.new_id, iter(self._numbers).__next__)
        stage.put(Company(self.cast.company, self.cast.time_zone, self.language, demo=True))
        for channel in self.channels.values():
            stage.happens(channel.created_at, PutChannel(channel))
        props = Props(self._hire(stage), self.channels, self.attachments, self.pages)
        for regular in self.cast.customers.values():
            self._get_to_know(stage, regular)
        stage.now = self.now
        open_the_counter(stage, self.cast, self.language)
        play(stage, self.cast, self.talks, props)
        go_to_lunch(stage, self.cast, props.people)
        stage.hand_in(sheet)

    def _hire(self, stage: Stage) -> Mapping[str, Person]:
        """Everybody who works here; the conversations by which the scripts call them."""
        people = {}
        company = stage.get(Company, "company")
        assert company
        for each in self.cast.colleagues:
            user = User(stage.new_id(), each.email, each.name, each.role, self.password, stage.now)
            stage.happens(stage.now, AddUser(user))
            hired = stage.get(Agent, user.id)
            assert hired
            agent = at_work(hired, each)
            stage.put(agent)
            people[each.key] = as_person(user, agent, company)
        return people

    def _get_to_know(self, stage: Stage, regular: Regular) -> None:
        """A customer with the addresses that are proved, the browsers they write from, and what they bought."""
        id, since = stage.new_id(), self.now - regular.since
        stage.put(
            Customer(
                id,
                regular.name,
                since,
                regular.lifecycle,
                attributes=regular.attributes,
                tags=regular.tags,
                locale=regular.locale,
                time_zone=regular.time_zone,
                orders=_totals(regular.orders),
            )
        )
        devices = {talk.device for talk in self.talks if talk.who == regular.key and talk.by == "site"}
        for identity in sorted({visitor_of(regular.key, device) for device in devices}):
            stage.put(Identity(identity, id, since, since, self.channels["site"].id))
        known_to_shop = f"{IdentityKind.EXTERNAL}:{self.channels['orders'].id}:{regular.account}"
        for identity in (*regular.proved, *([known_to_shop] if regular.orders else [])):
            stage.put(Identity(identity, id, since, since, self.channels["orders"].id))
        for bought in regular.orders:
            at = self.now - bought.ago
            stage.put(Order(stage.new_id(), id, bought.number, at, bought.status, bought.currency, bought.total))


def _totals(orders: Sequence[Bought]) -> tuple[Money, ...]:
    counts, sums = Counter[str](), Counter[str]()
    for order in orders:
        counts[order.currency] += 1
        sums[order.currency] += order.total
    return tuple(Money(currency, counts[currency], sums[currency]) for currency in counts)

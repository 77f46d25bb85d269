"""The configured channels. Of each kind the web knows only what the kind says of itself."""

from typing import Annotated, Any, NotRequired

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from hub.inbox import channels as inbox
from hub.inbox.house import House
from hub.model import ChannelRecord
from hub.ports import Where
from hub.web.api import Body, Call
from hub.web.start import Line
from hub.web.views import Id

Word = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]


class NewChannel(Body):
    """`settings` are checked by the kind."""

    kind: Word
    name: Line
    settings: dict[str, Any] = Field(default_factory=dict)


class ChannelChange(Body):
    """What is left out stays."""

    name: Line = ""
    enabled: bool = True
    settings: dict[str, Any] = Field(default_factory=dict)


class ChannelView(TypedDict):
    """`snippet`: a script tag for one's site; `address`: where to post to. `secret` is shown once, when it is made."""

    id: str
    kind: str
    name: str
    key: str
    enabled: bool
    settings: dict[str, Any]
    snippet: str | None
    address: str | None
    secret: NotRequired[str | None]


async def channels(call: Call) -> list[ChannelView]:
    """Every configured channel."""
    found = await call.house.reader.channels()
    return [_view(each, call.house) for each in sorted(found, key=lambda each: each.created_at)]


async def add(call: Call, body: NewChannel) -> ChannelView:
    """A new channel; it works within a second."""
    added, secret = await inbox.add_channel(call.house, kind=body.kind, name=body.name, settings=body.settings)
    return {**_view(added, call.house), "secret": secret}


async def change(call: Call, id: Id, body: ChannelChange) -> ChannelView:
    """Rename it, switch it on or off, set it otherwise."""
    changed = await inbox.change_channel(call.house, id, **body.model_dump(exclude_unset=True))
    return _view(changed, call.house)


def _view(channel: ChannelRecord, house: House) -> ChannelView:
    kind = house.kinds.get(channel.kind)  # None: of a package that is no longer installed
    where = kind.where(channel, house.public_url) if kind else Where()
    return {
        "id": channel.id,
        "kind": channel.kind,
        "name": channel.name,
        "key": channel.key,
        "enabled": channel.enabled,
        "settings": dict(channel.settings),
        "snippet": where.snippet,
        "address": where.address,
    }

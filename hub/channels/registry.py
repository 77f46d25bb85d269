"""CHANNELS, the one list. Third parties join by the entry point group `hub.channels`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

from aiohttp import web
from pydantic import BaseModel

from hub.channels.webhook import channel as webhook
from hub.channels.widget import channel as widget
from hub.ports import Channel, Desks


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """What the hub needs to know of a kind of channel.

    `routes` are mounted once and find the configured channel by its key; `settings` checks what an admin sets;
    `signed` says whether a secret is made for it.
    """

    name: str
    make: Callable[[], Channel]
    routes: Callable[[Desks], Sequence[web.AbstractRouteDef]]
    settings: type[BaseModel]
    signed: bool


CHANNELS: Sequence[ChannelKind] = (
    ChannelKind("webhook", webhook.WebhookChannel, webhook.routes, webhook.Settings, signed=True),
    ChannelKind("widget", widget.WidgetChannel, widget.routes, widget.Settings, signed=False),
)


def kinds() -> Mapping[str, ChannelKind]:
    """Ours and those of installed packages, by name."""
    theirs = (entry.load() for entry in entry_points(group="hub.channels"))
    return {kind.name: kind for kind in (*CHANNELS, *theirs)}

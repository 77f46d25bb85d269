"""CHANNELS, the one list. Third parties join by the entry point group `hub.channels`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

from aiohttp import web
from pydantic import BaseModel

from hub.channels.webhook import channel as webhook
from hub.channels.widget import channel as widget
from hub.model import ChannelRecord
from hub.ports import Channel, Desks, Where


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """What the hub needs to know of a kind of channel.

    `routes` are mounted once and find the configured channel by its key; `settings` checks what an admin sets;
    `signed` says whether a secret is made for it; `where` says how the world reaches one (`ports.ChannelKind`).
    """

    name: str
    make: Callable[[], Channel]
    routes: Callable[[Desks], Sequence[web.AbstractRouteDef]]
    settings: type[BaseModel]
    signed: bool
    where: Callable[[ChannelRecord, str], Where]


def _hook_address(record: ChannelRecord, public_url: str) -> Where:
    return Where(address=f"{public_url}/hooks/{record.key}")


def _script_tag(record: ChannelRecord, public_url: str) -> Where:
    return Where(snippet=f'<script async src="{public_url}/widget.js" data-key="{record.key}"></script>')


CHANNELS: Sequence[ChannelKind] = (
    ChannelKind("webhook", webhook.WebhookChannel, webhook.routes, webhook.Settings, True, _hook_address),
    ChannelKind("widget", widget.WidgetChannel, widget.routes, widget.Settings, False, _script_tag),
)


def kinds() -> Mapping[str, ChannelKind]:
    """Ours and those of installed packages, by name."""
    theirs = (entry.load() for entry in entry_points(group="hub.channels"))
    return {kind.name: kind for kind in (*CHANNELS, *theirs)}

"""Everything a verb may ask of the outside, wired once by `app.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.inbox.directory import Directory
from hub.model import Company
from hub.ports import Box, ChannelKind, Clock, Desks, Feed, Files, Filing, Leases, Presence, Reader, Sessions


@dataclass(frozen=True, slots=True)
class House:
    """One company at work in this process.

    `undo_s`: seconds a reply can be taken back. `public_url`: where browsers reach the hub, without a slash at the end.
    """

    clock: Clock
    filing: Filing
    reader: Reader
    files: Files
    feed: Feed
    presence: Presence
    leases: Leases
    sessions: Sessions
    box: Box
    directory: Directory
    desks: Desks
    kinds: Mapping[str, ChannelKind]
    undo_s: float
    public_url: str

    def company(self) -> Company | None:
        """None until the first-run page was filled in."""
        return self.directory.company if self.directory.is_set_up else None

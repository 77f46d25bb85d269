"""Adding and changing channels. A running hub takes the change by its event, within a second."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from hub.errors import Fault, Invalid, NotFound
from hub.events import Kind
from hub.inbox.house import House
from hub.model import ChannelRecord
from hub.names import tidy
from hub.ports import Ref, Sheet

SECRETS_MOST = 3  # the newest signs; the others are accepted until they are rotated out


async def add_channel(
    house: House, *, kind: str, name: str, settings: Mapping[str, Any] | None = None
) -> tuple[ChannelRecord, str | None]:
    """Gives the channel and, this once, its secret (None for a kind that signs nothing). Raises Invalid."""
    record, secret = new_channel(house, kind=kind, name=name, settings=settings or {})
    await house.filing.submit(PutChannel(record))
    await house.directory.refresh()  # whoever asks next should not have to wait for the feed
    return record, secret


async def change_channel(house: House, id: str, **changes: Any) -> ChannelRecord:
    """Only what is given of name, enabled, settings (which replace those named). Raises NotFound, Invalid."""
    known = house.directory.channel(id)
    if "settings" in changes:
        changes["settings"] = _settings(house, known.kind, {**known.settings, **changes["settings"]})
    if "name" in changes:
        changes["name"] = tidy(changes["name"])
    return await house.filing.submit(ChangeChannel(id, changes))


async def rotate_secret(house: House, id: str) -> str:
    """A new secret beside the old ones, which go on to be accepted until two newer ones were made."""
    known = house.directory.channel(id)
    secret = house.box.new_signing_secret()
    secrets = (house.box.seal(secret), *known.secrets)[:SECRETS_MOST]
    await house.filing.submit(ChangeChannel(id, {"secrets": secrets}))
    return secret


def new_channel(house: House, *, kind: str, name: str, settings: Mapping[str, Any]) -> tuple[ChannelRecord, str | None]:
    """A record that is not stored yet, and its secret in the clear."""
    checked = _settings(house, kind, settings)
    secret = house.box.new_signing_secret() if house.kinds[kind].signed else None
    record = ChannelRecord(
        id=house.clock.new_id(),
        kind=kind,
        name=tidy(name),
        key=house.clock.new_secret(128),
        created_at=house.clock.now(),
        secrets=(house.box.seal(secret),) if secret else (),
        settings=checked,
    )
    return record, secret


def _settings(house: House, kind: str, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind not in house.kinds:
        raise Invalid("no_such_kind", f"There is no channel of the kind {kind}: {', '.join(sorted(house.kinds))}.")
    try:
        checked = house.kinds[kind].settings.model_validate(dict(settings))
    except ValidationError as error:
        faults = [Fault(".".join(("settings", *map(str, e["loc"]))), e["type"], e["msg"]) for e in error.errors()]
        raise Invalid(
            "invalid", "These settings cannot be used: " + "; ".join(f.message for f in faults), faults
        ) from error
    return checked.model_dump(mode="json")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class PutChannel:
    record: ChannelRecord

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return ()

    def decide(self, sheet: Sheet) -> ChannelRecord:
        sheet.put(self.record)
        sheet.tell(Kind.CHANNEL_CHANGED, data={"channel": self.record.id})
        return self.record


@dataclass(frozen=True, slots=True)
class ChangeChannel:
    id: str
    changes: Mapping[str, Any]

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(ChannelRecord, self.id)]

    def decide(self, sheet: Sheet) -> ChannelRecord:
        known = sheet.get(ChannelRecord, self.id)
        if known is None:
            raise NotFound("not_found", "There is no such channel.")
        changed = replace(known, **self.changes)
        sheet.put(changed)
        sheet.tell(Kind.CHANNEL_CHANGED, data={"channel": self.id})
        return changed

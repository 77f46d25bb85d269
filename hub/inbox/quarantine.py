"""What had to be taken and could not be understood: kept with its raw bytes, listed, and tried again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.errors import HubError, NotFound, Refused, Unavailable
from hub.events import Kind
from hub.inbox.house import House
from hub.model import Person, Quarantined, Received, Role
from hub.ports import Ref, Sheet


async def keep(house: House, channel: str, raw: bytes, why: str, external_id: str = "") -> str:
    """Stores the bytes, then the entry; gives its id. Returns when committed."""
    file = await house.files.put(raw, name="raw", type="application/octet-stream")
    entry = Quarantined(house.clock.new_id(), channel, why[:500], file.id, len(raw), house.clock.now(), 0, external_id)
    await house.filing.submit(Keep(entry))
    return entry.id


async def retry(house: House, person: Person, id: str) -> Received:
    """Raises NotFound, Refused `still_not_readable` (the entry stays, with the newest reason)."""
    if person.role is Role.AGENT:
        raise NotFound("not_found", "There is no such entry, or you may not see it.")
    kept = await house.reader.quarantined(id)
    if kept is None:
        raise NotFound("not_found", "There is no such entry (any more).")
    raw = b"".join([piece async for piece in house.files.read(kept.raw)])
    try:
        received = await house.desks.read_again(kept, raw)
    except Unavailable:
        raise
    except Exception as error:  # whatever it is, the entry stays
        why = error.message if isinstance(error, HubError) else type(error).__name__
        await house.filing.submit(StillThere(id, why))
        raise Refused("still_not_readable", f"It still cannot be read: {why}") from error
    await house.filing.submit(Clear(id, received.message))
    return received


@dataclass(frozen=True, slots=True)
class Keep:
    entry: Quarantined

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return ()

    def decide(self, sheet: Sheet) -> None:
        sheet.put(self.entry)
        sheet.tell(Kind.QUARANTINE_ADDED, data={"quarantine": self.entry.id})


@dataclass(frozen=True, slots=True)
class StillThere:
    id: str
    why: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Quarantined, self.id)]

    def decide(self, sheet: Sheet) -> None:
        entry = sheet.get(Quarantined, self.id)
        if entry:
            sheet.put(replace(entry, why=self.why[:500], retried=entry.retried + 1))


@dataclass(frozen=True, slots=True)
class Clear:
    id: str
    message: str

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Quarantined, self.id)]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(Quarantined, self.id):
            sheet.remove(Quarantined, self.id)
            sheet.tell(Kind.QUARANTINE_CLEARED, data={"quarantine": self.id, "message": self.message})

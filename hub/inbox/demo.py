"""The mark in the real company's store: while it stands, every process serves the demo company instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.events import Kind
from hub.inbox.house import House
from hub.model import DemoMark
from hub.ports import Ref, Sheet

MARK = "demo"


async def begin_demo(house: House) -> None:
    """Begun twice is begun once."""
    await house.filing.submit(BeginDemo())


async def end_demo(house: House) -> None:
    """Takes the mark away, and tells whoever follows this house: asked of the real one and of the demo's own."""
    await house.filing.submit(EndDemo())


async def demo_is_on(house: House) -> bool:
    return await house.filing.submit(IsDemoOn())


@dataclass(frozen=True, slots=True)
class BeginDemo:
    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(DemoMark, MARK)]

    def decide(self, sheet: Sheet) -> None:
        if not sheet.get(DemoMark, MARK):
            sheet.put(DemoMark(sheet.now, MARK))
            sheet.tell(Kind.DEMO_STARTED)


@dataclass(frozen=True, slots=True)
class EndDemo:
    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(DemoMark, MARK)]

    def decide(self, sheet: Sheet) -> None:
        if sheet.get(DemoMark, MARK):
            sheet.remove(DemoMark, MARK)
        sheet.tell(Kind.DEMO_ENDED)


@dataclass(frozen=True, slots=True)
class IsDemoOn:
    """Puts nothing: asked of the one writer, so that the answer is never older than the last begin or end."""

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(DemoMark, MARK)]

    def decide(self, sheet: Sheet) -> bool:
        return sheet.get(DemoMark, MARK) is not None

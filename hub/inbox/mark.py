"""How far an outgoing message has come. States move forward only."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.events import Kind
from hub.inbox.house import House
from hub.model import Delivery, Direction, Message
from hub.ports import Ref, Sheet

BACK = 100  # messages


async def mark(house: House, peer: str, message: str, state: Delivery) -> None:
    """The far side has everything up to this message of ours. Another peer's message changes nothing."""
    upto = (await house.reader.messages_by_id([message])).get(message)
    if upto is None or upto.peer != peer:
        return
    history = await house.reader.history(peer, after=None, limit=BACK)
    behind = [each.id for each in history if _gains(each, state) and (each.at, each.seq) <= (upto.at, upto.seq)]
    if behind:
        await house.filing.submit(Mark(tuple(behind), state))


def _gains(message: Message, state: Delivery) -> bool:
    return (
        message.direction is Direction.OUT
        and message.delivery is not None
        and message.delivery.rank >= Delivery.SENT.rank
        and message.delivery.rank < state.rank
    )


@dataclass(frozen=True, slots=True)
class Mark:
    messages: tuple[str, ...]
    state: Delivery

    def wants(self, sheet: Sheet) -> Iterable[Ref]:
        return [Ref(Message, id) for id in self.messages]

    def decide(self, sheet: Sheet) -> None:
        for id in self.messages:
            message = sheet.get(Message, id)
            if message and _gains(message, self.state):
                moved(sheet, message, self.state)


def moved(sheet: Sheet, message: Message, state: Delivery) -> Message:
    """Puts the message in its new state and tells it."""
    changed = replace(message, delivery=state, next_at=None, before=None)
    sheet.put(changed)
    sheet.tell(
        Kind.MESSAGE_STATE,
        conversation=message.conversation,
        customer=message.customer,
        data={"message": message.id, "seq": message.seq, "channel": message.channel, "state": state.value},
    )
    return changed

"""An agent answers, takes it back, passes it on; slots always equal the live conversations."""

import asyncio
from datetime import timedelta

import pytest

from hub.errors import Invalid, NotFound, Refused
from hub.inbox.annotate import Annotate
from hub.inbox.assign import UNSET, Assign
from hub.inbox.mark import Mark
from hub.inbox.outbox import Release
from hub.inbox.receive import Receive
from hub.inbox.reply import Reply, SendNow, Withdraw
from hub.inbox.resolve import Reopen, Resolve
from hub.inbox.users import ChangeUser
from hub.model import Agent, Conversation, Delivery, Person, Role, Status, Turn
from hub.store.records import from_document
from tests.cast import ANA, BRUNO, CARLA, Shelf, inbound, shelf

UNDO = timedelta(seconds=5)


@pytest.fixture
async def store(mongo_url: str, database_name: str):
    async with shelf(mongo_url, database_name) as made:
        yield made
        await slots_equal_live_conversations(made)


@pytest.fixture
async def conversation(store: Shelf) -> str:
    return (await store.filing.submit(Receive(inbound("Oi!")))).conversation


async def slots_equal_live_conversations(store: Shelf) -> None:
    """Invariant I8, looked at after every test."""
    live = await store.database["conversations"].find({"status": {"$ne": "resolved"}}).to_list()
    for agent in await store.reader.agents():
        assert {s.conversation for s in agent.slots} == {c["_id"] for c in live if c.get("assignee") == agent.id}


async def now(store: Shelf, id: str) -> Conversation:
    found = await store.reader.conversation(id)
    assert found
    return found


def answer(
    conversation: str, text: str = "Bom dia!", *, by: Person = ANA, after: int = 0, id: str = "r1", resolve=False
):
    return Reply(by, conversation, id, text, after, UNDO, resolve)


async def test_a_reply_waits_as_queued_takes_the_conversation_and_ends_the_wait(
    store: Shelf, conversation: str
) -> None:
    reply = await store.filing.submit(answer(conversation))
    after = await now(store, conversation)
    assert (reply.delivery, reply.peer, reply.seq) == (Delivery.QUEUED, "visitor:v1", 2)
    assert (after.assignee, after.turn, after.waiting_since, after.last_out_seq) == ("ana", Turn.CUSTOMER, None, 2)


async def test_the_same_reply_sent_again_is_the_same_reply(store: Shelf, conversation: str) -> None:
    twice = await asyncio.gather(*(store.filing.submit(answer(conversation)) for _ in range(2)))
    assert twice[0] == twice[1]
    assert (await now(store, conversation)).seq == 2


async def test_an_id_that_somebody_else_used_is_refused(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    with pytest.raises(Refused, match="another message"):
        await store.filing.submit(answer(conversation, by=BRUNO))


async def test_undo_leaves_no_trace(store: Shelf, conversation: str) -> None:
    before = await now(store, conversation)
    await store.filing.submit(answer(conversation, resolve=True))
    assert await store.filing.submit(Withdraw(ANA, conversation, "r1")) == "Bom dia!"
    after = await now(store, conversation)
    for name in (
        "status",
        "turn",
        "assignee",
        "waiting_since",
        "last",
        "last_out_seq",
        "first_queued_at",
        "resolved_at",
    ):
        assert getattr(after, name) == getattr(before, name), name
    assert not await store.reader.messages_by_id(["r1"])


async def test_undo_keeps_what_the_customer_wrote_meanwhile(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(Receive(inbound("Alô?")))
    await store.filing.submit(Withdraw(ANA, conversation, "r1"))
    after = await now(store, conversation)
    assert (after.last.text, after.turn, after.seq) == ("Alô?", Turn.US, 3)


async def test_undo_keeps_the_customers_wait_beside_a_colleagues_note(store: Shelf, conversation: str) -> None:
    before = await now(store, conversation)
    await store.filing.submit(answer(conversation))
    await store.filing.submit(Annotate(BRUNO, conversation, "n1", "vip"))
    await store.filing.submit(Withdraw(ANA, conversation, "r1"))
    after = await now(store, conversation)
    assert (after.turn, after.waiting_since, after.last.text) == (Turn.US, before.waiting_since, "vip")


@pytest.mark.parametrize("order", [("r1", "r2"), ("r2", "r1")])
async def test_two_replies_taken_back_leave_no_trace(store: Shelf, conversation: str, order) -> None:
    before = await now(store, conversation)
    await store.filing.submit(answer(conversation))
    await store.filing.submit(answer(conversation, "E mais:", id="r2", after=2))
    for id, others in zip(order, ([order[1]], []), strict=True):
        await store.filing.submit(Withdraw(ANA, conversation, id, others))
    after = await now(store, conversation)
    for name in ("turn", "assignee", "waiting_since", "last", "last_out_seq"):
        assert getattr(after, name) == getattr(before, name), name


async def test_one_of_two_replies_taken_back_leaves_the_other(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(answer(conversation, "E mais:", id="r2", after=2))
    await store.filing.submit(Withdraw(ANA, conversation, "r1", ["r2"]))
    after = await now(store, conversation)
    assert (after.assignee, after.turn, after.last_out_seq, after.last.text) == ("ana", Turn.CUSTOMER, 3, "E mais:")


async def test_undo_gives_a_colleague_back_what_the_reply_resolved(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Assign(BRUNO, conversation, "bruno", None))
    await store.filing.submit(answer(conversation, resolve=True))
    await store.filing.submit(Withdraw(ANA, conversation, "r1"))
    after = await now(store, conversation)
    assert (after.status, after.assignee) == (Status.OPEN, "bruno")  # and the slot: see the end of each test


async def test_undo_does_not_open_what_a_colleague_resolved_since(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation, resolve=True))
    await store.filing.submit(Receive(inbound("Espera!")))
    await store.filing.submit(Resolve(BRUNO, conversation))
    await store.filing.submit(Withdraw(ANA, conversation, "r1"))
    assert (await now(store, conversation)).status is Status.RESOLVED


async def test_an_answer_opens_a_resolved_conversation_again(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Resolve(CARLA, conversation))
    await store.filing.submit(answer(conversation))
    after = await now(store, conversation)
    assert (after.status, after.assignee, after.turn, after.resolved_at) == (Status.OPEN, "ana", Turn.CUSTOMER, None)


async def test_undo_puts_it_back_among_the_resolved(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Resolve(CARLA, conversation))
    before = await now(store, conversation)
    await store.filing.submit(answer(conversation))
    await store.filing.submit(Withdraw(ANA, conversation, "r1"))
    after = await now(store, conversation)
    for name in ("status", "assignee", "turn", "resolved_at", "last", "last_out_seq", "rank"):
        assert getattr(after, name) == getattr(before, name), name


async def test_a_last_word_leaves_a_resolved_conversation_resolved(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Resolve(CARLA, conversation))
    await store.filing.submit(answer(conversation, resolve=True))
    after = await now(store, conversation)
    assert (after.status, after.assignee, after.last.text) == (Status.RESOLVED, None, "Bom dia!")


async def test_what_is_resolved_and_has_gone_on_elsewhere_takes_no_answer(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Resolve(CARLA, conversation))
    long_ago = store.clock.now() - timedelta(days=20)
    await store.database["conversations"].update_one({"_id": conversation}, {"$set": {"resolved_at": long_ago}})
    newer = await store.filing.submit(Receive(inbound("Oi de novo")))
    with pytest.raises(Refused, match="written again") as refused:
        await store.filing.submit(answer(conversation))
    assert refused.value.params["id"] == newer.conversation


async def test_what_was_opened_by_hand_hears_what_comes_next(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Resolve(CARLA, conversation))
    long_ago = store.clock.now() - timedelta(days=20)
    await store.database["conversations"].update_one({"_id": conversation}, {"$set": {"resolved_at": long_ago}})
    newer = await store.filing.submit(Receive(inbound("Oi de novo")))
    await store.filing.submit(Resolve(CARLA, newer.conversation))
    await store.filing.submit(Reopen(CARLA, conversation))
    assert (await store.filing.submit(Receive(inbound("Alô?")))).conversation == conversation


async def disable(store: Shelf, user: str, disabled: bool = True) -> None:
    await store.filing.submit(ChangeUser(user, {"disabled": disabled}, frozenset({"admin"})))


async def test_what_somebody_holds_who_leaves_goes_back_to_the_queue(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await disable(store, "ana")
    assert (await now(store, conversation)).assignee is None


async def test_what_opens_again_does_not_come_to_somebody_who_has_left(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation, resolve=True))
    await disable(store, "ana")
    await store.filing.submit(Receive(inbound("Voltou o problema")))
    after = await now(store, conversation)
    assert (after.status, after.turn, after.assignee) == (Status.OPEN, Turn.US, None)


async def test_nothing_is_handed_to_somebody_who_has_left(store: Shelf, conversation: str) -> None:
    await disable(store, "bruno")
    with pytest.raises(Invalid, match="not work here"):
        await store.filing.submit(Assign(ANA, conversation, "bruno", None))


async def test_nobody_hurries_a_colleagues_reply(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    with pytest.raises(NotFound):
        await store.filing.submit(SendNow(BRUNO, conversation, "r1"))


async def test_what_has_gone_out_cannot_be_taken_back(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(SendNow(ANA, conversation, "r1"))
    await store.filing.submit(Release("r1"))
    with pytest.raises(Refused, match="too late"):
        await store.filing.submit(Withdraw(ANA, conversation, "r1"))


async def test_nothing_goes_out_before_its_time(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(Release("r1"))
    assert (await store.reader.messages_by_id(["r1"]))["r1"].delivery is Delivery.QUEUED


async def test_states_never_go_back(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(SendNow(ANA, conversation, "r1"))
    await store.filing.submit(Release("r1"))
    for state in (Delivery.READ, Delivery.DELIVERED):
        await store.filing.submit(Mark(("r1",), state))
    assert (await store.reader.messages_by_id(["r1"]))["r1"].delivery is Delivery.READ


async def test_a_colleague_who_answered_meanwhile_stops_the_second_answer(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    with pytest.raises(Refused, match="while you were writing") as refused:
        await store.filing.submit(answer(conversation, by=BRUNO, id="r2"))
    assert refused.value.params["name"] == "Ana Souza"
    assert await store.filing.submit(answer(conversation, by=BRUNO, id="r2", after=2))


async def test_a_new_line_of_the_customer_does_not_stop_an_answer(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Receive(inbound("E o frete?")))
    assert await store.filing.submit(answer(conversation))


async def test_a_customer_whom_no_way_leads_to_can_only_be_noted(store: Shelf) -> None:
    hook = await store.filing.submit(Receive(inbound(answerable=False, visitor="hook")))
    with pytest.raises(Refused, match="no channel leads back"):
        await store.filing.submit(answer(hook.conversation))
    note = await store.filing.submit(Annotate(ANA, hook.conversation, "n1", "liguei para ela"))
    assert note.seq == 2
    assert (await now(store, hook.conversation)).waiting_since


async def test_of_two_who_take_at_once_one_gets_it(store: Shelf, conversation: str) -> None:
    both = (Assign(who, conversation, who.id, None) for who in (ANA, BRUNO))
    results = await asyncio.gather(*(store.filing.submit(each) for each in both), return_exceptions=True)
    assert [isinstance(each, Refused) for each in results] == [False, True]


async def test_it_can_be_passed_on_and_put_back(store: Shelf, conversation: str) -> None:
    await store.filing.submit(Assign(ANA, conversation, "ana", None))
    await store.filing.submit(Assign(ANA, conversation, "bruno", "ana"))
    assert (await now(store, conversation)).assignee == "bruno"
    await store.filing.submit(Assign(CARLA, conversation, None, UNSET))
    assert (await now(store, conversation)).assignee is None


async def test_resolve_gives_the_room_back_and_reopen_takes_it_again(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation))
    await store.filing.submit(Resolve(ANA, conversation))
    document = await store.database["agents"].find_one({"_id": "ana"})
    assert from_document(Agent, document).slots == ()
    await store.filing.submit(Reopen(ANA, conversation))
    assert (await now(store, conversation)).status is Status.OPEN


async def test_what_is_not_yours_is_not_found(store: Shelf, conversation: str) -> None:
    await store.database["conversations"].update_one({"_id": conversation}, {"$set": {"team": "billing"}})
    outsider = Person("x", "X", Role.AGENT, ("sales",), sees_all=False)
    with pytest.raises(NotFound):
        await store.filing.submit(answer(conversation, by=outsider))


async def test_hurrying_the_second_reply_lets_the_first_go_before_it(store: Shelf, conversation: str) -> None:
    await store.filing.submit(answer(conversation, "Bom dia!"))
    await store.filing.submit(answer(conversation, "Já vejo.", id="r2", after=2))
    await store.filing.submit(SendNow(ANA, conversation, "r2", ("r1",)))
    due = await store.reader.due(store.clock.now(), 10)
    assert [each.id for each in due] == ["r1", "r2"]

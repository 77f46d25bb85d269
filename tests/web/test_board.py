"""What is going on now, as supervisors see it."""

from datetime import timedelta
from typing import Any

from hub.model import Availability, Conversation, Needs
from tests.cast import ANA, BRUNO, CARLA
from tests.inbox.hands import Change
from tests.web.conftest import Browser, Counter
from tests.web.routed import here, let_wait, offer, set_agent


async def board(browser: Browser, **asked: str) -> dict[str, Any]:
    answer = await browser.get("/api/board", params=asked)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def waiting(counter: Counter, visitor: str, minutes: int, **fields: Any) -> str:
    """A conversation that has waited for so long."""
    id = (await counter.message(visitor=visitor)).conversation
    since = counter.house.clock.now() - timedelta(minutes=minutes)
    await counter.house.filing.submit(Change(Conversation, id, {"first_queued_at": since, **fields}))
    return id


async def test_what_waits_comes_with_what_it_lacks_the_most_urgent_first(counter: Counter):
    carla = await counter.browser("carla")
    await carla.post("/api/skills", name="Espanhol")
    young = await waiting(counter, "v1", 2, priority=9)
    old = await waiting(counter, "v2", 14)
    lacks = {"lacks": ("espanhol:2",), "needs": Needs(require={"espanhol": 2})}
    await let_wait(counter, old, **lacks)
    shown = await board(carla)
    assert (shown["waiting"], [row["id"] for row in shown["queue"]]) == (2, [young, old])
    spanish = [{"id": "espanhol", "name": "Espanhol", "level": 2}]
    assert (shown["longest"]["id"], shown["longest"]["waits"]["lacks"]) == (old, spanish)
    assert shown["queue"][1]["needs"]["require"] == spanish


async def test_who_is_here_and_how_much_they_hold(counter: Counter):
    await here(counter, ANA, BRUNO, capacity=10)
    await set_agent(counter, CARLA, availability=Availability.OFFLINE)
    carla = await counter.browser("carla")
    for visitor in ("v1", "v2"):
        received = await counter.message(visitor=visitor)
        await carla.post(f"/api/conversations/{received.conversation}/assign", assignee="ana")
    offered = await counter.message(visitor="v3")
    await offer(counter, offered.conversation, BRUNO)
    shown = await board(carla, team="sales")
    assert [(each["id"], each["load"], each["conversations"], each["today"]) for each in shown["agents"]] == [
        ("ana", 4, 2, 2)
    ]
    shown = await board(carla)
    assert {each["id"]: each["load"] for each in shown["agents"]} == {"ana": 4, "bruno": 2, "carla": 0, "admin": 0}
    assert shown["in_conversation"] == 2
    assert (shown["units"]["used"], shown["units"]["over"]) == (6, 0)
    await carla.patch("/api/agents/ana", capacity=3)
    assert ((await board(carla))["units"]["used"], (await board(carla))["units"]["over"]) == (5, 1)
    assert shown["queue"][0]["offer"]["agent"]["id"] == "bruno"


async def test_numbers_stand_by_team_and_channel_and_can_be_asked_for_alone(counter: Counter):
    carla = await counter.browser("carla")
    await carla.post("/api/teams", name="Billing")
    await waiting(counter, "v1", 5, team="billing")
    other = await waiting(counter, "v2", 10)
    await carla.post(f"/api/conversations/{other}/take")
    whole = await board(carla)
    groups = [
        (each["team"], each["channel"]["id"], each["waiting"], each["in_conversation"]) for each in whole["groups"]
    ]
    assert groups == [(None, "chat", 0, 1), ({"id": "billing", "name": "Billing"}, "chat", 1, 0)]
    billing, none = await board(carla, team="billing"), await board(carla, team="none")
    assert (billing["waiting"], billing["in_conversation"], len(billing["queue"])) == (1, 0, 1)
    assert (none["waiting"], none["in_conversation"], none["longest"]) == (0, 1, None)
    assert (await board(carla, channel="mail"))["waiting"] == 0


async def test_each_number_opens_its_conversations(counter: Counter):
    carla = await counter.browser("carla")
    mine = await waiting(counter, "v1", 5, team="billing")
    held = await waiting(counter, "v2", 5)
    await carla.post(f"/api/conversations/{held}/take")
    for asked, ids in (
        ({"view": "waiting", "team": "billing"}, [mine]),
        ({"view": "waiting", "team": "none"}, []),
        ({"view": "all", "agent": "any"}, [held]),
        ({"view": "all", "agent": "carla", "channel": "chat"}, [held]),
        ({"view": "all", "channel": "mail"}, []),
    ):
        items = (await (await carla.get("/api/conversations", params=asked)).json())["items"]
        assert [row["id"] for row in items] == ids, asked


async def test_an_empty_board_is_a_board(counter: Counter):
    shown = await board(await counter.browser("admin"))
    assert (shown["waiting"], shown["longest"], shown["groups"], shown["queue"]) == (0, None, [], [])

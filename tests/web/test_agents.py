"""What colleagues are told of one another, what supervisors change, and who says that somebody is here."""

from datetime import timedelta, timezone

from hub.model import Conversation
from hub.web.named import time
from tests.cast import ANA
from tests.inbox.hands import Change
from tests.web.conftest import Browser, Counter
from tests.web.routed import give, here, only_their_teams


async def colleague(browser: Browser, id: str) -> dict:
    found = await (await browser.get("/api/agents")).json()
    return next(each for each in found if each["id"] == id)


async def test_everybody_sees_who_is_here_and_how_much_they_hold(counter: Counter):
    bruno = await counter.browser("bruno")
    await here(counter, ANA, capacity=1, skills={"billing": 3})
    received = await counter.message()
    assert (await (await bruno.post(f"/api/conversations/{received.conversation}/assign", assignee="ana")).json())["id"]
    ana = await colleague(bruno, "ana")
    assert (ana["availability"], ana["load"], ana["capacity"], ana["over"]) == ("available", 2, 1, True)
    assert (ana["held"], ana["skills"], ana["teams"]) == ({"widget": 2}, {"billing": 3}, ["sales"])
    assert "email" not in ana


async def test_a_supervisor_says_what_somebody_can(counter: Counter):
    carla = await counter.browser("carla")
    await carla.post("/api/skills", name="Billing")
    await carla.post("/api/teams", name="Service")
    answer = await carla.patch(
        "/api/agents/ana", teams=["service"], skills={"billing": 5}, capacity=6, caps={"email": 3}
    )
    assert answer.status == 200
    changed = await answer.json()
    told = {name: changed[name] for name in ("teams", "skills", "capacity", "caps")}
    assert told == {"teams": ["service"], "skills": {"billing": 5}, "capacity": 6, "caps": {"email": 3}}
    assert (await (await carla.patch("/api/agents/ana", capacity=7)).json())["skills"] == {"billing": 5}


async def test_only_what_there_is_can_be_given_but_what_was_there_may_stay(counter: Counter):
    carla = await counter.browser("carla")
    for body, field in (
        ({"teams": ["nowhere"]}, "teams"),
        ({"skills": {"juggling": 1}}, "skills.juggling"),
        ({"skills": {"juggling": 6}}, "skills.juggling"),
        ({"caps": {"pigeon": 1}}, "caps.pigeon"),
        ({"capacity": 101}, "capacity"),
    ):
        answer = await carla.patch("/api/agents/ana", **body)
        assert answer.status == 422, body
        assert [each["field"] for each in (await answer.json())["fields"]] == [field]
    assert (await carla.patch("/api/agents/ana", teams=["sales"])).status == 200
    assert (await carla.patch("/api/agents/nobody", capacity=1)).status == 404


async def test_somebody_new_comes_with_what_they_can(counter: Counter):
    admin = await counter.browser("admin")
    await admin.post("/api/teams", name="Service")
    await admin.post("/api/skills", name="Espanhol")
    davi = {"email": "davi@ipe.example", "name": "Davi Reis", "role": "agent", "password": "three plain words"}
    refused = await admin.post("/api/users", **davi, teams=["nowhere"])
    assert refused.status == 422
    added = await admin.post("/api/users", **davi, teams=["service"], skills={"espanhol": 4}, capacity=8)
    assert added.status == 201
    new = await colleague(admin, (await added.json())["id"])
    assert (new["teams"], new["skills"], new["capacity"]) == (["service"], {"espanhol": 4}, 8)
    assert new["availability"] == "offline"


async def test_one_says_for_oneself_whether_one_is_here(counter: Counter):
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    screen = await bruno.live()
    await screen.next("hello")
    until = time(counter.house.clock.now() + timedelta(hours=1))
    answer = await ana.put("/api/me/availability", availability="away", reason="almoço", until=until)
    assert answer.status == 200
    told = await screen.next("event", kind="agent.changed")
    assert told["data"]["fields"] == ["availability"]
    shown = {name: told["agent"][name] for name in ("id", "availability", "reason", "until")}
    assert shown == {"id": "ana", "availability": "away", "reason": "almoço", "until": until}
    assert await colleague(bruno, "ana") == told["agent"]


async def test_a_time_is_the_same_in_whatever_zone_it_is_given(counter: Counter):
    ana, at = await counter.browser("ana"), counter.house.clock.now() + timedelta(hours=1)
    theirs = at.astimezone(timezone(timedelta(hours=5))).isoformat(timespec="milliseconds")
    said = await ana.put("/api/me/availability", availability="away", until=theirs)
    assert (await said.json())["until"] == time(at)


async def test_supervisors_say_it_for_others_and_agents_do_not(counter: Counter):
    ana, carla = await counter.browser("ana"), await counter.browser("carla")
    assert (await ana.put("/api/agents/bruno/availability", availability="busy")).status == 403
    said = await carla.put("/api/agents/bruno/availability", availability="busy")
    assert (await said.json())["availability"] == "busy"
    assert (await (await ana.put("/api/agents/ana/availability", availability="available")).json())["id"] == "ana"


async def test_a_new_team_is_a_new_right_at_once(counter: Counter):
    await only_their_teams(counter)
    ana, carla = await counter.browser("ana"), await counter.browser("carla")
    await carla.post("/api/teams", name="Billing")
    screen = await ana.live()
    await screen.next("hello")
    await carla.patch("/api/agents/ana", teams=["sales", "billing"])
    assert (await screen.next("reload"))["why"] == "rights"


async def test_an_admin_says_whether_agents_see_all(counter: Counter):
    admin, ana = await counter.browser("admin"), await counter.browser("ana")
    received = await counter.message()
    await counter.house.filing.submit(Change(Conversation, received.conversation, {"team": "billing"}))
    screen = await ana.live()
    await screen.next("hello")
    assert (await (await admin.patch("/api/company", agents_see_all=False)).json())["agents_see_all"] is False
    assert (await screen.next("reload"))["why"] == "rights"
    assert (await ana.get(f"/api/conversations/{received.conversation}")).status == 404


async def test_what_routing_is_changed_to_is_told_supervisors_only(counter: Counter):
    ana, carla = await counter.browser("ana"), await counter.browser("carla")
    screens = [await ana.live(), await carla.live()]
    for screen in screens:
        await screen.next("hello")
    await carla.post("/api/skills", name="Espanhol")
    assert (await screens[1].next("event", kind="routing.changed"))["data"] == {"what": "skill", "id": "espanhol"}
    await counter.message()
    await screens[0].next("event", kind="message.received")
    assert "routing.changed" not in [each.get("kind") for each in screens[0].heard]


async def test_a_frame_says_in_a_line_why_somebody_got_it(counter: Counter):
    await here(counter, ANA)
    received = await counter.message()
    carla = await counter.browser("carla")
    screen = await carla.live()
    await screen.next("hello")
    await give(counter, received.conversation)
    told = (await screen.next("event", kind="conversation.assigned"))["data"]
    assert (told["assignee_name"], told["decision"]["why"]) == ("Ana Souza", "most_room")
    assert told["decision"]["agent"] == {"id": "ana", "name": "Ana Souza"}
    assert len(told["decision"]["candidates"]) == 3
    opened = await (await carla.get(f"/api/conversations/{received.conversation}")).json()
    events = [each for each in opened["entries"] if each["type"] == "event"]
    assert events[-1]["data"]["decision"] == told["decision"]

"""Why it is with whom it is, or why it still waits: the whole decision, as data."""

from hub.model import Availability, Needs
from hub.routing.decision import Why
from tests.cast import ANA, BRUNO, EVERYBODY
from tests.web.conftest import Browser, Counter
from tests.web.routed import give, here, let_wait, offer, only_their_teams, set_agent


async def why(browser: Browser, id: str, event: str = "") -> dict:
    answer = await browser.get(f"/api/conversations/{id}/why" + (f"?event={event}" if event else ""))
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_of_what_routing_gave_it_tells_the_whole_decision(counter: Counter):
    await here(counter, ANA)
    ana, received = await counter.browser("ana"), await counter.message()
    await give(counter, received.conversation)
    told = await why(ana, received.conversation)
    assert (told["state"], told["by"], told["fresh"]) == ("held", None, False)
    assert told["assignee"] == {"id": "ana", "name": "Ana Souza"}
    assert (told["decision"]["why"], len(told["decision"]["candidates"])) == ("most_room", 10)


async def test_of_what_a_person_gave_it_tells_who(counter: Counter):
    carla, received = await counter.browser("carla"), await counter.message()
    await carla.post(f"/api/conversations/{received.conversation}/assign", assignee="ana")
    told = await why(carla, received.conversation)
    assert (told["state"], told["decision"]) == ("held", None)
    assert told["by"] == {"kind": "agent", "id": "carla", "name": "Carla Dias"}


async def test_of_what_waits_it_tells_what_nobody_has(counter: Counter):
    carla, received = await counter.browser("carla"), await counter.message()
    await carla.post("/api/skills", name="Espanhol")
    needs = Needs(require={"espanhol": 2})
    await let_wait(counter, received.conversation, needs=needs, lacks=("espanhol:2",), lacking={"espanhol:2": 4})
    told = await why(carla, received.conversation)
    lacks = [{"id": "espanhol", "name": "Espanhol", "level": 2}]
    assert (told["state"], told["fresh"], told["decision"]["lacks"]) == ("waiting", False, lacks)
    assert told["decision"]["lacking"] == [{"skill": "espanhol", "name": "Espanhol", "level": 2, "agents": 4}]
    row = (await (await carla.get("/api/conversations?view=waiting")).json())["items"][0]
    assert (row["needs"]["require"], row["waits"]["lacks"], row["waits"]["why"]) == (lacks, lacks, "lacks_skill")


async def test_what_nobody_has_decided_is_decided_for_the_asker(counter: Counter):
    carla, received = await counter.browser("carla"), await counter.message()
    for person in EVERYBODY:
        await set_agent(counter, person, availability=Availability.OFFLINE)
    told = await why(carla, received.conversation)
    assert (told["fresh"], told["decision"]["outcome"], told["decision"]["why"]) == (True, "nobody", "nobody_here")
    await here(counter, BRUNO)
    told = await why(carla, received.conversation)
    assert (told["fresh"], told["decision"]["agent"]) == (True, {"id": "bruno", "name": "Bruno Lima"})
    assert (await counter.house.reader.conversation(received.conversation)).assignee is None


async def test_what_was_decided_for_an_earlier_wait_does_not_count(counter: Counter):
    carla, received = await counter.browser("carla"), await counter.message()
    await let_wait(counter, received.conversation)
    path = f"/api/conversations/{received.conversation}/assign"
    await carla.post(path, assignee="ana")
    await carla.post(path, assignee=None)
    assert (await why(carla, received.conversation))["fresh"]


async def test_an_offer_and_its_cause(counter: Counter):
    await here(counter, ANA)
    ana, received = await counter.browser("ana"), await counter.message()
    await offer(counter, received.conversation)
    assert (await why(ana, received.conversation))["state"] == "offered"
    await ana.post(f"/api/conversations/{received.conversation}/accept")
    told = await why(ana, received.conversation)
    assert (told["state"], told["by"]["id"], told["decision"]["agent"]["id"]) == ("held", "ana", "ana")
    assert told["cause"]["kind"] == "conversation.offered"


async def test_any_event_of_the_timeline_can_be_asked_for(counter: Counter):
    carla, received = await counter.browser("carla"), await counter.message()
    waits = (await let_wait(counter, received.conversation, why=Why.FULL)).waits
    await carla.post(f"/api/conversations/{received.conversation}/take")
    told = await why(carla, received.conversation, waits.event)
    assert (told["state"], told["decision"]["why"]) == ("held", "full")
    other = await counter.message(visitor="v2")
    missing = await carla.get(f"/api/conversations/{other.conversation}/why?event={waits.event}")
    assert missing.status == 404


async def test_what_is_resolved_still_tells_who_had_it(counter: Counter):
    ana, received = await counter.browser("ana"), await counter.message()
    await ana.post(f"/api/conversations/{received.conversation}/take")
    await ana.post(f"/api/conversations/{received.conversation}/resolve")
    told = await why(ana, received.conversation)
    assert (told["state"], told["decision"], told["by"]["id"]) == ("held", None, "ana")


async def test_why_is_told_only_to_those_who_see_it(counter: Counter):
    received = await counter.message()
    await let_wait(counter, received.conversation, needs=Needs(teams=("billing",)))
    await only_their_teams(counter)
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    assert (await ana.get(f"/api/conversations/{received.conversation}/why")).status == 404
    assert (await bruno.get(f"/api/conversations/{received.conversation}/why")).status == 200

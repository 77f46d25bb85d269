"""What is offered to an agent: they see it, whatever their team, accept or decline it, and lose sight of it."""

from hub.inbox.give import Expire
from hub.model import Needs
from tests.cast import ANA
from tests.web.conftest import Counter
from tests.web.routed import here, let_wait, offer, only_their_teams

BILLING = Needs(teams=("billing",))


async def test_what_is_offered_to_me_is_listed_and_mine_to_accept(counter: Counter):
    await here(counter, ANA)
    ana, bruno, received = await counter.browser("ana"), await counter.browser("bruno"), await counter.message()
    await offer(counter, received.conversation)
    (row,) = await (await ana.get("/api/offers")).json()
    assert row["offer"]["agent"] == {"id": "ana", "name": "Ana Souza"}
    assert row["assignee"] is None
    assert await (await bruno.get("/api/offers")).json() == []
    path = f"/api/conversations/{received.conversation}"
    refused = await bruno.post(f"{path}/accept")
    assert (refused.status, (await refused.json())["code"]) == (409, "offer_gone")
    accepted = await (await ana.post(f"{path}/accept")).json()
    assert (accepted["assignee"]["id"], accepted["offer"]) == ("ana", None)
    assert await (await ana.get("/api/offers")).json() == []


async def test_what_is_declined_keeps_its_age_and_waits_on(counter: Counter):
    await here(counter, ANA)
    ana, received = await counter.browser("ana"), await counter.message()
    before = await offer(counter, received.conversation)
    declined = await (await ana.post(f"/api/conversations/{received.conversation}/decline")).json()
    assert (declined["assignee"], declined["offer"]) == (None, None)
    after = await counter.house.reader.conversation(received.conversation)
    assert (after.declined, after.first_queued_at) == (("ana",), before.first_queued_at)


async def test_an_offer_is_seen_whatever_the_team_and_gone_when_it_is_over(counter: Counter):
    await here(counter, ANA)
    received = await counter.message()
    await let_wait(counter, received.conversation, needs=BILLING)
    await only_their_teams(counter)
    ana = await counter.browser("ana")
    screen = await ana.live()
    await screen.next("hello")
    await offer(counter, received.conversation, team="billing")
    await screen.next("event", kind="conversation.offered")
    path = f"/api/conversations/{received.conversation}"
    assert (await ana.get(path)).status == 200
    assert len((await (await ana.get("/api/conversations?view=waiting")).json())["items"]) == 1
    await ana.post(f"{path}/decline")
    assert (await screen.next("gone"))["conversation"] == received.conversation
    assert (await ana.get(path)).status == 404


async def test_what_is_offered_to_me_is_among_those_who_wait_for_me(counter: Counter):
    await here(counter, ANA)
    received = await counter.message()
    await let_wait(counter, received.conversation, needs=BILLING)
    await counter.message("de ninguém", visitor="v2")
    await only_their_teams(counter)
    ana, carla = await counter.browser("ana"), await counter.browser("carla")
    screen = await ana.live()
    await screen.next("counts", waiting=1, all=1)
    await offer(counter, received.conversation, team="billing")
    await screen.next("counts", waiting=2, all=2, team=0, mine=0)
    assert await (await ana.get("/api/counts")).json() == {"mine": 0, "waiting": 2, "team": 0, "all": 2}
    assert (await (await carla.get("/api/counts")).json())["waiting"] == 2
    assert len((await (await ana.get("/api/conversations?view=waiting")).json())["items"]) == 2
    await ana.post(f"/api/conversations/{received.conversation}/decline")
    await screen.next("counts", waiting=1, all=1)


async def test_what_a_colleague_takes_is_no_longer_offered(counter: Counter):
    await here(counter, ANA)
    received = await counter.message()
    await let_wait(counter, received.conversation, needs=BILLING)
    await only_their_teams(counter)
    ana, bruno = await counter.browser("ana"), await counter.browser("bruno")
    screen = await ana.live()
    await screen.next("hello")
    await offer(counter, received.conversation, team="billing")
    await bruno.post(f"/api/conversations/{received.conversation}/take")
    assert (await screen.next("gone"))["conversation"] == received.conversation


async def test_an_offer_that_runs_out_is_told_as_that(counter: Counter):
    await here(counter, ANA)
    carla, received = await counter.browser("carla"), await counter.message()
    screen = await carla.live()
    await screen.next("hello")
    await offer(counter, received.conversation, offer_s=0)
    assert await counter.house.filing.submit(Expire(received.conversation))
    told = await screen.next("event", kind="conversation.declined")
    assert told["data"] == {"agent": "ana", "agent_name": "Ana Souza", "expired": True}

"""Teams, skills and opening hours: made, changed and removed by supervisors, and never under a rule that names them."""

from dataclasses import dataclass
from typing import Any

import pytest

from hub.model import Agent, Routing, RuleVersion
from hub.ports import Ref, Sheet
from tests.web.conftest import Browser, Counter


@dataclass(frozen=True, slots=True)
class Rule:
    """These rules are live, behind the verbs' back."""

    rules: tuple[dict[str, Any], ...]

    def wants(self, sheet: Sheet) -> list[Ref]:
        return [Ref(Routing, "routing"), Ref(RuleVersion, "1")]

    def decide(self, sheet: Sheet) -> None:
        sheet.put(RuleVersion("1", 1, sheet.now, "carla", self.rules))
        sheet.put(Routing(version=1, revision=1))


async def rule(counter: Counter, when: dict[str, Any] | None = None, **then: Any) -> None:
    await counter.house.filing.submit(Rule(({"id": "r1", "name": "Faturas", "when": when or {}, "then": then},)))
    await counter.house.directory.refresh_book()


async def agent(counter: Counter, id: str) -> Agent:
    return (await counter.house.reader.agents([id]))[0]


async def revision(counter: Counter) -> int:
    routing = await counter.house.reader.routing()
    return routing.revision if routing else 0


@pytest.fixture
async def carla(counter: Counter) -> Browser:
    return await counter.browser("carla")


async def test_a_team_gets_an_id_of_its_name(counter: Counter, carla: Browser):
    answer = await carla.post("/api/teams", name=" Pós-venda ", strategy="best_skill", mode="offer", members=["ana"])
    assert answer.status == 201
    assert await answer.json() == {
        "id": "pos-venda",
        "name": "Pós-venda",
        "strategy": "best_skill",
        "mode": "offer",
        "weights": {},
        "hours": None,
        "agents": 1,
    }
    assert (await agent(counter, "ana")).teams == ("sales", "pos-venda")
    assert await revision(counter) == 1


async def test_two_teams_never_have_one_name_or_one_id(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Sales")
    again = await carla.post("/api/teams", name="sales")
    assert (again.status, (await again.json())["code"]) == (409, "name_taken")
    await carla.patch("/api/teams/sales", name="Vendas")
    assert (await (await carla.post("/api/teams", name="Sales")).json())["id"] == "sales-2"


async def test_what_is_left_out_of_a_team_stays(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Sales", mode="offer", weights={"email": 2})
    changed = await (await carla.patch("/api/teams/sales", strategy="longest_idle")).json()
    assert (changed["strategy"], changed["mode"], changed["weights"]) == ("longest_idle", "offer", {"email": 2})


async def test_everybody_in_a_team_gets_the_same_capacity_in_one_change(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Sales", members=["ana", "bruno"])
    assert (await carla.patch("/api/teams/sales", capacity=7, caps={"widget": 4})).status == 200
    for id in ("ana", "bruno"):
        assert (await agent(counter, id)).capacity == 7
        assert (await agent(counter, id)).caps == {"widget": 4}
    assert (await agent(counter, "carla")).capacity == 10


async def test_the_members_are_those_who_are_named(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Sales", members=["bruno"])
    changed = await (await carla.patch("/api/teams/sales", members=["carla"])).json()
    assert changed["agents"] == 1
    assert [(await agent(counter, id)).teams for id in ("ana", "bruno", "carla")] == [(), ("billing",), ("sales",)]


async def test_a_team_names_only_what_there_is(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Sales")
    for body, field in (
        ({"hours": "never"}, "hours"),
        ({"weights": {"pigeon": 1}}, "weights.pigeon"),
        ({"members": ["nobody"]}, "members"),
        ({"capacity": 101}, "capacity"),
    ):
        answer = await carla.patch("/api/teams/sales", **body)
        assert answer.status == 422
        assert [each["field"] for each in (await answer.json())["fields"]] == [field]


async def test_a_team_that_a_rule_names_stays(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Billing")
    await rule(counter, team="billing")
    refused = await carla.delete("/api/teams/billing")
    assert refused.status == 409
    assert (await refused.json())["code"] == "in_use"
    assert (await refused.json())["params"] == {"by": "Faturas", "count": 1}


async def test_a_removed_team_is_gone_from_its_people(counter: Counter, carla: Browser):
    await carla.post("/api/teams", name="Billing")
    assert (await carla.delete("/api/teams/billing")).status == 204
    assert (await agent(counter, "bruno")).teams == ()
    assert (await carla.delete("/api/teams/billing")).status == 404


async def test_a_skill_is_named_renamed_and_removed_from_whoever_has_it(counter: Counter, carla: Browser):
    assert (await (await carla.post("/api/skills", name="Espanhol")).json())["id"] == "espanhol"
    await carla.patch("/api/agents/ana", skills={"espanhol": 3})
    renamed = await (await carla.patch("/api/skills/espanhol", name="Spanish")).json()
    assert renamed == {"id": "espanhol", "name": "Spanish", "agents": 1}
    assert (await carla.delete("/api/skills/espanhol")).status == 204
    assert (await agent(counter, "ana")).skills == {}


async def test_a_skill_that_a_rule_names_stays(counter: Counter, carla: Browser):
    await carla.post("/api/skills", name="es")
    await rule(counter, relax=[{"after_s": 60, "lower": "es:1"}])
    assert (await (await carla.delete("/api/skills/es")).json())["code"] == "in_use"


SHOP = {
    "name": "Loja",
    "time_zone": "America/Recife",
    "week": {"1": [{"start": 780, "end": 1080}, {"start": 480, "end": 720}], "2": []},
    "holidays": [{"date": "2026-12-25", "name": "Natal"}],
}


async def test_opening_hours_are_kept_in_order(counter: Counter, carla: Browser):
    added = await carla.post("/api/hours", **SHOP)
    assert added.status == 201
    hours = await added.json()
    assert hours["id"] == "loja"
    assert hours["week"] == {"1": [{"start": 480, "end": 720}, {"start": 780, "end": 1080}]}
    assert hours["holidays"] == [{"date": "2026-12-25", "name": "Natal", "openings": []}]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"week": {"8": []}}, "unknown_field"),
    ({"week": {"1": [{"start": 600, "end": 600}]}}, "bad_opening"),
    ({"week": {"1": [{"start": 0, "end": 700}, {"start": 699, "end": 900}]}}, "overlap"),
    ({"holidays": [{"date": "2026-02-30", "name": "?"}]}, "wrong_form"),
    ({"holidays": [{"date": "2026-12-25", "name": "a"}, {"date": "2026-12-25", "name": "b"}]}, "twice"),
]


async def test_hours_that_cannot_be_are_refused(counter: Counter, carla: Browser):
    for wrong, code in WRONG:
        answer = await carla.post("/api/hours", **{**SHOP, **wrong})
        assert [each["code"] for each in (await answer.json())["fields"]] == [code]


async def test_a_time_zone_must_be_one(counter: Counter, carla: Browser):
    answer = await carla.post("/api/hours", **{**SHOP, "time_zone": "Recife"})
    assert (await answer.json())["code"] == "bad_time_zone"


async def test_hours_that_somebody_keeps_stay(counter: Counter, carla: Browser):
    await carla.post("/api/hours", **SHOP)
    await carla.post("/api/teams", name="Sales", hours="loja")
    refused = await (await carla.delete("/api/hours/loja")).json()
    assert (refused["code"], refused["params"]["by"]) == ("in_use", "Sales")
    await carla.patch("/api/teams/sales", hours=None)
    await rule(counter, when={"field": "hours:loja", "op": "is", "value": "closed"}, priority=1)
    assert (await (await carla.delete("/api/hours/loja")).json())["params"]["by"] == "Faturas"


async def test_a_change_that_changes_nothing_wakes_nobody(counter: Counter, carla: Browser):
    await carla.post("/api/skills", name="es")
    before = await revision(counter)
    await carla.patch("/api/skills/es", name="es")
    assert await revision(counter) == before

"""Supervisors change the rules: drafts, faults, publishing, history, settings; nobody else may."""

from typing import Any

import pytest

from tests.web.conftest import OURS, Browser, Counter

INVOICES = {
    "id": "invoices",
    "name": "Invoices",
    "when": {"all": [{"field": "text", "op": "mentions", "value": ["boleto", "fatura"]}]},
    "then": {"require": ["billing:2"], "priority": 7},
}
REST = {"id": "rest", "name": "The rest", "then": {"priority": 4}}
FAULTY = {"name": "Faulty", "when": {"all": [{"field": "text", "op": "matches", "value": "("}]}, "then": {}}

PATHS = [
    ("GET", "/api/routing"),
    ("PUT", "/api/routing/draft"),
    ("DELETE", "/api/routing/draft?revision=1"),
    ("POST", "/api/routing/check"),
    ("POST", "/api/routing/publish"),
    ("GET", "/api/routing/versions"),
    ("GET", "/api/routing/versions/1"),
    ("GET", "/api/routing/versions/1/changes"),
    ("POST", "/api/routing/versions/1/restore"),
    ("GET", "/api/routing/file"),
    ("POST", "/api/routing/file"),
    ("PATCH", "/api/routing/settings"),
    ("POST", "/api/routing/try"),
    ("POST", "/api/routing/queue"),
]


@pytest.fixture
async def carla(counter: Counter) -> Browser:
    return await counter.browser("carla")


async def save(browser: Browser, *rules: dict, revision: int | None = None) -> dict[str, Any]:
    answer = await browser.put("/api/routing/draft", rules=list(rules), revision=revision)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def publish(browser: Browser, *rules: dict, **how: Any) -> dict[str, Any]:
    revision = (await save(browser, *rules))["draft"]["revision"]
    answer = await browser.post("/api/routing/publish", revision=revision, **how)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def routing(browser: Browser) -> dict[str, Any]:
    return await (await browser.get("/api/routing")).json()


async def test_agents_change_no_rules_and_do_not_see_them(counter: Counter):
    ana = await counter.browser("ana")
    statuses = {await _status(ana, method, path) for method, path in PATHS}
    assert statuses == {403}


async def _status(browser: Browser, method: str, path: str) -> int:
    return (await browser.client.request(method, path, json={}, headers=OURS)).status


async def test_a_fresh_company_has_no_rules_and_settings_that_work(carla: Browser):
    found = await routing(carla)
    assert found["live"] == {"version": 0, "rules": [], "at": None, "author": None}
    assert found["draft"] is None
    assert found["settings"]["weights"] == {"widget": 2, "telegram": 2, "email": 1, "webhook": 1}
    assert (found["limits"]["offer_s"], found["limits"]["weights"]["most"]) == ({"least": 5, "most": 3600}, 100)
    assert {*found["limits"], "hours"} == set(found["settings"])
    assert {each["name"] for each in found["agents"]} >= {"Ana Souza", "Bruno Lima"}
    assert next(each for each in found["fields"] if each["name"] == "text")["operators"][0] == "mentions"


async def test_a_draft_is_kept_with_its_faults_and_shown_to_everybody_who_leads(counter: Counter, carla: Browser):
    saved = await save(carla, INVOICES, FAULTY)
    (fault,) = saved["faults"]
    assert (fault["rule"], fault["path"], fault["code"]) == (1, "when.all.0.value", "bad_pattern")
    assert [each["code"] for each in saved["warnings"]] == ["unknown_skill"]
    shown = await routing(await counter.browser("admin"))
    assert shown["draft"] == saved["draft"]
    assert [each["id"] for each in shown["draft"]["rules"]] == ["invoices", "faulty"]


async def test_checking_keeps_nothing(carla: Browser):
    found = await (await carla.post("/api/routing/check", rules=[{**INVOICES, "then": {"requires": []}}])).json()
    assert [(each["rule"], each["code"]) for each in found["faults"]] == [(0, "unknown_key")]
    assert (await routing(carla))["draft"] is None


async def test_faulty_rules_are_not_published_and_the_fault_has_its_place(carla: Browser):
    draft = (await save(carla, INVOICES, FAULTY))["draft"]
    answer = await carla.post("/api/routing/publish", revision=draft["revision"])
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (422, "rules_faulty")
    assert problem["fields"][0]["field"] == "rules.1.when.all.0.value"
    assert (await routing(carla))["live"]["version"] == 0


async def test_published_rules_are_live_at_once_under_a_number(counter: Counter, carla: Browser):
    live = await publish(carla, INVOICES, REST, note="First ones")
    assert (live["version"], live["author"]["name"], live["rules"]) == (1, "Carla Dias", [INVOICES, REST])
    assert [rule.id for rule in counter.house.directory.book.rules.every] == ["invoices", "rest"]
    shown = await routing(carla)
    assert (shown["live"], shown["draft"]) == (live, None)


async def test_the_history_tells_what_each_version_changed(carla: Browser):
    await publish(carla, INVOICES, REST, note="First ones")
    await publish(carla, REST, {**INVOICES, "name": "Bills"})
    await publish(carla, REST)
    third, second, first = await (await carla.get("/api/routing/versions")).json()
    assert (first["number"], first["added"], first["note"]) == (1, ["Invoices", "The rest"], "First ones")
    assert (second["changed"], second["moved"], second["removed"]) == (["Bills"], 1, [])
    assert (third["removed"], third["author"]["name"]) == (["Bills"], "Carla Dias")


async def test_two_versions_are_compared_rule_by_rule(carla: Browser):
    await publish(carla, INVOICES)
    await publish(carla, {**INVOICES, "name": "Bills"}, REST)
    changes = await (await carla.get("/api/routing/versions/2/changes")).json()
    assert [(each["what"], each["name"]) for each in changes] == [("changed", "Bills"), ("added", "The rest")]
    assert (changes[0]["before"]["name"], changes[1]["before"]) == ("Invoices", None)
    from_nothing = await (await carla.get("/api/routing/versions/2/changes?since=0")).json()
    assert {each["what"] for each in from_nothing} == {"added"}


async def test_an_older_version_comes_back_as_a_new_one(carla: Browser):
    await publish(carla, INVOICES)
    await publish(carla, REST)
    live = await (await carla.post("/api/routing/versions/1/restore")).json()
    assert (live["version"], live["rules"]) == (3, [INVOICES])
    newest = (await (await carla.get("/api/routing/versions")).json())[0]
    assert (newest["number"], newest["restored"]) == (3, 1)
    assert (await (await carla.get("/api/routing/versions/2")).json())["rules"] == [REST]


async def test_there_is_no_version_that_was_never_published(carla: Browser):
    for path in ("/api/routing/versions/9", "/api/routing/versions/9/changes", "/api/routing/versions/none"):
        assert (await carla.get(path)).status == 404
    assert (await carla.post("/api/routing/versions/9/restore")).status == 404


async def test_the_second_of_two_supervisors_is_told_who_was_faster(counter: Counter, carla: Browser):
    admin = await counter.browser("admin")
    mine = (await save(carla, INVOICES))["draft"]
    theirs = (await save(admin, INVOICES, REST, revision=mine["revision"]))["draft"]
    answer = await carla.put("/api/routing/draft", rules=[REST], revision=mine["revision"])
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (409, "draft_changed")
    assert problem["params"] == {"who": "Beatriz Monteiro"}
    assert (await routing(carla))["draft"] == theirs
    assert [each["name"] for each in theirs["authors"]] == ["Carla Dias", "Beatriz Monteiro"]


async def test_a_discarded_draft_leaves_the_live_rules(carla: Browser):
    await publish(carla, INVOICES)
    draft = (await save(carla, REST))["draft"]
    assert (await carla.delete(f"/api/routing/draft?revision={draft['revision'] - 1}")).status == 409
    assert (await carla.delete(f"/api/routing/draft?revision={draft['revision']}")).status == 204
    shown = await routing(carla)
    assert (shown["draft"], shown["live"]["rules"]) == (None, [INVOICES])


async def test_every_screen_hears_of_a_new_version_and_every_process_decides_by_it(counter: Counter, carla: Browser):
    screen = await (await counter.browser("admin")).live()
    await screen.next("hello")
    before = counter.house.directory.book.routing.revision
    await publish(carla, INVOICES)
    assert counter.house.directory.book.routing.revision > before
    assert counter.house.directory.rule_name("invoices") == "Invoices"


async def test_settings_are_changed_within_their_limits(counter: Counter, carla: Browser):
    answer = await carla.patch("/api/routing/settings", idle_s=300, ask_again_s=0, weights={"email": 3})
    told = await answer.json()
    assert (told["idle_s"], told["ask_again_s"]) == (300, 0)
    weights = counter.house.directory.book.routing.weights
    assert (weights["email"], weights["widget"]) == (3, 2)
    for wrong in ({"flood": -1}, {"weights": {"email": 1000}}, {"weights": {"pigeon": 1}}, {"hours": "none"}):
        answer = await carla.patch("/api/routing/settings", **wrong)
        assert (answer.status, len((await answer.json())["fields"])) == (422, 1), wrong


async def test_the_rules_go_out_as_a_file_and_come_back_as_they_were(carla: Browser):
    await publish(carla, INVOICES, REST)
    answer = await carla.get("/api/routing/file")
    assert "rules-1.toml" in answer.headers["Content-Disposition"]
    back = await (await carla.post("/api/routing/file", toml=await answer.text())).json()
    assert (back["draft"]["rules"], back["faults"]) == ([INVOICES, REST], [])
    assert "rules-draft.toml" in (await carla.get("/api/routing/file?rules=draft")).headers["Content-Disposition"]


async def test_a_file_that_cannot_be_read_is_told_its_line_and_makes_no_draft(carla: Browser):
    found = await (await carla.post("/api/routing/file", toml='[[rule]]\nname = "A"\nthen = nothing\n')).json()
    (fault,) = found["faults"]
    assert (fault["code"], fault["params"]["line"], fault["rule"]) == ("bad_toml", 3, None)
    assert (found["draft"], (await routing(carla))["draft"]) == (None, None)


async def test_a_file_does_not_replace_a_draft_that_was_not_seen(carla: Browser):
    draft = (await save(carla, INVOICES))["draft"]
    toml = '[[rule]]\nname = "A"\n[rule.then]\npriority = 3\n'
    assert (await carla.post("/api/routing/file", toml=toml)).status == 409
    taken = await (await carla.post("/api/routing/file", toml=toml, revision=draft["revision"])).json()
    assert [rule["id"] for rule in taken["draft"]["rules"]] == ["a"]


HOSTILE = [
    {"rules": None, "revision": None},
    {"rules": ["a rule"], "revision": None},
    {"rules": [{"name": "x"}], "revision": "1"},
    {"rules": [{"name": "x", "then": {"priority": 2**70}}], "revision": None},
    {"rules": [{"name": "x", "then": {"$where": "1"}}], "revision": None},
    {"rules": [{"name": "x", "": 1}], "revision": None},
    {"rules": [{"name": "x", "a\x00b": 1}], "revision": None},
    {"rules": [{"name": "\ud800"}], "revision": None},
    {"rules": [{"name": "x"}] * 501, "revision": None},
    {"rules": [], "revision": None, "more": 1},
]


@pytest.fixture
async def leader(counter_all_day: Counter) -> Browser:
    """For what is kept nowhere: the company is the same for all of these."""
    return await counter_all_day.browser("carla")


async def test_what_is_no_list_of_rules_is_refused_and_kept_nowhere(leader: Browser):
    for body in HOSTILE:
        answer = await leader.put("/api/routing/draft", **body)
        assert answer.status == 422, (body, await answer.text())
    assert (await routing(leader))["draft"] is None


async def test_numbers_that_json_does_not_have_are_refused(leader: Browser):
    headers = {**OURS, "Content-Type": "application/json"}
    for number in ("NaN", "Infinity", "1e999"):
        raw = '{"rules": [{"name": "x", "then": {"priority": NUMBER}}], "revision": null}'.replace("NUMBER", number)
        answer = await leader.client.put("/api/routing/draft", data=raw, headers=headers)
        assert answer.status in (400, 422), await answer.text()
    assert (await routing(leader))["draft"] is None


async def test_a_body_that_is_too_large_is_refused(leader: Browser):
    rules = [{"name": "x" * 10_000, "then": {}}] * 120
    assert (await leader.put("/api/routing/draft", rules=rules, revision=None)).status == 413


async def test_whatever_else_is_in_a_rule_is_kept_and_told_as_its_fault(carla: Browser):
    odd = [{}, {"name": 5}, {"id": [1]}, {"when": "now"}, {"then": [["a"]]}, {"x.y": {"z": None}}]
    saved = await save(carla, *odd)
    assert {each["rule"] for each in saved["faults"]} == set(range(len(odd)))
    assert [{**kept, "id": None} for kept in saved["draft"]["rules"]] == [{**rule, "id": None} for rule in odd]

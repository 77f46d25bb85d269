"""Rules as a whole: what comes is never trusted, what is wrong has its place, and order counts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model import Relax
from hub.routing.actions import Hold, Sticky, compile_then
from hub.routing.facts import Facts
from hub.routing.faults import BadRules, Place
from hub.routing.fields import FIELDS, Op
from hub.routing.rules import NEAR_MOST, RULES_MOST, Known, check, compile_rules

LOCALES = Path(__file__).parent.parent.parent / "hub" / "web" / "static" / "locales"
ALWAYS = {"id": "all", "name": "All", "then": {}}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=5), each, max_size=4),
    max_leaves=12,
)
conditions = st.recursive(
    st.fixed_dictionaries(
        {
            "field": st.sampled_from([*FIELDS, "attribute:x", "hours:y"]) | plain,
            "op": st.sampled_from([str(op) for op in Op]) | plain,
            "value": plain | st.lists(st.text(), max_size=3),
        }
    )
    | plain,
    lambda each: st.dictionaries(
        st.sampled_from(["all", "any", "none"]), st.lists(each, max_size=3) | plain, max_size=2
    ),
    max_leaves=8,
)
ACTIONS = ["require", "prefer", "priority", "team", "weight", "sticky", "relax", "tag", "answer", "hold"]
steps = st.dictionaries(st.sampled_from(["after_s", "drop", "lower", "team", "anybody"]), plain, max_size=3)
rules = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "name", "enabled", "when", "then", "stop"]),
        plain
        | conditions
        | st.dictionaries(st.sampled_from(ACTIONS), plain | st.lists(steps, max_size=3) | st.just(["a:1"])),
    )
    | plain,
    max_size=4,
)


def codes(found: Any) -> list[tuple[int, str, str]]:
    return [(fault.rule, fault.path, fault.code) for fault in found]


steady = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@steady
@given(plain | rules)
def test_whatever_comes_gives_faults_and_never_an_exception(raw: Any) -> None:
    faults, warnings = check(raw, Known(skills={"billing": "Billing"}, teams={}, hours={}, agents={}))
    if not faults:
        compile_rules(raw).matching(Facts(text="a b", attributes={"x": [1, "a", None, {}]}))
    assert all(fault.message and fault.code for fault in (*faults, *warnings))
    json.dumps([fault.params for fault in faults])


@steady
@given(plain)
def test_whatever_an_attribute_holds_rules_can_be_asked(value: Any) -> None:
    asked = [("is", "x"), ("is", 1), ("in", ["x", True]), ("contains", "x"), ("mentions", "x y"), ("matches", "x+")]
    asked += [("greater", 1), ("less", 1.5), ("between", [0, 1]), ("exists", True), ("is_not", False)]  # type: ignore[list-item]
    every = [
        {"id": str(n), "name": "Any", "when": {"field": "attribute:x", "op": op, "value": each}}
        for n, (op, each) in enumerate(asked)
    ]
    compile_rules(every).matching(Facts(attributes={"x": value}))


def test_every_fault_has_words_in_both_languages() -> None:
    folder = Path(compile_rules.__code__.co_filename).parent
    text = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    told = set(re.findall(r'fault\(\s*"(\w+)"', text)) | {f"unknown_{what}" for what in UNKNOWN}
    assert len(told) > 25
    for language in ("en", "pt-BR"):
        words = json.loads((LOCALES / f"{language}.json").read_text("utf-8"))
        assert [code for code in sorted(told) if f"fault.{code}" not in words] == []


UNKNOWN = ("key", "field", "operator", "value", "skill", "team", "hours", "agent")


def test_rules_with_faults_do_not_compile() -> None:
    with pytest.raises(BadRules) as caught:
        compile_rules([ALWAYS, {"id": "b", "name": "B", "then": {"priority": 10}}])
    assert codes(caught.value.found) == [(1, "then.priority", "not_in_range")]
    assert caught.value.faults[0].field == "rules.1.then.priority"


def test_ids_are_needed_and_differ() -> None:
    faults, _ = check([ALWAYS, ALWAYS, {"name": "No id"}], Known())
    assert codes(faults) == [(2, "id", "missing"), (1, "id", "same_id")]


def test_there_are_five_hundred_rules_at_most() -> None:
    faults, _ = check([ALWAYS] * (RULES_MOST + 1), Known())
    assert codes(faults) == [(-1, "", "too_many")]


def test_the_patterns_of_all_rules_together_have_a_limit_too() -> None:
    """Each of these is within what one rule may cost."""
    large = {"field": "text", "op": "matches", "value": "a.{64}b"}
    rules = [{"id": f"r{n}", "name": "Large", "when": large, "then": {"tag": ["x"]}} for n in range(25)]
    faults, _ = check(rules, Known())
    ((index, path, code),) = codes(faults)
    assert (path, code) == ("when", "patterns_too_many")
    assert check(rules[:index], Known())[0] == []
    assert check([*rules[:index], {**rules[index], "enabled": False}], Known())[0] == []
    assert len(compile_rules(rules).every) == len(rules)  # what is live stays live


def test_unknown_names_are_warned_of_with_what_may_be_meant() -> None:
    known = Known(skills={"billing": "Billing"}, teams={"t1": "Night desk"}, hours={}, agents={"ana": "Ana"})
    then = {"require": ["biling:2"], "team": "night-desk", "sticky": {"agent": "anna"}, "hold": {"hours": "night"}}
    faults, warnings = check([{"id": "a", "name": "A", "then": then}], known)
    assert faults == []
    assert [(each.path, each.code, each.params.get("near")) for each in warnings] == [
        ("then.require", "unknown_skill", "billing"),
        ("then.team", "unknown_team", "t1"),
        ("then.sticky.agent", "unknown_agent", "ana"),
        ("then.hold.hours", "unknown_hours", None),
    ]


def test_what_nobody_knows_is_not_warned_of() -> None:
    assert check([{"id": "a", "name": "A", "then": {"require": ["x:1"], "team": "y"}}], Known()) == ([], [])


def test_of_very_many_unknown_names_the_first_are_told_what_may_be_meant() -> None:
    rules = [{"id": f"r{n}", "name": "R", "then": {"require": [f"billin{n}", "biling"]}} for n in range(2 * NEAR_MOST)]
    _, warnings = check(rules, Known(skills={"billing": "Billing"}))
    near = [warning.params["got"] for warning in warnings if "near" in warning.params]
    assert (len(warnings), len(set(near)), near.count("biling")) == (4 * NEAR_MOST, NEAR_MOST, 2 * NEAR_MOST)


def test_a_rule_that_is_never_reached_is_warned_of() -> None:
    off = {"id": "off", "name": "Off", "enabled": False}
    _, warnings = check([ALWAYS | {"stop": True}, off, {"id": "b", "name": "B"}], Known())
    assert codes(warnings) == [(2, "", "never_reached")]


def test_all_that_hold_count_up_to_one_that_stops() -> None:
    def rule(id: str, language: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "name": id, "when": {"field": "language", "op": "is", "value": language}, **more}

    every = [
        rule("a", "pt"),
        rule("b", "es"),
        rule("off", "pt", enabled=False),
        rule("c", "pt", stop=True),
        rule("d", "pt"),
    ]
    matched = compile_rules(every).matching(Facts(language="pt"))
    assert [each.id for each in matched] == ["a", "c"]


def test_rules_say_what_they_ask_for_and_what_they_name() -> None:
    when = {"any": [{"field": "attribute:tier", "op": "exists"}, {"field": "hours:night", "op": "is", "value": "open"}]}
    compiled = compile_rules([{"id": "a", "name": "A", "when": when, "then": {"team": "care", "prefer": "x"}}])
    assert compiled.fields == {"attribute:tier", "hours:night"}
    named = [("hours", "night"), ("team", "care"), ("skill", "x"), ("team", "x")]
    assert [bool(compiled.naming(*each)) for each in named] == [True, True, True, False]


def test_actions_are_read_in_every_shape_they_may_have() -> None:
    faults: list[Any] = []
    then = compile_then(
        {
            "require": ["billing:2", "billing:3", "refunds"],
            "sticky": True,
            "relax": [
                {"after_s": 9, "lower": "billing:1"},
                {"after_s": 1, "drop": "refunds"},
                {"after_s": 20, "anybody": True},
            ],
            "tag": "gold",
            "answer": "Hi",
            "hold": "until open",
        },
        Place(faults),
    )
    assert (faults, then.require, then.sticky, then.tag) == ([], {"billing": 3, "refunds": 1}, Sticky(), ("gold",))
    assert (then.answer, then.hold, compile_then({"hold": {"hours": "x"}}, Place([])).hold) == (
        {"": "Hi"},
        Hold(),
        Hold("x"),
    )
    assert then.relax == (Relax(1, drop="refunds"), Relax(9, lower="billing", level=1), Relax(20, anybody=True))


@pytest.mark.parametrize(
    ("then", "fault"),
    [
        ({"require": ["billing:6"]}, ("require.0", "not_a_skill")),
        ({"prefer": []}, ("prefer", "missing")),
        ({"priority": True}, ("priority", "not_in_range")),
        ({"weight": 101}, ("weight", "not_in_range")),
        ({"sticky": {"wait": 5}}, ("sticky.wait", "unknown_key")),
        ({"relax": [{"after_s": 5}]}, ("relax.0", "one_way")),
        ({"relax": [{"after_s": 5, "drop": "a", "team": "b"}]}, ("relax.0", "one_way")),
        ({"relax": [{"after_s": -1, "anybody": True}]}, ("relax.0.after_s", "not_in_range")),
        ({"relax": [{"after_s": 1, "anybody": False}]}, ("relax.0.anybody", "only_true")),
        ({"relax": [{"after_s": 1, "lower": "billing"}]}, ("relax.0.lower", "not_a_skill")),
        ({"answer": {"english": "Hi"}}, ("answer.english", "not_a_language")),
        ({"answer": {}}, ("answer", "missing")),
        ({"answer": "x" * 4001}, ("answer", "too_long")),
        ({"hold": "forever"}, ("hold", "unknown_value")),
        ({"team": ["a"]}, ("team", "not_text")),
    ],
)
def test_a_fault_in_an_action_has_its_place(then: Any, fault: tuple[str, str]) -> None:
    faults: list[Any] = []
    compile_then(then, Place(faults))
    assert fault in [(each.path, each.code) for each in faults]

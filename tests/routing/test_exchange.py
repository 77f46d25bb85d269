"""Rules as a file: read back as they were written, and what cannot be read has its line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.routing.exchange import from_toml, to_toml
from hub.routing.rules import Known, check

EXAMPLE = Path(__file__).parent.parent.parent / "config" / "routing.example.toml"

text = st.text(st.characters(exclude_categories=["Cs"]))
value = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(text, each, max_size=4),
    max_leaves=12,
)
rule = st.fixed_dictionaries(
    {"id": text.filter(bool), "name": text},
    optional={"enabled": st.booleans(), "stop": st.booleans(), "when": value, "then": value, "more": value},
)

steady = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@steady
@given(st.lists(rule, max_size=3))
def test_what_is_written_is_read_back_the_same(rules: list[dict[str, Any]]) -> None:
    assert from_toml(to_toml(rules)) == (rules, [])


@steady
@given(st.text())
def test_any_file_is_read_or_refused_in_words(file: str) -> None:
    rules, faults = from_toml(file)
    assert isinstance(rules, list)
    assert all(fault.message for fault in faults)


def test_the_example_has_no_faults_and_comes_back_the_same() -> None:
    rules, faults = from_toml(EXAMPLE.read_text("utf-8"))
    assert (len(rules), faults, check(rules, Known())) == (5, [], ([], []))
    assert from_toml(to_toml(rules)) == (rules, [])


def test_what_is_written_reads_like_the_example() -> None:
    when = {
        "all": [
            {"field": "text", "op": "mentions", "value": ["boleto"]},
            {"field": "language", "op": "is", "value": "pt"},
        ]
    }
    written = to_toml([{"id": "a", "name": "Ação", "when": when, "then": {"require": ["billing:2"], "priority": 6}}])
    assert written == (
        '[[rule]]\nid = "a"\nname = "Ação"\n'
        'when = { all = [\n  { field = "text", op = "mentions", value = ["boleto"] },\n'
        '  { field = "language", op = "is", value = "pt" },\n] }\n\n'
        '[rule.then]\nrequire = ["billing:2"]\npriority = 6\n'
    )


def test_rules_without_an_id_get_one_of_their_name() -> None:
    rules, _ = from_toml('[[rule]]\nname = "Ação!"\n[[rule]]\nname = "Ação!"\n[[rule]]\nid = "x"\n[[rule]]')
    assert [each["id"] for each in rules] == ["acao", "acao-2", "x", "rule"]


def test_a_syntax_error_has_its_line() -> None:
    _, faults = from_toml('[[rule]]\nname = "a"\nthen = \n')
    assert [(each.code, each.params["line"]) for each in faults] == [("bad_toml", 3)]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("then = nothing", "value"),
        ('name = "a"', "twice"),
        ("[rule]", "twice"),
        ('tag = "open', "text"),
        ('tag = "a\\d"', "text"),
        ("then = { tag = 1", "bracket"),
        ("then = [1, 2", "bracket"),
        ("[rule.then", "bracket"),
        ("then", "equals"),
        ("= 1", "name"),
        ("stop = true false", "rest"),
        ("name2 = \x01", "value"),
    ],
)
def test_a_syntax_error_is_of_a_kind_and_shows_its_line(line: str, what: str) -> None:
    (fault,) = from_toml(f'[[rule]]\nname = "a"\n{line}\n\n')[1]
    assert (fault.code, fault.params["line"], fault.params["what"]) == ("bad_toml", 3, what)
    assert fault.params["text"] == line.replace("\x01", "\N{REPLACEMENT CHARACTER}")


@pytest.mark.parametrize(
    "file",
    [
        "x = " + "[" * 5_000,
        "x = " + "9" * 5_000,
        ".".join("a" * 5_000) + " = 1",
        "#" * 1_000_001,
        "[[rule]]\nname = '\x00'",
    ],
)
def test_a_hostile_file_is_refused(file: str) -> None:
    rules, faults = from_toml(file)
    assert (rules, len(faults)) == ([], 1)


@pytest.mark.parametrize(
    ("file", "code"), [("rules = 1", "unknown_key"), ("rule = 1", "not_a_list"), ("rule = [1]", "not_a_list")]
)
def test_a_file_that_is_not_of_rules_is_refused(file: str, code: str) -> None:
    assert [each.code for each in from_toml(file)[1]] == [code]


def test_what_only_toml_has_becomes_what_can_be_stored() -> None:
    file = "[[rule]]\nname = 2026-11-22\nstop = nan\nthen = { priority = 99999999999999999999 }"
    rules, _ = from_toml(file)
    assert rules == [{"id": "2026-11-22", "name": "2026-11-22", "stop": "nan", "then": {"priority": hex(10**20 - 1)}}]
    assert len(check(rules, Known())[0]) == 2

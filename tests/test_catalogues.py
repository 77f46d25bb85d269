"""The page's words: both languages say the same things, and nothing is asked for that they do not have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "hub" / "web" / "static"
LANGUAGES = ("en", "pt-BR")

# What the hub refuses with, and what the page says by itself (network, interrupted, unknown).
PROBLEMS = """
unauthenticated forbidden cross_site not_found invalid too_large too_many store_away overloaded wrong_credentials
bad_setup_token already_set_up password_too_short email_taken answered_meanwhile already_sent taken_meanwhile
newer_conversation still_not_readable cannot_answer empty_message offer_gone only_away bad_reason
bad_until draft_changed draft_gone live_changed nothing_changed already_live rules_faulty bad_rules too_many_rules
odd_value network interrupted unknown
"""

# What is wrong with rules, besides what their sources name: these codes are put together there.
FAULTS = """
unknown_operator unknown_skill unknown_team unknown_hours unknown_agent never_reached out_of_range not_one_of
"""

Words = str | dict[str, str]


def catalogue(language: str) -> dict[str, Words]:
    return dict(json.loads((STATIC / "locales" / f"{language}.json").read_text("utf-8")))


def forms(words: Words) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def params(words: Words) -> set[str]:
    return {name for form in forms(words) for name in re.findall(r"\{(\w+)\}", form)}


def scripts() -> Iterator[Path]:
    for folder in (".", "models", "components", "screens"):
        yield from (STATIC / folder).glob("*.js")


def asked_for() -> set[str]:
    """Keys that stand as plain words in a call of `t` or `tx`."""
    text = "\n".join(path.read_text("utf-8") for path in scripts())
    return set(re.findall(r'\btx?\(\s*"([a-z][\w.]*)"', text))


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(catalogue("en")) == list(catalogue("pt-BR"))


def test_both_languages_fill_in_the_same_params() -> None:
    english, portuguese = (catalogue(language) for language in LANGUAGES)
    assert {k: params(w) for k, w in english.items()} == {k: params(w) for k, w in portuguese.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_empty_or_frayed(language: str) -> None:
    frayed = [k for k, words in catalogue(language).items() if any(f != f.strip() or not f for f in forms(words))]
    assert frayed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_one_and_other(language: str) -> None:
    plurals = {k: set(words) for k, words in catalogue(language).items() if isinstance(words, dict)}
    assert plurals
    assert {k: kinds for k, kinds in plurals.items() if kinds != {"one", "other"}} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_words(language: str) -> None:
    words = catalogue(language)
    assert [code for code in PROBLEMS.split() if f"problem.{code}" not in words] == []


def faults() -> set[str]:
    """Codes that stand as plain words where rules are read."""
    sources = "\n".join(path.read_text("utf-8") for path in (STATIC.parent.parent / "routing").glob("*.py"))
    return {*re.findall(r'\.fault\(\s*"([a-z_]+)"', sources), *FAULTS.split()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_rule_has_words(language: str) -> None:
    assert len(faults()) > 30, "the calls of fault() were not found"
    assert [code for code in sorted(faults()) if f"fault.{code}" not in catalogue(language)] == []


def test_every_word_the_page_asks_for_is_there() -> None:
    wanted = asked_for()
    assert len(wanted) > 150, "the calls of t() were not found"
    assert sorted(wanted - set(catalogue("en"))) == []

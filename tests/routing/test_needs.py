"""What a conversation asks for: the settings, and what the rules add to them in order."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.model import Hours, Relax, Routing, Team
from hub.routing.book import Book
from hub.routing.facts import Facts
from hub.routing.needs import Answer, Applied, needs_of
from hub.routing.rules import compile_rules

MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)
CARE = Team("care", "Care", weights={"email": 3}, hours="late")


def applied(*then: dict[str, Any], facts: Facts | None = None, kind: str = "widget", **settings: Any) -> Applied:
    rules = compile_rules([{"id": f"r{n}", "name": "Rule", "then": each} for n, each in enumerate(then)])
    book = Book(Routing(**settings), rules, {"care": CARE}, {}, {"late": Hours("late", "Late", "UTC")})
    return needs_of(book, facts or Facts(), kind)


def test_without_rules_the_settings_hold() -> None:
    needs = applied(priority=4).needs
    assert (needs.priority, needs.weight, needs.teams, needs.agent, needs.hold) == (4, 2, (), None, False)


def test_skills_add_up_to_the_higher_level() -> None:
    needs = applied({"require": ["a:3", "b:1"], "prefer": ["c:2"]}, {"require": ["a:2"], "prefer": ["c:4"]}).needs
    assert (needs.require, needs.prefer, needs.rules) == ({"a": 3, "b": 1}, {"c": 4}, ("r0", "r1"))


def test_the_later_word_counts() -> None:
    needs = applied({"priority": 9, "weight": 5, "team": "x"}, {"priority": 0, "weight": 0}, {"team": "care"}).needs
    assert (needs.priority, needs.weight, needs.teams) == (0, 0, ("care",))


@pytest.mark.parametrize(("then", "weight"), [({}, 1), ({"team": "care"}, 3), ({"team": "care", "weight": 7}, 7)])
def test_a_weight_is_the_rules_else_the_teams_else_the_companys(then: dict[str, Any], weight: int) -> None:
    assert applied(then, kind="email").needs.weight == weight


@pytest.mark.parametrize(
    ("then", "first"),
    [
        ({}, ("ana", 0)),
        ({"sticky": True}, ("ana", 90)),
        ({"sticky": {"wait_s": 20}}, ("ana", 20)),
        ({"sticky": {"wait_s": 0}}, ("ana", 0)),
        ({"sticky": {"agent": "rui"}}, ("rui", 90)),
        ({"sticky": False}, (None, 0)),
    ],
)
def test_the_last_agent_goes_first_and_is_waited_for_when_a_rule_says_so(then: Any, first: tuple[str, int]) -> None:
    needs = applied(then, facts=Facts(previous_agent="ana")).needs
    assert (needs.agent, needs.wait_s) == first


def test_nobody_is_waited_for_who_never_was() -> None:
    needs = applied({"sticky": True}).needs
    assert (needs.agent, needs.wait_s) == (None, 0)


def test_steps_of_all_rules_stand_in_the_order_of_their_time() -> None:
    needs = applied({"relax": [{"after_s": 60, "anybody": True}]}, {"relax": [{"after_s": 9, "drop": "a"}]}).needs
    assert needs.relax == (Relax(9, drop="a"), Relax(60, anybody=True))


@pytest.mark.parametrize(
    ("then", "hours"),
    [
        ({"hold": "until open"}, ""),
        ({"hold": {"hours": "shop"}}, "shop"),
        ({"hold": "until open", "team": "care"}, "late"),
        ({"hold": {"hours": "shop"}, "team": "care"}, "shop"),
    ],
)
def test_it_is_held_while_its_hours_are_closed(then: dict[str, Any], hours: str) -> None:
    closed = applied(then, facts=Facts(open={hours: False}, open_at={hours: MORNING})).needs
    opened = applied(then, facts=Facts(open={hours: True}, open_at={hours: MORNING})).needs
    assert (closed.hold, closed.open_at, opened.hold, opened.open_at) == (True, MORNING, False, None)


def test_hours_that_nobody_set_hold_nothing() -> None:
    assert not applied({"hold": "until open"}).needs.hold


def test_tags_and_answers_are_gathered() -> None:
    found = applied({"tag": ["a", "b"], "answer": "Hi"}, {"tag": "a", "answer": {"pt-BR": "Oi"}}, {"priority": 1})
    assert (found.tags, found.answers) == (("a", "b"), (Answer("r0", {"": "Hi"}), Answer("r1", {"pt-BR": "Oi"})))
    assert found.matched == ("r0", "r1", "r2")


@pytest.mark.parametrize(
    ("language", "otherwise", "text"),
    [("pt", "en", "Oi"), ("es", "en", "Hi"), (None, "pt-BR", "Oi"), ("fr", "de", "Hi"), ("en", "pt-BR", "Hi")],
)
def test_an_answer_is_in_the_customers_language_else_in_the_companys(
    language: str | None, otherwise: str, text: str
) -> None:
    assert Answer("r", {"en": "Hi", "pt-BR": "Oi"}).text(language, otherwise) == text

"""The language of a line of chat, on lines written before anything was measured on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.routing.language import _TELLING, language_of

LINES = Path(__file__).parent / "lines"
ASKED = ("pt", "es", "en")


def lines() -> Iterator[tuple[str | None, str]]:
    for language in ASKED:
        yield from ((language, line) for line in (LINES / f"{language}.txt").read_text("utf-8").splitlines())


def others() -> list[str]:
    return [line.partition(" ")[2] for line in (LINES / "others.txt").read_text("utf-8").splitlines()]


def test_there_are_three_hundred_lines_of_each() -> None:
    told = list(lines())
    assert all(sum(language == each for language, _ in told) >= 300 for each in ASKED)
    assert [line for _, line in told if not 5 <= len(line) <= 60] == []
    assert len(others()) >= 60


def test_most_lines_are_answered_and_hardly_any_wrongly() -> None:
    told = [(language, language_of(line)) for language, line in lines()]
    strangers = [language_of(line) for line in others()]
    answered = sum(answer is not None for _, answer in told)
    right = sum(language == answer for language, answer in told)
    wrong = answered - right + sum(answer is not None for answer in strangers)
    print(
        f"answered {answered / len(told):.1%} of {len(told)} lines; right {right / (right + wrong):.1%} of the answers"
    )
    assert answered / len(told) >= 0.70
    assert right / (right + wrong) >= 0.97


@pytest.mark.parametrize("language", ASKED)
def test_no_language_is_left_behind(language: str) -> None:
    answers = [language_of(line) for each, line in lines() if each == language]
    assert sum(answer is not None for answer in answers) / len(answers) >= 0.70
    assert sum(answer == language for answer in answers) / sum(answer is not None for answer in answers) >= 0.97


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oi, bom dia", "pt"),
        ("hola buenas tardes", "es"),
        ("hello?", "en"),
        ("OBRIGADA", "pt"),
        ("obrigado, pedido 48213 https://www.example.com/order?id=9", "pt"),
        ("", None),
        ("48213", None),
        ("👍👍", None),
        ("\ud800", None),
        ("someone@shop.example", None),
        ("Guten Tag, wo ist meine Bestellung?", None),
    ],
)
def test_greetings_are_known_and_what_says_nothing_is_not(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_telling_word_belongs_to_one_language_alone() -> None:
    pt, es, en = (_TELLING[each] for each in ASKED)
    assert pt & es == pt & en == es & en == frozenset()

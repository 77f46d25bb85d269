"""Words are the same whatever their case, accents and punctuation."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.routing.fold import fold, phrases, words


@pytest.mark.parametrize("text", ["Devolução", "DEVOLUCAO", "devoluça\u0303o", "devolução"])
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert fold(text) == "devolucao"


def test_vowel_signs_of_other_scripts_stay() -> None:
    assert fold("कि") != fold("का")


def test_whatever_stands_between_words_is_not_looked_at() -> None:
    assert words(fold("Nota-fiscal, (2ª)  VIA_já!")) == ["nota", "fiscal", "2a", "via", "ja"]


def test_phrases_are_whole_words_in_order() -> None:
    assert phrases("a nota fiscal", 2) == {"a nota", "nota fiscal"}
    assert phrases("a nota", 3) == set()


steady = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@steady
@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)

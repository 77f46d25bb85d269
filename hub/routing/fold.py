"""Texts as rules compare them: without regard to case and accents, and for `mentions` without punctuation."""

import re
from unicodedata import normalize

# Of the Latin, Greek and Cyrillic scripts. The marks of other scripts are vowels, and stay.
_MARKS = re.compile("[\u0300-\u036f]+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """`Devolução` and `DEVOLUCAO` become the same."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", normalize("NFKD", text)).casefold()


def words(text: str) -> str:
    """The folded words with one space before, between and after them: ` nota fiscal ` is a phrase of
    ` a nota fiscal chegou `, whatever stood between the words. Empty when there are none."""
    told = _BETWEEN_WORDS.sub(" ", fold(text)).strip()
    return f" {told} " if told else ""

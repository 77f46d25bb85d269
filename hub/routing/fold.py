"""Texts as rules compare them: without regard to case and accents, and for `mentions` without punctuation."""

import re
from collections.abc import Set
from unicodedata import normalize

# Of the Latin, Greek and Cyrillic scripts. The marks of other scripts are vowels, and stay.
_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`Devolução` and `DEVOLUCAO` become the same."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", normalize("NFKD", text)).casefold()


def words(text: str) -> list[str]:
    """Of a folded text, in order; what stands between them is not looked at."""
    return _WORD.findall(text)


def phrases(text: str, length: int) -> Set[str]:
    """Every run of so many words in a folded text, with one space between them: of 2 in `a nota fiscal` there are
    `a nota` and `nota fiscal`."""
    found = words(text)
    if length == 1:
        return frozenset(found)
    return {" ".join(run) for run in zip(*(found[start:] for start in range(length)), strict=False)}

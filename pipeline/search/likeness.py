"""How much of a headline somebody remembers stands in another: for a guess, not to call two the same."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

#: of what was asked for, by weight, so much must be there for a headline to be told as a guess
NEARLY = 0.6
#: a word that is spelt nearly so counts so much of one that is there, from this likeness on
_MISSPELT, _ALIKE = 0.8, 0.75
#: letters from which a word can be misspelt, and from which one weighs no more
_LEAST, _HEAVY = 4, 8


def likeness(asked: Iterable[str], said: Iterable[str]) -> float:
    """The share of some words that others have, 0 to 1; long words weigh more. As `words` gives them."""
    there = set(said)
    wanted = set(asked)
    whole = sum(map(_weight, wanted))
    found = sum(_weight(word) * (1.0 if word in there else _nearly(word, there)) for word in wanted)
    return found / whole if whole else 0.0


def _weight(word: str) -> int:
    return min(len(word), _HEAVY)


def _nearly(word: str, there: set[str]) -> float:
    if len(word) < _LEAST:
        return 0.0
    matcher = SequenceMatcher(None, "", word)
    for other in there:
        if len(other) < _LEAST or other[0] != word[0]:
            continue
        matcher.set_seq1(other)
        # The two cheap bounds first: the real one costs their squares.
        if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= _ALIKE and matcher.ratio() >= _ALIKE:
            return _MISSPELT
    return 0.0


__all__ = ["NEARLY", "likeness"]

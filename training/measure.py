"""How good a text is beside the true one: overlap of words, and of snippets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

#: A word; in scripts written without spaces (Thai, Lao, Burmese, Khmer, kana, ideographs) each
#: character stands for one, or a whole sentence would be a single word.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
    r"|(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[\U00020000-\U0003134f])\w)+"
)


class Score(NamedTuple):
    """All from 0 to 1."""

    precision: float
    recall: float
    f1: float


def words(text: str) -> list[str]:
    """The words of a text in order, case folded, without punctuation."""
    return _WORD.findall(text.casefold())


def word_score(text: str, truth: str) -> Score:
    """Overlap of two texts as bags of words, each word as often as it occurs. Two empty texts agree."""
    found, wanted = Counter(words(text)), Counter(words(truth))
    if not found and not wanted:
        return Score(1.0, 1.0, 1.0)
    return score((found & wanted).total(), found.total(), wanted.total())


def score(right: float, found: float, wanted: float) -> Score:
    """Precision, recall and their harmonic mean; 0 where there is nothing to divide by."""
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


class Snippets(NamedTuple):
    """Counts over snippets that a text must hold (found, missed) and must not hold (leaked, kept out)."""

    found: int = 0
    missed: int = 0
    leaked: int = 0
    kept_out: int = 0

    def __add__(self, other: object) -> Snippets:
        if not isinstance(other, Snippets):
            return NotImplemented
        return Snippets(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def score(self) -> Score:
        """Over all snippets together, as trafilatura's own evaluation counts."""
        return score(self.found, self.found + self.leaked, self.found + self.missed)


def snippets(text: str, wanted: Iterable[str], unwanted: Iterable[str]) -> Snippets:
    """Which snippets a text holds. White space does not count: cleaners wrap and join lines as they like."""
    whole = " ".join(text.split())
    found = [" ".join(one.split()) in whole for one in wanted if one.strip()]
    leaked = [" ".join(one.split()) in whole for one in unwanted if one.strip()]
    return Snippets(sum(found), len(found) - sum(found), sum(leaked), len(leaked) - sum(leaked))

"""Where a text answers a query: the passage with most of its words, and their places in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.model import Value
from pipeline.search.query import Query
from pipeline.search.words import words

#: characters of a passage
LENGTH = 200
#: characters of a text that are looked at: a passage is a courtesy, and texts may be megabytes
LOOKED_AT = 100_000
#: what `pipeline.search.words` may make words of: letters with what sits on them
_RUN = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff])*"
)


class Snippet(Value, frozen=True, kw_only=True):
    """A passage, and (start, end) of what was found in it, in order and apart."""

    text: str
    found: tuple[tuple[int, int], ...] = ()


def snippet(text: str, query: Query, length: int = LENGTH) -> Snippet:
    """The passage of a text that answers best; its beginning where nothing does.

    Looks at the words only: those of a phrase are shown wherever they stand.
    """
    text = text[:LOOKED_AT]
    exact = frozenset(word for group in query.groups for one in group for word in one.words)
    begun = tuple(one.words[-1] for group in query.groups for one in group if one.prefix)
    hits = _hits(text, exact, begun) if exact else []
    start = _best(hits, length)
    start, end = _whole_words(text, start, length)
    passage = text[start:end]
    found = tuple((a - start, b - start) for a, b, _ in hits if a >= start and b <= end)
    shift = 0
    if start > 0:
        passage, shift = "…" + passage, 1
    if end < len(text):
        passage += "…"
    flat = re.sub(r"\s", " ", passage)
    return Snippet(text=flat, found=tuple((a + shift, b + shift) for a, b in found))


def highlights(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """(start, end) of what a query asks for in a whole text, such as a title."""
    return snippet(text, query, length=len(text) + 1).found


def _hits(text: str, exact: frozenset[str], begun: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, word) of what is asked for."""
    hits: list[tuple[int, int, str]] = []
    for run in _RUN.finditer(text):
        said = _folded(run[0])
        # A run of a script without spaces is many words: each is looked at where it stands.
        if len(said) == 1:
            word = said[0]
            if word in exact or (begun and word.startswith(tuple(begun))):
                hits.append((run.start(), run.end(), word))
        elif said:
            letters = ((run.start() + at, exact.intersection(_folded(one))) for at, one in enumerate(run[0]))
            hits += [(at, at + 1, min(found)) for at, found in letters if found]
    return hits


@lru_cache(20_000)
def _folded(run: str) -> tuple[str, ...]:
    return tuple(words(run))


def _best(hits: Sequence[tuple[int, int, str]], length: int) -> int:
    """Where the passage with most different words begins; the first of several."""
    best, start = 0, 0
    for number, (begin, _, _) in enumerate(hits):
        inside = [word for a, b, word in hits[number : number + 20] if b <= begin + length * 3 // 4]
        score = len(set(inside)) * 100 + len(inside)
        if score > best:
            best, start = score, begin
    return max(0, start - length // 4)


def _whole_words(text: str, start: int, length: int) -> tuple[int, int]:
    """Bounds of the passage, moved to blanks where there are some near."""
    end = min(len(text), start + length)
    if end == len(text):
        start = max(0, end - length)
    if start > 0:
        blank = text.find(" ", start, start + 30)
        start = blank + 1 if blank >= 0 else start
    if end < len(text):
        blank = text.rfind(" ", end - 30, end)
        end = blank if blank > start else end
    return start, end


__all__ = ["LENGTH", "Snippet", "highlights", "snippet"]

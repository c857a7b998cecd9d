"""Texts of all systems on a collection, scored beside the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from benchmarks.cleaning import ours
from benchmarks.cleaning.peers import Peer, text_of
from benchmarks.cleaning.texts import Texts
from training.corpora import FLATTENED, Labelled
from training.measure import Score, Snippets, snippets, word_score, words

#: collections whose truth is snippets; all others have a true text
BY_SNIPPETS = ("trafilatura", "trafilatura-realworld")
#: from this number of words on a line of plain text counts as prose
LONG_LINE = 10


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One system on one page: a score, or counts of snippets."""

    score: Score | None = None
    snippets: Snippets | None = None
    #: the text holds no word
    nothing: bool = False
    #: what the system raised; counted as an empty text
    error: str | None = None
    confidence: float | None = None

    @property
    def quality(self) -> float:
        """From 0 to 1: word F1, or the share of snippets that are rightly in or out."""
        if self.score is not None:
            return self.score.f1
        if self.snippets is None:
            return 0.0
        found, missed, leaked, kept_out = self.snippets
        return (found + kept_out) / (found + missed + leaked + kept_out)


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """One page with the marks of all systems, Feedmill's first."""

    corpus: str
    id: str
    domain: str
    type: str
    language: str | None
    marks: dict[str, Mark]


def true_text(page: Labelled) -> str:
    """The body as it should be; empty where the page has none, or where nobody looked."""
    truth = page.truth
    return truth.get("body") or (text_of(truth["body_html"]) if truth.get("body_html") else "")


def has_truth(page: Labelled) -> bool:
    """Whether there is anything to hold a text against."""
    if page.corpus in BY_SNIPPETS:
        return bool(page.truth.get("with") or page.truth.get("without"))
    return bool(words(true_text(page)))


def mark(page: Labelled, found: str, error: str | None = None, confidence: float | None = None) -> Mark:
    """A text beside the truth of its page."""
    score, counts = None, None
    if page.corpus in BY_SNIPPETS:
        counts = snippets(found, page.truth.get("with") or (), page.truth.get("without") or ())
    else:
        score = word_score(found, true_text(page))
    return Mark(score=score, snippets=counts, nothing=not words(found), error=error, confidence=confidence)


def everything(content: bytes, url: str | None) -> str:
    return content.decode()


def long_lines(content: bytes, url: str | None) -> str:
    return "\n".join(line for line in content.decode().splitlines() if len(line.split()) >= LONG_LINE)


#: what plain text is compared with: no extractor reads it
PLAIN = {
    "keep everything": Peer("keep everything", "feedmill", lambda: everything),
    "lines of 10 words": Peer("lines of 10 words", "feedmill", lambda: long_lines),
}


class Marker:
    """Marks the pages of one collection for Feedmill and its peers.

    ``cache`` is the folder that keeps the peers' texts; None makes them anew.
    """

    def __init__(
        self,
        corpus: str,
        keep: Callable[[Labelled], ours.Kept],
        peers: Mapping[str, Peer],
        cache: Path | None,
    ) -> None:
        self._keep = keep
        if corpus == FLATTENED:
            peers, cache = PLAIN, None
        self._texts = {name: Texts(cache, peer, corpus) for name, peer in peers.items()}

    def of(self, page: Labelled) -> Marked | None:
        """None where the page has no truth."""
        if not has_truth(page):
            return None
        own = self._keep(page)
        marks = {ours.NAME: mark(page, own.text, own.error, own.confidence)}
        for name, texts in self._texts.items():
            taken = texts.of(page)
            marks[name] = mark(page, taken.text, taken.error)
        return Marked(
            corpus=page.corpus,
            id=page.id,
            domain=page.domain,
            type=page.type,
            language=page.language,
            marks=marks,
        )

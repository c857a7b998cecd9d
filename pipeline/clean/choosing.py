"""Which pieces of a page are its article: the trained scorer, the cut, and what is known of the site."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pipeline.clean import hints, phrases
from pipeline.clean.boxes import Piece, Tree
from pipeline.clean.cut import cut
from pipeline.clean.memory import Kept, SiteMemory, fingerprint, repeated
from pipeline.clean.page_numbers import PageNumbers, number
from pipeline.clean.scorer import Scorer

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIXED = ("pre", "td", "th")
#: dividers ("* * *", "|") of pieces as short as this are no text
_DIVIDER = 60


class Choice:
    """A page's article."""

    def __init__(
        self, tree: Tree, chosen: list[int], confidence: float, families: list[int], good: int
    ) -> None:
        self.tree = tree
        #: positions of pieces, in order
        self.chosen = chosen
        #: expected word-F1, 0 to 1; of the best cut there is, where the page has no article
        self.confidence = confidence
        #: of each box, with those of the boxes around it; without those that the article itself is in
        self.families = families
        #: words of chosen pieces that look like running prose
        self.good_words = good

    def without_repeated(self, memory: SiteMemory, page_key: str) -> Choice:
        """The choice without what the site says on page after page; the memory learns from it."""
        pieces = [self.tree.pieces[at] for at in self.chosen]
        kept = [Kept(fingerprint(piece.text), piece.words, self._kind(piece)) for piece in pieces]
        dropped = repeated(memory, page_key, kept)
        memory.learn(page_key, kept)
        chosen = [at for number, at in enumerate(self.chosen) if number not in dropped]
        return Choice(self.tree, chosen, self.confidence, self.families, self.good_words)

    def _kind(self, piece: Piece) -> Literal["prose", "heading", "fixed"]:
        tag = self.tree.boxes.tag[piece.box]
        return "heading" if tag in _HEADINGS else "fixed" if tag in _FIXED else "prose"


def choose(tree: Tree, trained: Scorer) -> Choice:
    """The article of a page, as far as it has one: ``chosen`` is empty when there is no text at all."""
    if not tree.pieces:
        return Choice(tree, [], 0.0, list(tree.boxes.families), 0)
    page = number(tree)
    kept, confidence = cut(trained.score(tree, page), page.words)
    chosen = [at for at in np.flatnonzero(kept).tolist() if not _is_divider(tree.pieces[at])]
    good = int(page.good_words[chosen].sum()) if chosen else 0
    return Choice(tree, chosen, round(confidence, 4), _believed(page, chosen), good)


def choose_all(tree: Tree) -> Choice:
    """All of a fragment that its feed calls the article, but for prompts and credits of the feed's own."""
    pieces = tree.pieces
    if not pieces:
        return Choice(tree, [], 0.0, list(tree.boxes.families), 0)
    page = number(tree)
    chosen = [at for at, piece in enumerate(pieces) if not _is_leftover(tree, piece)]
    chosen = chosen or [at for at, piece in enumerate(pieces) if piece.words]
    share = float(page.words[chosen].sum()) / max(1.0, float(page.words.sum()))
    return Choice(tree, chosen, round(share, 4), _believed(page, chosen), int(page.good_words[chosen].sum()))


def _believed(page: PageNumbers, chosen: list[int]) -> list[int]:
    """Families of boxes and all around them. One that most of the article's words are in says nothing:
    whole pages sit in a form, and page builders call every paragraph a widget."""
    families = page.families
    if not chosen:
        return list(families.tolist())
    words, of_chosen = page.words[chosen], families[page.box[chosen]]
    total, disbelieved = float(words.sum()), 0
    for bit in range(hints.OUTSIDE.bit_length()):
        if hints.OUTSIDE >> bit & 1 and float(words[(of_chosen >> bit & 1) != 0].sum()) > total / 2:
            disbelieved |= 1 << bit
    believed: list[int] = (families & ~disbelieved).tolist()
    return believed


def _is_divider(piece: Piece) -> bool:
    return len(piece.text) < _DIVIDER and not any(map(str.isalnum, piece.text))


def _is_leftover(tree: Tree, piece: Piece) -> bool:
    """Whether a short piece was written around the article: share bars, prompts, dividers."""
    if piece.words > phrases.PROMPT_WORDS or tree.boxes.tag[piece.box] in _HEADINGS:
        return False
    return phrases.is_leftover(piece.text, piece.words) or _is_divider(piece)

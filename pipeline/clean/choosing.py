"""Which pieces of a page are its article: the trained scorer, the cut, and what is known of the site."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np

from pipeline.clean import phrases
from pipeline.clean.characters import CAPITAL, DIGIT, IDEOGRAPH, LETTER, SOUTH_EAST
from pipeline.clean.memory import Kept, SiteMemory, fingerprint, repeated
from pipeline.clean.scoring.cut import cut
from pipeline.clean.scoring.page_numbers import PageNumbers, number
from pipeline.clean.scoring.scorer import Scorer
from pipeline.clean.scoring.sheet import Flags, Floats, Ints
from pipeline.clean.tails import is_tail
from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import Piece, Tree

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIXED = ("pre", "td", "th")
#: Where the cut is surer than this, pieces no likelier than that are left out: of a clear article they are
#: prompts and captions; on a list of things they are the things.
_SURE, _LIKELY = 0.85, 0.6
#: longer pieces are no bylines
_BYLINE_WORDS = 12
#: pieces at the end of a fragment among which the feed's own lines are looked for
_TAIL = 3
#: Comments under an article are not the article, however long they are: when so many words of running
#: prose were chosen outside of them, or fewer but such a part, and the page does not call itself a forum.
_ARTICLE_WORDS = 300
_SHORT_ARTICLE_WORDS, _SHORT_ARTICLE_PART = 50, 0.35
#: What tags, roles and classes call by these names goes, too, where it is less than this share of the
#: words chosen. Where it is more, the name must be wrong: whole pages sit in a form.
_NOT_THE_ARTICLE = (
    hints.HIDDEN, hints.COOKIE, hints.FORM, hints.NAV, hints.FOOTER, hints.COMMENT, hints.SHARE, hints.META,
)  # fmt: skip
_NAMED_SHARE = 0.3
_FORUM = re.compile(r'"@type"\s*:\s*\[?\s*"(?:DiscussionForumPosting|QAPage|Question|Answer)"')
#: A longer piece that stands elsewhere on the page, too, is the same text made for another width of screen.
_REPEATED_WORDS = 12
#: dividers ("* * *", "|") of pieces as short as this are no text
_DIVIDER = 60
#: kinds of characters that words are made of
_OF_WORDS = (LETTER, CAPITAL, DIGIT, IDEOGRAPH, SOUTH_EAST)


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
    chances = trained.score(tree, page)
    kept, confidence = cut(chances, page.words)
    families = page.piece_families
    if confidence > _SURE:
        _leave_out_doubtful(kept, chances, page.words)
    _leave_out_comments(kept, families, tree, page)
    _leave_out_named(kept, families, page)
    _leave_out_repeated(kept, page)
    _leave_out_bylines(kept, families, page)
    _leave_out_dividers(kept, tree, page)
    chosen = kept.nonzero()[0]
    good = int(page.good_words.take(chosen).sum())
    return Choice(tree, chosen.tolist(), round(confidence, 4), _believed(page, chosen), good)


def _leave_out_doubtful(kept: Flags, chances: Floats, words: Floats) -> None:
    likely = kept & (chances > _LIKELY)
    if float(words[likely].sum()) > float(words[kept].sum()) / 2:
        kept &= likely


def _leave_out_comments(kept: Flags, families: Ints, tree: Tree, page: PageNumbers) -> None:
    comments = kept & ((families & hints.COMMENT) != 0)
    if not comments.any():
        return
    words = float(page.good_words[kept & ~comments].sum())
    part = words / float(page.words[comments].sum())
    if words < _ARTICLE_WORDS and (words < _SHORT_ARTICLE_WORDS or part < _SHORT_ARTICLE_PART):
        return
    if not any(_FORUM.search(text) for text in tree.signals.plain.get("json_ld", ())):
        kept &= ~comments


def _leave_out_named(kept: Flags, families: Ints, page: PageNumbers) -> None:
    found = int(np.bitwise_or.reduce(families, where=kept))
    for family in _NOT_THE_ARTICLE:
        if not found & family:
            continue
        named = kept & ((families & family) != 0)
        if named.any() and float(page.words[named].sum()) < _NAMED_SHARE * float(page.words[kept].sum()):
            kept &= ~named


def _leave_out_repeated(kept: Flags, page: PageNumbers) -> None:
    """Of pieces with the same words, keep the first, and its neighbours in the same box: verses recur."""
    at = (kept & (page.words >= _REPEATED_WORDS)).nonzero()[0]
    hashes = page.lines.hashes.take(at).tolist()
    if len(set(hashes)) == len(hashes):
        return
    first: dict[int, int] = {}
    around = page.parent.take(page.box.take(at))
    for place, words, box in zip(at.tolist(), hashes, around.tolist(), strict=True):
        if first.setdefault(words, box) != box:
            kept[place] = False


def choose_all(tree: Tree) -> Choice:
    """All of a fragment that its feed calls the article, but for prompts and credits of the feed's own."""
    pieces = tree.pieces
    if not pieces:
        return Choice(tree, [], 0.0, list(tree.boxes.families), 0)
    page = number(tree)
    first_of_tail = len(pieces) - _TAIL
    chosen = [
        at
        for at, piece in enumerate(pieces)
        if not _is_leftover(tree, piece) and not (at >= first_of_tail and is_tail(piece.text))
    ]
    chosen = chosen or [at for at, piece in enumerate(pieces) if piece.words]
    places = np.array(chosen, np.int64)
    share = float(page.words.take(places).sum()) / max(1.0, float(page.words.sum()))
    good = int(page.good_words.take(places).sum())
    return Choice(tree, chosen, round(share, 4), _believed(page, places), good)


def _believed(page: PageNumbers, chosen: Ints) -> list[int]:
    """Families of boxes and all around them. One that most of the article's words are in says nothing:
    whole pages sit in a form, and page builders call every paragraph a widget."""
    words, of_chosen = page.words.take(chosen), page.piece_families.take(chosen)
    half, disbelieved = float(words.sum()) / 2, 0
    found = int(np.bitwise_or.reduce(of_chosen)) & hints.OUTSIDE
    for bit in range(found.bit_length()):
        if found >> bit & 1 and float(words[(of_chosen >> bit & 1) != 0].sum()) > half:
            disbelieved |= 1 << bit
    believed: list[int] = (page.families & ~disbelieved).tolist()
    return believed


def _leave_out_bylines(kept: Flags, families: Ints, page: PageNumbers) -> None:
    """Names and dates between the headline and the story are metadata."""
    for at in kept.nonzero()[0].tolist():
        if page.good[at]:
            return
        if page.words[at] <= _BYLINE_WORDS and families[at] & (hints.AUTHOR | hints.DATE):
            kept[at] = False


def _leave_out_dividers(kept: Flags, tree: Tree, page: PageNumbers) -> None:
    without_word = kept & ~page.lines.kinds.take(_OF_WORDS, axis=0).any(axis=0)
    for at in without_word.nonzero()[0].tolist():
        if _is_divider(tree.pieces[at]):
            kept[at] = False


def _is_divider(piece: Piece) -> bool:
    return len(piece.text) < _DIVIDER and not any(map(str.isalnum, piece.text))


def _is_leftover(tree: Tree, piece: Piece) -> bool:
    """Whether a short piece was written around the article: share bars, prompts, dividers."""
    if piece.words > phrases.PROMPT_WORDS or tree.boxes.tag[piece.box] in _HEADINGS:
        return False
    return phrases.is_leftover(piece.text, piece.words) or _is_divider(piece)

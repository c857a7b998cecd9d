"""Running sums over a page's pieces, which most features of neighbourhoods and boxes come from."""

from __future__ import annotations

import numpy as np

from pipeline.clean.scoring.page_numbers import PageNumbers, is_outside
from pipeline.clean.scoring.sheet import Floats
from pipeline.clean.scoring.sums import Sums

#: Rows: pieces whose path is not that of the piece before, pieces, what their words say, that by the root of
#: their words, words up to 100, letters in links, letters, words, good pieces, their words, those of them
#: that are not outside.
(BREAKS, PIECES, SAY, SAY_WEIGHTED, SHORT, LINKED, LETTERS, WORDS, GOOD, GOOD_WORDS, KEPT) = range(11)


def page_sums(page: PageNumbers, words_say: Floats) -> Sums:
    """The sums of a page. ``words_say`` are log-odds of each piece by its words."""
    words, path = page.words, page.groups[1]
    breaks = np.ones(len(path), np.bool_)
    np.not_equal(path[1:], path[:-1], out=breaks[1:])
    return Sums(
        (
            breaks, np.ones(len(words)), words_say, words_say * np.sqrt(words), np.minimum(words, 100),
            page.linked, page.letters, words, page.good, page.good_words,
            page.good_words * ~is_outside(page.piece_families),
        )
    )  # fmt: skip

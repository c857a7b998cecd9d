"""Features of the second scorer: what the first one thought of a piece, of those around, and of the page."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.scoring.page_numbers import LEVELS, PageNumbers
from pipeline.clean.scoring.sheet import Floats, Sheet, share
from pipeline.clean.scoring.sums import Sums

#: log-odds beyond this are certainty
_SURE = 8.0
#: rows of the sums
_PIECES, _ODDS, _CHOSEN, _WORDS, _CHANCE = range(5)

_BESIDE = ("first", "first, 3 before", "first, 2 before", "first, 1 before", "first, 1 behind")
_REACHES = (2, 5, 12, 30)
_AROUND = (*(f"first around {reach}, by words" for reach in _REACHES), "first around 2", "first around 12",
           "first around 30")  # fmt: skip
_BOXES = tuple(
    f"first in box {level}{what}" for what in ("", ", by words", ", of page") for level in range(LEVELS)
)
_GROUPS = ("first of kind", "first of path", "first of kind, by words", "first of path, by words")
_PAGE = ("first: words of page", "first: share of page", "first: sure", "first: highest")
_ALONG = ("first: share before", "first: rank")
_BETWEEN = ("first: after beginning", "first: before end", "first: since likely", "first: until likely")


def add(sheet: Sheet, page: PageNumbers, first: Floats) -> None:
    """Append the features that follow from the first scorer's log-odds."""
    odds = np.minimum(np.maximum(first, np.float32(-_SURE)), np.float32(_SURE))
    chance: Floats = np.float32(1) / (np.float32(1) + np.exp(-odds))
    chosen: Floats = chance * page.words
    sums = Sums((np.ones(len(odds)), odds, chosen, page.words, chance))
    _beside(sheet, odds, sums)
    _together(sheet, page, chance, chosen, sums)
    _along(sheet, page, chance, chosen, sums)
    _between(sheet, chance > 0.5)


def _beside(sheet: Sheet, odds: Floats, sums: Sums) -> None:
    """What it thought of the neighbours."""
    rows = sheet.rows(_BESIDE)
    rows[0] = odds
    rows[1:] = -_SURE
    for row, by in zip(rows[1:4], (3, 2, 1), strict=True):
        row[by:] = odds[:-by]
    rows[4, :-1] = odds[1:]
    rows = sheet.rows(_AROUND)
    for at, reach in enumerate(_REACHES):
        around = sums.around(reach, _PIECES, _WORDS + 1)
        rows[at] = share(around[_CHOSEN], around[_WORDS])
        if reach != 5:
            rows[4 + (0, 0, 1, 2)[at]] = around[_ODDS] / around[_PIECES]


def _together(
    sheet: Sheet, page: PageNumbers, chance: Floats, chosen: Floats, sums: Sums
) -> None:  # fmt: skip
    """What it thought of the boxes around, and of pieces in boxes of the same kind."""
    held, words, found = sums.within(page.start, page.end, _CHOSEN, _CHANCE + 1)
    told = np.empty((3, len(held)), np.float32)
    np.divide(found, np.maximum(page.end - page.start, np.float32(1e-9)), out=told[0])
    np.divide(held, np.maximum(words, 1e-9), out=told[1])
    np.divide(held, max(1.0, float(sums.whole()[_CHOSEN])), out=told[2])
    sheet.add(_BOXES, told.take(page.around, axis=1))
    grouped = page.by_group((chance, chosen, 1, page.words))
    sheet.add(_GROUPS, share(grouped[:2], grouped[2:]).take(page.groups, axis=1))


def _along(sheet: Sheet, page: PageNumbers, chance: Floats, chosen: Floats, sums: Sums) -> None:
    """How much it had found before, and what it thinks of the page."""
    count, whole = len(chance), sums.whole()
    total = max(1.0, float(whole[_CHOSEN]))
    sure = np.count_nonzero((chance > 0.9) | (chance < 0.1)) / count
    values = (total, total / max(1.0, float(whole[_WORDS])), sure, float(chance.max()))
    sheet.rows(_PAGE)[:] = np.array(values)[:, None]
    rows = sheet.rows(_ALONG)
    rows[0] = (sums.until()[_CHOSEN] - chosen) / total
    rows[1, (-chance).argsort(kind="stable")] = np.arange(count) / count


def _between(sheet: Sheet, likely: NDArray[np.bool_]) -> None:
    """How far it is to what it thought likely."""
    rows, where, at = sheet.rows(_BETWEEN), likely.nonzero()[0], np.arange(len(likely))
    if not len(where):
        rows[:] = -99
        return
    np.minimum(at - where[0], 200, out=rows[0])
    np.minimum(where[-1] - at, 200, out=rows[1])
    np.maximum(rows[:2], -60, out=rows[:2])
    last = np.maximum.accumulate(np.where(likely, at, -99))
    following = np.minimum.accumulate(np.where(likely, at, len(at) + 99)[::-1])[::-1]
    np.minimum(at - last, 60, out=rows[2])
    np.minimum(following - at, 60, out=rows[3])

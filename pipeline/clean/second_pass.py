"""Features of the second scorer: what the first one thought of the pieces around, beside what it read itself."""

from __future__ import annotations

import numpy as np

from pipeline.clean.page_numbers import PageNumbers
from pipeline.clean.sheet import Floats, Sheet, share, shifted, windowed

#: log-odds beyond this are certainty
_SURE = 8.0


def add(sheet: Sheet, page: PageNumbers, first: Floats) -> None:
    """Append the features that follow from the first scorer's log-odds."""
    odds = np.clip(first, -_SURE, _SURE).astype(np.float32)
    chance = (1 / (1 + np.exp(-odds))).astype(np.float32)
    sheet.add("first", odds)
    for by in (-3, -2, -1, 1, 2, 3):
        sheet.add(f"first, {abs(by)} {'behind' if by > 0 else 'before'}", shifted(odds, by, -_SURE))
    for reach in (2, 5, 12, 30):
        sheet.add(f"first around {reach}", windowed(odds, reach))
        weighted = windowed(chance * page.words, reach)
        sheet.add(f"first around {reach}, by words", share(weighted, windowed(page.words, reach)))
    _together(sheet, page, chance)
    _along(sheet, page, chance)


def _together(sheet: Sheet, page: PageNumbers, chance: Floats) -> None:
    """What it thought of the boxes around, and of pieces in boxes of the same kind."""
    held, words = page.within(chance * page.words), page.within(page.words)
    pieces = (page.end - page.start).astype(np.float32)
    found = page.within(chance)
    total = max(1.0, float((chance * page.words).sum()))
    box = page.box
    for depth in range(5):
        sheet.add(f"first in box {depth}", share(found[box], pieces[box]))
        sheet.add(f"first in box {depth}, by words", share(held[box], words[box]))
        sheet.add(f"first in box {depth}, of page", held[box] / total)
        box = page.parent[box]
    own = page.kind[page.box]
    path = own * (int(page.kind.max()) + 1) + page.kind[page.parent[page.box]]
    path = np.unique(path, return_inverse=True)[1]
    for name, kind in (("kind", own), ("path", path)):
        weights = np.bincount(kind, page.words)
        sheet.add(f"first of {name}", share(np.bincount(kind, chance), np.bincount(kind))[kind])
        sheet.add(f"first of {name}, by words", share(np.bincount(kind, chance * page.words), weights)[kind])


def _along(sheet: Sheet, page: PageNumbers, chance: Floats) -> None:
    """How much it had found before and behind, and what it thinks of the page."""
    chosen = chance * page.words
    total = max(1.0, float(chosen.sum()))
    sheet.add("first: share before", (np.cumsum(chosen) - chosen) / total)
    sheet.add("first: words of page", total)
    sheet.add("first: share of page", total / max(1.0, float(page.words.sum())))
    sheet.add("first: sure", float(((chance > 0.9) | (chance < 0.1)).mean()))
    likely = chance > 0.5
    at = np.arange(len(chance))
    if likely.any():
        where = np.flatnonzero(likely)
        sheet.add("first: after beginning", np.clip(at - where[0], -60, 200))
        sheet.add("first: before end", np.clip(where[-1] - at, -60, 200))
        last = np.maximum.accumulate(np.where(likely, at, -99))
        following = np.minimum.accumulate(np.where(likely, at, len(at) + 99)[::-1])[::-1]
        sheet.add("first: since likely", np.minimum(at - last, 60))
        sheet.add("first: until likely", np.minimum(following - at, 60))
    else:
        for name in ("after beginning", "before end", "since likely", "until likely"):
            sheet.add(f"first: {name}", -99.0)
    highest = float(chance.max())
    sheet.add("first: highest", highest)
    order = np.empty(len(chance), np.float32)
    order[np.argsort(-chance, kind="stable")] = at
    sheet.add("first: rank", order / len(chance))

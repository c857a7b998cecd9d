"""Features of where pieces stand: their box, the boxes around it, and boxes of its kind elsewhere."""

from __future__ import annotations

import numpy as np

from pipeline.clean.scoring.page_numbers import ELEMENTS, PageNumbers, is_outside
from pipeline.clean.scoring.sheet import Floats, Ints, Sheet, share
from pipeline.clean.scoring.sums import Sums
from pipeline.clean.walk import hints

_INSIDE = ("article", "main", "aside", "nav", "header", "footer", "ol", "table", "blockquote", "figcaption")
_FAMILIES = {
    "footer": hints.FOOTER, "comment": hints.COMMENT, "share": hints.SHARE, "related": hints.RELATED,
    "promo": hints.PROMO, "hidden": hints.HIDDEN,
}  # fmt: skip
_IS_IN = (*(f"in {name}" for name in _INSIDE), *(f"family {name}" for name in _FAMILIES))
_OUTSIDE = np.array([1 << bit for bit in range(20) if hints.OUTSIDE >> bit & 1])
_ELEMENT_BITS = np.array([ELEMENTS[name] for name in _INSIDE])[:, None]
_FAMILY_BITS = np.array(list(_FAMILIES.values()))[:, None]
_HEADING_BITS = np.array([ELEMENTS[f"h{level}"] for level in range(1, 7)])[:, None]

#: the smallest boxes that hold so much of the prose; the last of all prose, the others of what is not outside
_PARTS = {"60 %": 0.6, "85 %": 0.85, "40 %": 0.4, "60 % of all": 0.6}
_IN_BOX = tuple(f"in box of {name}" for name in _PARTS)
_BY_BOX = tuple(
    what.format(name)
    for what in ("after start of box of {}", "before end of box of {}", "deeper than box of {}",
                 "share of pieces in box of {}")
    for name in ("60 %", "60 % of all")
)  # fmt: skip

_BOXES = ("own box", "around box", "around that box", "around all box")
_HELD = ("link density", "share of good words", "words a piece", "good pieces", "pieces")
_OWN = tuple(f"own box: {what}" for what in _HELD[:4])
_OTHERS = tuple(f"{box}: {what}" for what in _HELD for box in _BOXES[1:])
_SHARES = (*(f"{box}: share of its words" for box in _BOXES[1:]), "around box: place in it",
           "around all box: place in it")  # fmt: skip
_KINDS = tuple(f"{what}: {name}" for name in _HELD for what in ("kind", "path"))
_RUNS = ("run of its path", "runs around", "like the box around", "like the box around that",
         "like the box around all")  # fmt: skip
_HEADINGS = ("since h1", "since heading", "since h2 or h3", "heading level", "level of heading above",
             "words since heading", "before first h1")  # fmt: skip
_NAMES = ("names say, own", "names say, around", "names say, all", "names say, lowest",
          "names say, highest")  # fmt: skip


def add(sheet: Sheet, page: PageNumbers, names_say: Floats) -> None:
    """Append the features of boxes. ``names_say`` has a value for each box."""
    families = page.families.take(page.box)
    kept = np.where(is_outside(families), np.float32(0), page.good_words)
    sums = Sums((page.linked, page.good_words, page.words, page.good, page.letters, kept))
    held = sums.within(page.start, page.end)
    _elements(sheet, page, families)
    _regions(sheet, page, held, float(sums.whole()[5]))
    _around(sheet, page, held)
    _kinds(sheet, page)
    _headings(sheet, page)
    _names(sheet, page, names_say)


def _elements(sheet: Sheet, page: PageNumbers, families: Ints) -> None:
    """What the boxes around are."""
    own, inside = page.element.take(page.box), page.inside.take(page.box)
    sheet.add(("is p", "is div"), np.array((own == ELEMENTS["p"], own == ELEMENTS["div"])))
    rows = sheet.rows(_IS_IN)
    rows[: len(_INSIDE)] = (inside & _ELEMENT_BITS) != 0
    rows[len(_INSIDE) :] = (families & _FAMILY_BITS) != 0
    rows = sheet.rows(("depth", "outside", "outside, believed"))
    rows[0] = page.depth.take(page.box)
    rows[1] = is_outside(families)
    # What holds most of the prose is misnamed: whole pages sit in a form, or in a widget.
    flags = ((families & _OUTSIDE[:, None]) != 0).astype(np.float32)
    held = flags @ page.good_words / max(1.0, float(page.good_words.sum()))
    flags *= (1 - held)[:, None]
    np.maximum.reduce(flags, axis=0, out=rows[2])


def _regions(sheet: Sheet, page: PageNumbers, held: Floats, kept: float) -> None:
    """The smallest boxes that hold a share of the prose; with and without what is marked as outside."""
    at = np.arange(len(page.words))
    best = []
    for part, row, total in zip(
        _PARTS.values(), (5, 5, 5, 1), (kept, kept, kept, float(page.good_words.sum())), strict=True
    ):
        # A box comes after the one around it: the last that holds the share is the smallest.
        best.append(int(np.flatnonzero(held[row] >= part * total)[-1]) if total else 0)
    start, end = page.start.take(best)[:, None], page.end.take(best)[:, None]
    sheet.add(_IN_BOX, (at >= start) & (at < end))
    rows = sheet.rows(_BY_BOX)
    sixty = [0, 3]
    np.clip(at - start[sixty], -40, 40, out=rows[0:2])
    np.clip(end[sixty] - 1 - at, -40, 40, out=rows[2:4])
    rows[4:6] = page.depth.take(page.box) - page.depth.take(best)[sixty, None]
    rows[6:8] = (end - start)[sixty] / len(at)


def _around(sheet: Sheet, page: PageNumbers, held: Floats) -> None:
    """The box itself, and three times the next one around that holds more."""
    size = page.end - page.start
    pieces = size.astype(np.float32)
    # What each box tells, in the order of _HELD.
    told = np.empty((len(_HELD), len(size)), np.float32)
    told[0] = share(held[0], held[4])
    told[1] = held[1] / max(1.0, float(page.good_words.sum()))
    told[2:4] = share(held[2:4], pieces)
    np.minimum(pieces, 200, out=told[4])
    larger = _larger(page.parent, size)
    boxes = np.empty((len(_BOXES) - 1, len(page.box)), np.int64)
    boxes[0] = larger.take(page.box)
    boxes[1] = larger.take(boxes[0])
    boxes[2] = larger.take(boxes[1])
    sheet.add(_OWN, told[:4].take(page.box, axis=1))
    sheet.add(_OTHERS, told.take(boxes, axis=1))
    rows = sheet.rows(_SHARES)
    rows[:3] = share(page.words, held[2].take(boxes))
    rows[3:] = share(np.arange(len(page.box)) - page.start.take(boxes[::2]), pieces.take(boxes[::2]))


def _larger(parent: Ints, size: Ints) -> Ints:
    """Of each box the next one around it that holds more pieces, or the seventh around it if none of those
    between does."""
    once = np.where(size.take(parent) == size, parent, np.arange(len(parent)))
    twice = once.take(once)
    return parent.take(twice.take(twice).take(twice))


def _kinds(sheet: Sheet, page: PageNumbers) -> None:
    """Pieces in boxes of the same tag and names, and with the same kind of box around."""
    ones = np.ones(len(page.words))
    linked, good_words, words, good, letters, pieces = page.by_group(
        [page.linked, page.good_words, page.words, page.good, page.letters, ones]
    )
    told = np.empty((len(_HELD), len(pieces)), np.float32)
    told[0] = share(linked, letters)
    told[1] = good_words / max(1.0, float(page.good_words.sum()))
    told[2] = share(words, pieces)
    told[3] = share(good, pieces)
    np.minimum(pieces, 200, out=told[4])
    sheet.add(_KINDS, told.take(page.groups, axis=1))
    path = page.groups[1]
    starts = np.ones(len(path), np.bool_)
    np.not_equal(path[1:], path[:-1], out=starts[1:])
    rows = sheet.rows(_RUNS)
    run = np.cumsum(starts) - 1
    np.minimum(np.bincount(run).take(run), 60, out=rows[0])
    beginnings = Sums((starts, ones)).around(6)
    np.divide(beginnings[0], beginnings[1], out=rows[1])
    # How often the kinds of boxes around occur: a box of a list has many like it, the article has none.
    twins = np.minimum(np.bincount(page.kind), 60).take(page.kind)
    rows[2:] = twins.take(page.around[1:4])


def _headings(sheet: Sheet, page: PageNumbers) -> None:
    flags = (page.inside.take(page.box) & _HEADING_BITS) != 0
    level = np.where(flags.any(axis=0), flags.argmax(axis=0) + 1, 0)
    at = np.arange(len(level))
    rows = sheet.rows(_HEADINGS)
    wanted = np.array((level == 1, level > 0, (level == 2) | (level == 3)))
    last = np.maximum.accumulate(np.where(wanted, at, -1), axis=1)
    rows[:3] = np.where(last < 0, 99, np.minimum(at - last, 60))
    above, nearest = last[1] >= 0, np.maximum(last[1], 0)
    words = np.cumsum(page.words)
    rows[3] = level
    rows[4] = np.where(above, level.take(nearest), 0)
    rows[5] = np.where(above, words - words.take(nearest), -1)
    rows[6] = at < int(np.argmax(wanted[0]))


def _names(sheet: Sheet, page: PageNumbers, names_say: Floats) -> None:
    """What the names of the box say, and of all around it: each turn looks twice as far up as the last."""
    total = names_say.astype(np.float64)
    total[0] = 0
    ends = np.array((-names_say, names_say))
    up = page.parent
    while up.any():
        total += total.take(up)
        np.maximum(ends, ends.take(up, axis=1), out=ends)
        up = up.take(up)
    np.maximum(ends, ends[:, :1], out=ends)
    total += names_say[0]
    rows = sheet.rows(_NAMES)
    rows[:2] = names_say.take(page.around[:2])
    rows[2] = total.take(page.box)
    rows[3:] = ends.take(page.box, axis=1)
    np.negative(rows[3], out=rows[3])

"""Features of where pieces stand: their box, the boxes around it, and boxes of its kind elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.scoring.page_numbers import ELEMENTS, PageNumbers, is_outside
from pipeline.clean.scoring.page_sums import BREAKS, GOOD, GOOD_WORDS, KEPT, LINKED, PIECES, WORDS
from pipeline.clean.scoring.sheet import Floats, Ints, Sheet
from pipeline.clean.scoring.sums import Sums
from pipeline.clean.walk import hints

_INSIDE = ("article", "main", "aside", "nav", "header", "footer", "ol", "table", "blockquote", "figcaption")
_FAMILIES = {
    "footer": hints.FOOTER, "comment": hints.COMMENT, "share": hints.SHARE, "related": hints.RELATED,
    "promo": hints.PROMO, "hidden": hints.HIDDEN,
}  # fmt: skip
_IS = (
    "is p", "is div", *(f"in {name}" for name in _INSIDE), *(f"family {name}" for name in _FAMILIES), "depth",
    "outside", "outside, believed",
)  # fmt: skip
_OUTSIDE_BITS = np.array([1 << bit for bit in range(20) if hints.OUTSIDE >> bit & 1])[:, None]
_OWN_BITS = np.array([ELEMENTS["p"], ELEMENTS["div"]])[:, None]
_ELEMENT_BITS = np.array([ELEMENTS[name] for name in _INSIDE])[:, None]
_FAMILY_BITS = np.array(list(_FAMILIES.values()))[:, None]
#: the bits of headings follow one another; of any of them the highest heading's level, and whether a level is
#: one of those whose distance is told
_H1 = ELEMENTS["h1"].bit_length() - 1
_LEVELS = np.array([(bits & -bits).bit_length() for bits in range(64)])
_WANTED = np.array([[level in levels for level in range(7)] for levels in ((1,), range(1, 7), (2, 3))])

#: the smallest boxes that hold so much of the prose; the last of all prose, the others of what is not outside
_PARTS = {"60 %": 0.6, "85 %": 0.85, "40 %": 0.4, "60 % of all": 0.6}
_PART_SIZES = np.array(list(_PARTS.values()))
_HELD_BY_PART = np.array((KEPT, KEPT, KEPT, GOOD_WORDS))
_SIXTY = np.array([at for at, share in enumerate(_PART_SIZES) if share == 0.6])
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


def add(sheet: Sheet, page: PageNumbers, sums: Sums, names_say: Floats) -> None:
    """Append the features of boxes. ``sums`` are those of `page_sums`; ``names_say`` has a value for each
    box."""
    depth = page.depth.take(page.box)
    held = sums.within(page.start, page.end, LINKED, KEPT + 1)
    _elements(sheet, page, depth)
    _regions(sheet, page, depth, held, sums.whole())
    _around(sheet, page, held)
    _kinds(sheet, page, sums)
    _headings(sheet, page)
    _names(sheet, page, names_say)


def _elements(sheet: Sheet, page: PageNumbers, depth: Ints) -> None:
    """What the boxes around are."""
    own, inside, families = page.element.take(page.box), page.piece_inside, page.piece_families
    rows = sheet.rows(_IS)
    np.equal(own, _OWN_BITS, out=rows[: len(_OWN_BITS)])
    at = len(_OWN_BITS)
    np.not_equal(inside & _ELEMENT_BITS, 0, out=rows[at : at + len(_INSIDE)])
    at += len(_INSIDE)
    np.not_equal(families & _FAMILY_BITS, 0, out=rows[at : at + len(_FAMILIES)])
    at += len(_FAMILIES)
    rows[at] = depth
    rows[at + 1] = is_outside(families)
    # What holds most of the prose is misnamed: whole pages sit in a form, or in a widget.
    flags = ((families & _OUTSIDE_BITS) != 0).astype(np.float32)
    held = flags @ page.good_words / max(1.0, float(page.good_words.sum()))
    flags *= (1 - held)[:, None]
    np.maximum.reduce(flags, axis=0, out=rows[at + 2])


def _regions(sheet: Sheet, page: PageNumbers, depth: Ints, held: Floats, whole: NDArray[np.float64]) -> None:
    """The smallest boxes that hold a share of the prose; with and without what is marked as outside."""
    at, count = np.arange(len(depth)), len(depth)
    total = whole.take(_HELD_BY_PART)
    # A box comes after the one around it: the last that holds the share is the smallest.
    holds = held.take(_HELD_BY_PART - LINKED, axis=0) >= (total * _PART_SIZES).astype(np.float32)[:, None]
    best = holds.shape[1] - 1 - holds[:, ::-1].argmax(axis=1)
    best[total == 0] = 0
    start, end = page.start.take(best)[:, None], page.end.take(best)[:, None]
    rows = sheet.rows(_IN_BOX)
    np.logical_and(at >= start, at < end, out=rows)
    rows = sheet.rows(_BY_BOX)
    start, end = start[_SIXTY], end[_SIXTY]
    np.minimum(at - start, 40, out=rows[0:2])
    np.minimum(end - 1 - at, 40, out=rows[2:4])
    np.maximum(rows[:4], -40, out=rows[:4])
    rows[4:6] = depth - page.depth.take(best[_SIXTY])[:, None]
    rows[6:8] = (end - start) / count


def _around(sheet: Sheet, page: PageNumbers, held: Floats) -> None:
    """The box itself, and three times the next one around that holds more."""
    size = page.end - page.start
    pieces = size.astype(np.float32)
    linked, letters, words, _, good_words, _ = held
    # What each box tells, in the order of _HELD.
    told = np.empty((len(_HELD), len(size)), np.float32)
    np.divide(linked, np.maximum(letters, 1e-9), out=told[0])
    np.divide(good_words, max(1.0, float(page.good_words.sum())), out=told[1])
    np.divide(held[WORDS - LINKED : GOOD - LINKED + 1], np.maximum(pieces, 1e-9), out=told[2:4])
    np.minimum(pieces, 200, out=told[4])
    larger = _larger(page.parent, size)
    boxes = np.empty((len(_BOXES) - 1, len(page.box)), np.int64)
    boxes[0] = larger.take(page.box)
    boxes[1] = larger.take(boxes[0])
    boxes[2] = larger.take(boxes[1])
    sheet.add(_OWN, told[:4].take(page.box, axis=1))
    sheet.add(_OTHERS, told.take(boxes, axis=1))
    rows = sheet.rows(_SHARES)
    np.divide(page.words, np.maximum(words.take(boxes), 1e-9), out=rows[:3])
    outer = boxes[::2]
    np.divide(np.arange(len(page.box)) - page.start.take(outer), pieces.take(outer), out=rows[3:])


def _larger(parent: Ints, size: Ints) -> Ints:
    """Of each box the next one around it that holds more pieces, or the seventh around it if none of those
    between does."""
    once = np.where(size.take(parent) == size, parent, np.arange(len(parent)))
    twice = once.take(once)
    return parent.take(twice.take(twice).take(twice))


def _kinds(sheet: Sheet, page: PageNumbers, sums: Sums) -> None:
    """Pieces in boxes of the same tag and names, and with the same kind of box around."""
    linked, good_words, words, good, letters, pieces = page.by_group(
        (page.linked, page.good_words, page.words, page.good, page.letters, 1)
    )
    told = np.empty((len(_HELD), len(pieces)), np.float32)
    np.divide(linked, np.maximum(letters, 1e-9), out=told[0])
    np.divide(good_words, max(1.0, float(page.good_words.sum())), out=told[1])
    np.maximum(pieces, 1e-9, out=pieces)
    np.divide(words, pieces, out=told[2])
    np.divide(good, pieces, out=told[3])
    np.minimum(pieces, 200, out=told[4])
    sheet.add(_KINDS, told.take(page.groups, axis=1))
    rows = sheet.rows(_RUNS)
    run = sums.until()[BREAKS].astype(np.int64)
    np.minimum(np.bincount(run).take(run), 60, out=rows[0])
    beginnings = sums.around(6, BREAKS, PIECES + 1)
    np.divide(beginnings[0], beginnings[1], out=rows[1])
    # How often the kinds of boxes around occur: a box of a list has many like it, the article has none.
    twins = np.minimum(np.bincount(page.kind), 60).take(page.kind)
    rows[2:] = twins.take(page.around[1:4])


def _headings(sheet: Sheet, page: PageNumbers) -> None:
    level = _LEVELS.take(page.piece_inside >> _H1 & 63)
    at = np.arange(len(level))
    rows = sheet.rows(_HEADINGS)
    wanted = _WANTED.take(level, axis=1)
    last = np.maximum.accumulate(np.where(wanted, at, -1), axis=1)
    np.minimum(at - last, 60, out=rows[:3])
    rows[:3][last < 0] = 99
    above, nearest = last[1] >= 0, np.maximum(last[1], 0)
    words = page.words.cumsum()
    rows[3] = level
    np.multiply(level.take(nearest), above, out=rows[4])
    rows[5] = words
    rows[5] -= words.take(nearest)
    rows[5][~above] = -1
    rows[6] = at < int(wanted[0].argmax())


def _names(sheet: Sheet, page: PageNumbers, names_say: Floats) -> None:
    """What the names of the box say, and of all around it: each turn looks twice as far up as the last."""
    total = names_say.astype(np.float64)
    total[0] = 0
    ends = np.array((-names_say, names_say))
    for up in page.outer:
        total += total.take(up)
        np.maximum(ends, ends.take(up, axis=1), out=ends)
    np.maximum(ends, ends[:, :1], out=ends)
    total += names_say[0]
    rows = sheet.rows(_NAMES)
    rows[:2] = names_say.take(page.around[:2])
    rows[2] = total.take(page.box)
    rows[3:] = ends.take(page.box, axis=1)
    np.negative(rows[3], out=rows[3])

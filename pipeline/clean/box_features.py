"""Features of where pieces stand: their box, the boxes around it, and boxes of its kind elsewhere."""

from __future__ import annotations

import numpy as np

from pipeline.clean import hints
from pipeline.clean.boxes import INSIDE, Tree
from pipeline.clean.page_numbers import PageNumbers, is_outside
from pipeline.clean.sheet import Floats, Ints, Sheet, share, windowed

_TAGS = ("p", "li", "div", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote",
         "dt", "dd", "pre", "section", "article", "tr", "summary")  # fmt: skip
_FAMILIES = {
    "nav": hints.NAV, "aside": hints.ASIDE, "footer": hints.FOOTER, "form": hints.FORM,
    "comment": hints.COMMENT,
    "share": hints.SHARE, "cookie": hints.COOKIE, "related": hints.RELATED, "promo": hints.PROMO,
    "hidden": hints.HIDDEN, "meta": hints.META, "author": hints.AUTHOR, "date": hints.DATE,
    "section": hints.SECTION, "tag": hints.TAG,
}  # fmt: skip
_OUTSIDE = [1 << bit for bit in range(20) if hints.OUTSIDE >> bit & 1]
#: boxes without a larger piece of the page are climbed over, at most so many in a row
_CLIMB = 6


def add(sheet: Sheet, tree: Tree, page: PageNumbers, names_say: Floats) -> None:
    """Append the features of boxes. ``names_say`` has a value for each box."""
    _tags(sheet, tree, page)
    _families(sheet, page)
    _regions(sheet, page)
    _around(sheet, page)
    _kinds(sheet, page)
    _headings(sheet, tree, page)
    _names(sheet, page, names_say)


def _tags(sheet: Sheet, tree: Tree, page: PageNumbers) -> None:
    tags = tree.boxes.tag
    own = np.array([tags[box] for box in page.box.tolist()])
    for tag in _TAGS:
        sheet.add(f"is {tag}", own == tag)
    inside = page.inside[page.box]
    for tag, bit in INSIDE.items():
        sheet.add(f"in {tag}", (inside & bit) != 0)
    sheet.add("depth", page.depth[page.box])
    sheet.add("lists around", np.array(tree.boxes.level)[page.box])


def _families(sheet: Sheet, page: PageNumbers) -> None:
    families = page.families[page.box]
    total = max(1.0, float(page.good_words.sum()))
    believed = np.zeros(len(families), np.float32)
    for name, bit in _FAMILIES.items():
        flags = (families & bit) != 0
        sheet.add(f"family {name}", flags)
        if bit & hints.OUTSIDE:
            # What holds most of the prose is misnamed: whole pages sit in a form or a widget.
            held = float(page.good_words[flags].sum()) / total
            believed = np.where(flags, np.maximum(believed, 1 - held), believed)
    sheet.add("outside", is_outside(families))
    sheet.add("outside, believed", believed)


def _regions(sheet: Sheet, page: PageNumbers) -> None:
    """The smallest boxes that hold a share of the prose; with and without what is marked as outside."""
    at = np.arange(len(page.words))
    outside = is_outside(page.families[page.box])
    kept = np.where(outside, 0, page.good_words).astype(np.float32)
    for name, row, part in (("60 %", kept, 0.6), ("85 %", kept, 0.85), ("40 %", kept, 0.4),
                            ("60 % of all", page.good_words, 0.6)):  # fmt: skip
        held = page.within(row)
        total = float(row.sum())
        # A box comes after the one around it: the last that holds the share is the smallest.
        best = int(np.flatnonzero(held >= part * total)[-1]) if total else 0
        start, end = int(page.start[best]), int(page.end[best])
        sheet.add(f"in box of {name}", (at >= start) & (at < end))
        if name in ("60 %", "60 % of all"):
            sheet.add(f"after start of box of {name}", np.clip(at - start, -40, 40))
            sheet.add(f"before end of box of {name}", np.clip(end - 1 - at, -40, 40))
            sheet.add(f"deeper than box of {name}", page.depth[page.box] - page.depth[best])
            sheet.add(f"share of pieces in box of {name}", (end - start) / len(at))


def _around(sheet: Sheet, page: PageNumbers) -> None:
    """The box itself, and three times the next one around that holds more."""
    rows = {
        "pieces": (page.end - page.start).astype(np.float32),
        "words": page.within(page.words),
        "letters": page.within(page.letters),
        "linked": page.within(page.linked),
        "good": page.within(page.good_words),
        "good pieces": page.within(page.good.astype(np.float32)),
    }
    total = max(1.0, float(page.good_words.sum()))
    box = page.box
    for name in ("own", "around", "around that", "around all"):
        if name != "own":
            box = _larger(page, box)
        pieces = rows["pieces"][box]
        sheet.add(f"{name} box: pieces", np.minimum(pieces, 200))
        sheet.add(f"{name} box: words a piece", share(rows["words"][box], pieces))
        sheet.add(f"{name} box: link density", share(rows["linked"][box], rows["letters"][box]))
        sheet.add(f"{name} box: share of good words", rows["good"][box] / total)
        sheet.add(f"{name} box: good pieces", share(rows["good pieces"][box], pieces))
        if name != "own":
            sheet.add(f"{name} box: place in it", share(np.arange(len(box)) - page.start[box], pieces))
            sheet.add(f"{name} box: share of its words", share(page.words, rows["words"][box]))


def _larger(page: PageNumbers, box: Ints) -> Ints:
    """Of each box the next one around it that holds more pieces."""
    size = page.end - page.start
    wanted = size[box]
    around = page.parent[box]
    for _ in range(_CLIMB):
        same = size[around] == wanted
        if not same.any():
            break
        around = np.where(same, page.parent[around], around)
    return around


def _kinds(sheet: Sheet, page: PageNumbers) -> None:
    """Pieces in boxes of the same tag and names, and with the same kind of box around."""
    own = page.kind[page.box]
    outer = page.kind[page.parent[page.box]]
    path = np.unique(own * (int(page.kind.max()) + 1) + outer, return_inverse=True)[1]
    total = max(1.0, float(page.good_words.sum()))
    for name, kind in (("kind", own), ("path", path)):
        times = np.bincount(kind)
        sheet.add(f"{name}: pieces", np.minimum(times[kind], 200))
        sheet.add(f"{name}: share of good words", (np.bincount(kind, page.good_words) / total)[kind])
        sheet.add(f"{name}: words a piece", share(np.bincount(kind, page.words), times)[kind])
        linked, letters = np.bincount(kind, page.linked), np.bincount(kind, page.letters)
        sheet.add(f"{name}: link density", share(linked, letters)[kind])
        sheet.add(f"{name}: good pieces", share(np.bincount(kind, page.good), times)[kind])
    starts = np.concatenate(([True], path[1:] != path[:-1]))
    run = np.cumsum(starts) - 1
    length = np.bincount(run)[run]
    sheet.add("run of its path", np.minimum(length, 60))
    sheet.add("place in run", np.minimum(np.arange(len(run)) - np.flatnonzero(starts)[run], 60))
    sheet.add("runs around", windowed(starts.astype(np.float32), 6))
    # How often the kinds of boxes around occur: a box of a list has many like it, the article has none.
    twins = np.bincount(page.kind)
    outer_box = page.parent[page.box]
    for name in ("around", "around that", "around all"):
        sheet.add(f"like the box {name}", np.minimum(twins[page.kind[outer_box]], 60))
        outer_box = page.parent[outer_box]


def _headings(sheet: Sheet, tree: Tree, page: PageNumbers) -> None:
    inside = page.inside[page.box]
    at = np.arange(len(inside))
    level = np.zeros(len(inside), np.int64)
    for number in range(6, 0, -1):
        level[(inside & INSIDE[f"h{number}"]) != 0] = number
    sheet.add("heading level", level)
    for name, flags in (
        ("h1", level == 1),
        ("heading", level > 0),
        ("h2 or h3", (level == 2) | (level == 3)),
    ):
        last = np.maximum.accumulate(np.where(flags, at, -1))
        sheet.add(f"since {name}", np.where(last < 0, 99, np.minimum(at - last, 60)))
        if name == "heading":
            sheet.add("level of heading above", np.where(last < 0, 0, level[np.maximum(last, 0)]))
            words = np.cumsum(page.words)
            sheet.add("words since heading", np.where(last < 0, -1, words - words[np.maximum(last, 0)]))
    first = int(np.argmax(level == 1)) if (level == 1).any() else -1
    sheet.add("before first h1", at < first)
    in_row = np.concatenate(([0], (level[1:] > 0) & (level[:-1] > 0)))
    sheet.add("heading after heading", in_row)


def _names(sheet: Sheet, page: PageNumbers, names_say: Floats) -> None:
    own = names_say.tolist()
    total, low, high = [own[0]], [own[0]], [own[0]]
    for outer, said in zip(page.parent.tolist()[1:], own[1:], strict=True):
        total.append(total[outer] + said)
        low.append(min(low[outer], said))
        high.append(max(high[outer], said))
    sheet.add("names say, own", names_say[page.box])
    sheet.add("names say, around", names_say[page.parent[page.box]])
    sheet.add("names say, all", np.array(total, np.float32)[page.box])
    sheet.add("names say, lowest", np.array(low, np.float32)[page.box])
    sheet.add("names say, highest", np.array(high, np.float32)[page.box])

"""A page's pieces and boxes as arrays: what several kinds of features are computed from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pipeline.clean import hints
from pipeline.clean.boxes import INSIDE, Boxes, Tree
from pipeline.clean.line_characters import COMMA, SPACE, STOP, Lines, read
from pipeline.clean.sheet import Flags, Floats, Ints

#: a good piece of prose has at least so many words, less than so much of it in links, and a stop or comma
GOOD_WORDS = 8
GOOD_LINK_DENSITY = 0.4


class PageNumbers(NamedTuple):
    """Columns follow the pieces' order, or the boxes' where it says so."""

    lines: Lines
    words: Floats
    letters: Floats
    #: letters inside links
    linked: Floats
    good: Flags
    #: words of good pieces, 0 of others
    good_words: Floats
    #: box of each piece
    box: Ints
    #: of boxes
    parent: Ints
    start: Ints
    end: Ints
    depth: Ints
    #: bits of `hints` and of `boxes.INSIDE`, of a box and all around it
    families: Ints
    inside: Ints
    #: number of the kind of box that it is: its tag and names
    kind: Ints

    def within(self, row: Floats) -> Floats:
        """The sum of a row of pieces over each box."""
        total = np.concatenate((np.zeros(1, np.float64), np.cumsum(row, dtype=np.float64)))
        summed: Floats = (total[self.end] - total[self.start]).astype(np.float32)
        return summed


def number(tree: Tree) -> PageNumbers:
    """The arrays of a page that has at least one piece."""
    pieces, boxes = tree.pieces, tree.boxes
    lines = read([piece.text.replace("\n", " ") for piece in pieces])
    count = len(pieces)
    words = np.fromiter((piece.words for piece in pieces), np.float32, count)
    letters = (lines.kinds.sum(axis=0) - lines.kinds[SPACE]).astype(np.float32)
    linked = np.fromiter((piece.link_letters for piece in pieces), np.float32, count)
    linked = np.minimum(linked, letters)
    marked = (lines.kinds[STOP] + lines.kinds[COMMA]) > 0
    good = (words >= GOOD_WORDS) & (linked < GOOD_LINK_DENSITY * letters) & marked
    depth, families, inside = _inherited(boxes)
    kinds: dict[tuple[str, str], int] = {}
    kind = [kinds.setdefault(look, len(kinds)) for look in zip(boxes.tag, boxes.names, strict=True)]
    return PageNumbers(
        lines=lines,
        words=words,
        letters=np.maximum(letters, 1),
        linked=linked,
        good=good,
        good_words=np.where(good, words, 0).astype(np.float32),
        box=np.fromiter((piece.box for piece in pieces), np.int64, count),
        parent=np.array(boxes.parent),
        start=np.array(boxes.start),
        end=np.array(boxes.end),
        depth=np.array(depth),
        families=np.array(families),
        inside=np.array(inside),
        kind=np.array(kind),
    )


def _inherited(boxes: Boxes) -> tuple[list[int], list[int], list[int]]:
    """Depth of each box, and what it and all around it are."""
    depth, families, inside = [0], [boxes.families[0]], [0]
    for outer, own, tag in zip(boxes.parent[1:], boxes.families[1:], boxes.tag[1:], strict=True):
        depth.append(depth[outer] + 1)
        families.append(families[outer] | own)
        inside.append(inside[outer] | INSIDE.get(tag, 0))
    return depth, families, inside


def is_outside(families: Ints) -> Flags:
    """Whether any family that marks what is not the article is among these."""
    flags: Flags = (families & hints.OUTSIDE) != 0
    return flags

"""A page's pieces and boxes as arrays: what several kinds of features are computed from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count as counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.characters import COMMA, STOP, Hashes, Lines, read
from pipeline.clean.scoring.sheet import Flags, Floats, Ints, in_groups
from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import INSIDE, Tree

#: a good piece of prose has at least so many words, less than so much of it in links, and a stop or comma
GOOD_WORDS = 8
GOOD_LINK_DENSITY = 0.4
#: boxes around a piece that are told apart, its own included
LEVELS = 5

#: bits of elements: those of `boxes.INSIDE`, and one more
ELEMENTS = {**INSIDE, "div": 1 << len(INSIDE)}
#: families and elements of a box are inherited together, in one number: families below, elements above
_FAMILY_BITS = 20


class PageNumbers(NamedTuple):
    """Columns follow the pieces' order, or the boxes' where it says so."""

    #: of the pieces
    lines: Lines
    #: hashes of the words of the page's titles, and of its descriptions, sorted, each once; None without any
    account: tuple[Hashes | None, Hashes | None]
    words: Floats
    #: one at least
    letters: Floats
    #: letters inside links
    linked: Floats
    good: Flags
    #: words of good pieces, 0 of others
    good_words: Floats
    #: box of each piece
    box: Ints
    #: levels x pieces: its box, the one around it, and so on; the outermost is around itself
    around: Ints
    #: kinds and paths x pieces: number of its box's kind (tag and names); of that and the kind around
    groups: Ints
    #: `families` and `inside` of each piece's box
    piece_families: Ints
    piece_inside: Ints
    #: of boxes
    parent: Ints
    start: Ints
    end: Ints
    depth: Ints
    #: the box that is 1, 2, 4 ... steps further out, until all are the outermost
    outer: list[Ints]
    #: bits of `hints`, and of `ELEMENTS`, of a box and all around it
    families: Ints
    inside: Ints
    #: bit of `ELEMENTS` of the box itself, or 0
    element: Ints
    #: number of its look in `looks`
    kind: Ints
    #: tag and names, each once
    looks: list[tuple[str, str]]

    def by_group(self, rows: Sequence[NDArray[Any] | float]) -> NDArray[np.float64]:
        """Of each row the sum over the pieces of each kind and path: rows x numbers of `groups`."""
        groups, height = self.groups, len(rows)
        size = int(groups[1].max()) + 1
        weights = np.empty((height, *groups.shape))
        for row, values in zip(weights, rows, strict=True):
            row[:] = values
        at = groups + np.arange(0, height * size, size)[:, None, None]
        sums: NDArray[Any] = np.bincount(at.ravel(), weights.ravel(), height * size)
        return sums.reshape(height, size)


def number(tree: Tree) -> PageNumbers:
    """The arrays of a page that has at least one piece."""
    pieces, boxes = tree.pieces, tree.boxes
    lines, account = _read(tree)
    # Written out: a comprehension reads an attribute twice as fast as anything that is told its name.
    words = np.array([piece.words for piece in pieces], np.float32)
    linked = np.array([piece.link_letters for piece in pieces], np.float32)
    letters = lines.letters.astype(np.float32)
    np.minimum(linked, letters, out=linked)
    good = (words >= GOOD_WORDS) & (linked < GOOD_LINK_DENSITY * letters)
    good &= (lines.kinds[STOP] + lines.kinds[COMMA]) > 0
    size = len(boxes.parent)
    parent = np.fromiter(boxes.parent, np.int64, size)
    looks: defaultdict[tuple[str, str], int] = defaultdict(counter().__next__)
    kind = np.fromiter(map(looks.__getitem__, zip(boxes.tag, boxes.names, strict=True)), np.int64, size)
    element = np.array([ELEMENTS.get(tag, 0) for tag, _ in looks]).take(kind)
    outer = _outer(parent)
    families, inside, depth = _inherited(outer, np.fromiter(boxes.families, np.int64, size), element)
    around = np.empty((LEVELS, len(pieces)), np.int64)
    around[0] = [piece.box for piece in pieces]
    for level in range(1, LEVELS):
        around[level] = parent.take(around[level - 1])
    box = around[0]
    own, outside = kind.take(around[:2])
    path, _ = in_groups(own * len(looks) + outside)
    return PageNumbers(
        lines=lines,
        account=account,
        words=words,
        letters=np.maximum(letters, 1),
        linked=linked,
        good=good,
        good_words=words * good,
        box=box,
        around=around,
        groups=np.array((own, path + len(looks))),
        piece_families=families.take(box),
        piece_inside=inside.take(box),
        parent=parent,
        start=np.fromiter(boxes.start, np.int64, size),
        end=np.fromiter(boxes.end, np.int64, size),
        depth=depth,
        outer=outer,
        families=families,
        inside=inside,
        element=element,
        kind=kind,
        looks=list(looks),
    )


def _read(tree: Tree) -> tuple[Lines, tuple[Hashes | None, Hashes | None]]:
    """The pieces as lines, and the words of what the page says of itself, all in one reading."""
    titles, descriptions = [tree.signals.plain.get("title", "")], []
    for name, content in tree.signals.plain.get("meta", ()):
        if name in ("og:title", "twitter:title"):
            titles.append(content)
        elif name in ("description", "og:description", "twitter:description"):
            descriptions.append(content)
    said = [" ".join(texts).strip() for texts in (titles, descriptions)]
    count = len(tree.pieces)
    lines = read([*[piece.text for piece in tree.pieces], *said])
    starts = lines.token_starts[count:].tolist()
    first, second = (
        np.array(sorted(set(lines.tokens[start:end].tolist())), np.uint32) if text else None
        for text, start, end in zip(said, starts, starts[1:], strict=False)
    )
    tokens = starts[0]
    own = Lines(
        kinds=lines.kinds[:, :count],
        letters=lines.letters[:count],
        first=lines.first[:count],
        last=lines.last[:count],
        words=lines.words[:count],
        tokens=lines.tokens[:tokens],
        line_of=lines.line_of[:tokens],
        capital=lines.capital[:tokens],
        token_starts=lines.token_starts[: count + 1],
        hashes=lines.hashes[:count],
    )
    return own, (first, second)


def _outer(parent: Ints) -> list[Ints]:
    steps = []
    up = parent
    while up.any():
        steps.append(up)
        up = up.take(up)
    return steps


def _inherited(outer: list[Ints], families: Ints, element: Ints) -> tuple[Ints, Ints, Ints]:
    """What each box and all around it are, and its depth. Each turn looks twice as far up as the last."""
    said = element << _FAMILY_BITS
    said |= families
    depth = np.ones_like(families)
    depth[0] = 0
    for up in outer:
        said |= said.take(up)
        depth += depth.take(up)
    # The outermost box is not reached by the last turn of any.
    said |= said[0]
    return said & ((1 << _FAMILY_BITS) - 1), said >> _FAMILY_BITS, depth


def is_outside(families: Ints) -> Flags:
    """Whether any family that marks what is not the article is among these."""
    flags: Flags = (families & hints.OUTSIDE) != 0
    return flags

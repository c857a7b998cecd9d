"""What the boxes around a piece make of it: heading, list item, quote, caption, code, cell."""

from __future__ import annotations

from bisect import bisect_left
from typing import Literal

from pipeline.clean.walk.boxes import Tree

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_TELLING = frozenset(
    ("li", "dt", "dd", "blockquote", "figcaption", "caption", "figure", "pre", "td", "th", "table", *HEADINGS)
)
#: classes, dashes and underscores aside, of captions and quotes that have no element of their own
_CAPTIONS = (
    "captiontext",
    "figcaption",
    "imagecaption",
    "photocaption",
    "mediacaption",
    "wpcaptiondd",
    "piccaption",
)
_QUOTES = ("pullquote", "blockquote")
_FIGURES = ("wpcaption", "imageblock")
#: pieces that a box with the class of a caption may hold: some have the whole story
_MOST_IN_CAPTION = 3
#: quotes and items inside one another that are told apart: readers of Markdown stop at some depth, too
_DEEPEST = 8


class Place:
    """What a box is part of."""

    __slots__ = ("cell", "figure", "is_plain", "is_term", "kind", "level", "path", "table", "within")

    def __init__(self) -> None:
        #: an ordinary paragraph, as most are
        self.is_plain = True
        self.kind: Literal["paragraph", "heading", "item", "quote", "code", "table", "caption"] = "paragraph"
        self.level = 0
        #: numbers of the boxes that Markdown sets off at the start of each line, outermost first: quotes
        #: and items of lists
        self.path: tuple[int, ...] = ()
        self.is_term = False
        #: numbers of boxes, -1 outside: the table whose cell it is in; the nearest table; cell; figure
        self.table = -1
        self.within = -1
        self.cell = -1
        self.figure = -1

    def twin(self) -> Place:
        """A place inside this one, for its box to change. Written out: copying costs five times as much."""
        place = Place.__new__(Place)
        place.is_plain, place.is_term = False, self.is_term
        place.kind, place.level, place.path = self.kind, self.level, self.path
        place.table, place.within = self.table, self.within
        place.cell, place.figure = self.cell, self.figure
        return place


class Places:
    """The places of a page's boxes, each found out once."""

    def __init__(self, tree: Tree, chosen: list[int]) -> None:
        self._boxes = tree.boxes
        self._parents, self._tags, self._names = tree.boxes.parent, tree.boxes.tag, tree.boxes.names
        self._known: dict[int, Place] = {0: Place()}
        self._headings = [at for at in chosen if tree.boxes.tag[tree.pieces[at].box] in HEADINGS]

    def of(self, number: int) -> Place:
        """That of the box around it, and what its own tag and classes change. Inner boxes win."""
        known = self._known
        if number in known:
            return known[number]
        parents, tags, names, chain = self._parents, self._tags, self._names, [number]
        outer = parents[number]
        while outer not in known:
            chain.append(outer)
            outer = parents[outer]
        place = known[outer]
        for inner in reversed(chain):
            tag, name = tags[inner], names[inner]
            if tag in _TELLING:
                place = self._inside(place, inner, tag)
            if name and ("aption" in name or "uote" in name or "imageblock" in name):
                place = self._named(place, inner, tag, name)
            known[inner] = place
        return place

    def _inside(self, outer: Place, number: int, tag: str) -> Place:
        place = outer.twin()
        if tag in HEADINGS:
            place.kind, place.level = "heading", HEADINGS[tag]
        elif tag in ("li", "dt", "dd"):
            if len(outer.path) >= _DEEPEST or self._holds_heading(number):
                return outer
            place.kind, place.path = "item", (*outer.path, number)
            place.is_term = tag == "dt"
        elif tag == "blockquote":
            place.kind = "quote"
            # A quote named as one by its class often holds the element, too.
            is_named = outer.path and self._boxes.tag[outer.path[-1]] not in ("li", "dt", "dd", "blockquote")
            if not is_named and len(outer.path) < _DEEPEST:
                place.path = (*outer.path, number)
        elif tag in ("figcaption", "caption"):
            place.kind = "caption"
        elif tag == "figure":
            place.figure = number
        elif tag == "pre":
            place.kind = "code"
        elif tag == "table":
            place.within, place.table, place.cell = number, -1, -1
        elif tag in ("td", "th") and outer.within >= 0:
            place.cell, place.table = number, place.within
        return place

    def _named(self, outer: Place, number: int, tag: str, names: str) -> Place:
        """The place of a box by its classes: themes have ``div`` and ``p`` where there are elements."""
        words = names.lower().replace("-", "").replace("_", "").split()
        place = outer.twin()
        if any(word in _QUOTES for word in words) and tag not in ("blockquote", "figure"):
            if outer.kind != "quote" and len(outer.path) < _DEEPEST:
                place.kind, place.path = "quote", (*outer.path, number)
        elif any(word in _FIGURES for word in words):
            place.figure = number
        elif (
            outer.kind in ("paragraph", "item")
            and any(word.endswith(_CAPTIONS) for word in words)
            and self._boxes.end[number] - self._boxes.start[number] <= _MOST_IN_CAPTION
        ):
            place.kind = "caption"
        return place

    def _holds_heading(self, number: int) -> bool:
        """Whether an item has headings of its own, as in "ten things": such a list lays out the page."""
        first = bisect_left(self._headings, self._boxes.start[number])
        return first < len(self._headings) and self._headings[first] < self._boxes.end[number]

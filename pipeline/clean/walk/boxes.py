"""What the walk over a page yields: pieces of text, the boxes around them, pictures, signals."""

from __future__ import annotations

import msgspec

from pipeline.clean.walk.signals import Signals

#: stands for a line break in the parts of a piece: a control character, which decoding has removed
BREAK = "\x1f"


_TELLING = """
    article main section aside nav header footer form ul ol li dl table td th blockquote figure figcaption p
    h1 h2 h3 h4 h5 h6 details center address pre dialog
"""
#: elements that tell something of all text inside them, as bits
INSIDE = {name: 1 << bit for bit, name in enumerate(_TELLING.split())}


class Boxes:
    """All block-level elements of a page: the boxes around a piece say what it belongs to.

    A list for each property, since a page has hundreds, and most are never looked at one by one. A box
    comes after the one around it; the first is its own.
    """

    __slots__ = ("end", "families", "names", "notes", "parent", "start", "tag")

    def __init__(self) -> None:
        self.parent = [0]
        self.tag = ["html"]
        #: classes and id, as written
        self.names = [""]
        #: bits of `pipeline.clean.walk.hints`, of the element alone
        self.families = [0]
        #: the pieces inside: from start up to, not including, end
        self.start = [0]
        self.end = [0]
        #: what rendering needs beside the tag, if anything: of an ``ol`` its start, with "reversed"
        #: before it; of an ``li`` its value; of a cell its columns and rows, "2x3"; of a ``table`` for layout
        #: "presentation"; of code its language
        self.notes: dict[int, str] = {}

    def add(self, parent: int, tag: str, names: str, families: int, start: int) -> int:
        """A box that begins here, with nothing inside yet; its number."""
        number = len(self.parent)
        self.parent.append(parent)
        self.tag.append(tag)
        self.names.append(names)
        self.families.append(families)
        self.start.append(start)
        self.end.append(start)
        return number

    def __len__(self) -> int:
        return len(self.parent)


class Piece(msgspec.Struct, eq=False, gc=False):
    """A run of text between the borders of block-level elements."""

    box: int
    #: white space collapsed; line breaks as newlines
    text: str
    words: int
    #: characters inside links
    link_letters: int
    #: links that begin in it
    links: int
    #: the text as found; marks are (index in parts, what begins or ends before that part), nested
    #: properly and all closed at the end: ** * ~~ ` <sub> <sup> with /** and so on for their ends, [ and
    #: ](address) for links
    parts: list[str]
    marks: list[tuple[int, str]]

    @property
    def link_density(self) -> float:
        """Share of the text inside links; it may exceed 1 by white space."""
        return self.link_letters / len(self.text)


class Picture(msgspec.Struct, eq=False, gc=False):
    """An image with the box that holds it and the number of pieces before it."""

    box: int
    at: int
    #: as written; ``source`` is the set of files that a ``picture`` element around it names first
    attributes: dict[str, str | None]
    #: address of the link around it
    link: str | None


class Tree:
    """A page in reading order."""

    __slots__ = ("boxes", "pictures", "pieces", "rules", "signals")

    def __init__(self, pieces: list[Piece], boxes: Boxes, pictures: list[Picture], signals: Signals) -> None:
        self.pieces = pieces
        self.boxes = boxes
        self.pictures = pictures
        self.signals = signals
        #: how many pieces are before each horizontal rule
        self.rules: list[int] = []

"""What the walk over a page yields: pieces of text, the boxes around them, pictures, signals."""

from __future__ import annotations

from pipeline.clean.signals import Shown, Signals

#: stands for a line break in the parts of a piece: a control character, which decoding has removed
BREAK = "\x1f"


class Box:
    """A block-level element: the boxes around a piece say what it belongs to."""

    __slots__ = ("end", "families", "level", "number", "parent", "shown", "start", "tag")

    def __init__(self, number: int, parent: int, tag: str, families: int, level: int, start: int) -> None:
        #: position in the list of boxes; a box comes after its parent. The first is its own parent
        self.number = number
        self.parent = parent
        self.tag = tag
        #: bits of `pipeline.clean.hints`, of this element alone
        self.families = families
        #: how many lists are around
        self.level = level
        #: the pieces inside: from start up to, not including, end
        self.start = start
        self.end = start
        #: what it shows of metadata, while the walk is inside
        self.shown: Shown | None = None


class Piece:
    """A run of text between the borders of block-level elements."""

    __slots__ = ("box", "link_letters", "marks", "parts", "text", "words")

    def __init__(
        self,
        box: int,
        text: str,
        words: int,
        link_letters: int,
        parts: list[str],
        marks: list[tuple[int, str]],
    ) -> None:
        self.box = box
        #: white space collapsed; line breaks as newlines
        self.text = text
        self.words = words
        #: characters inside links
        self.link_letters = link_letters
        #: the text as found; marks are (index in parts, Markdown that belongs before it)
        self.parts = parts
        self.marks = marks

    @property
    def link_density(self) -> float:
        """Share of the text inside links; it may exceed 1 by white space."""
        return self.link_letters / len(self.text)


class Picture:
    """An image with the box that holds it and the number of pieces before it."""

    __slots__ = ("at", "attributes", "box")

    def __init__(self, box: int, at: int, attributes: dict[str, str | None]) -> None:
        self.box = box
        self.at = at
        self.attributes = attributes


class Tree:
    """A page in reading order."""

    __slots__ = ("boxes", "pictures", "pieces", "signals")

    def __init__(
        self, pieces: list[Piece], boxes: list[Box], pictures: list[Picture], signals: Signals
    ) -> None:
        self.pieces = pieces
        self.boxes = boxes
        self.pictures = pictures
        self.signals = signals

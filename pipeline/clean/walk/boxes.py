"""What the walk over a page yields: pieces of text, the boxes around them, pictures, signals."""

from __future__ import annotations

from pipeline.clean.walk.signals import Signals

#: stands for a line break in the parts of a piece: a control character, which decoding has removed
BREAK = "\x1f"


_TELLING = """
    article main section aside nav header footer form ul ol li dl table td th blockquote figure figcaption p
    h1 h2 h3 h4 h5 h6 details center address pre dialog
"""
#: elements that tell something of all text inside them, as bits
INSIDE = {name: 1 << bit for bit, name in enumerate(_TELLING.split())}


class Box:
    """A block-level element: the boxes around a piece say what it belongs to."""

    __slots__ = ("end", "families", "level", "names", "note", "number", "parent", "start", "tag")

    def __init__(self, boxes: Boxes, number: int) -> None:
        #: position in the list of boxes; a box comes after its parent. The first is its own parent
        self.number = number
        self.parent = boxes.parent[number]
        self.tag = boxes.tag[number]
        #: its classes and id, as written
        self.names = boxes.names[number]
        #: bits of `pipeline.clean.walk.hints`, of this element alone
        self.families = boxes.families[number]
        #: how many lists are around
        self.level = boxes.level[number]
        #: the pieces inside: from start up to, not including, end
        self.start = boxes.start[number]
        self.end = boxes.end[number]
        #: see `Boxes.notes`
        self.note = boxes.notes.get(number, "")


class Boxes:
    """All boxes of a page, a list for each property: a page has hundreds, and most are never looked at
    one by one."""

    __slots__ = ("end", "families", "level", "names", "notes", "parent", "start", "tag")

    def __init__(self) -> None:
        self.parent = [0]
        self.tag = ["html"]
        self.names = [""]
        self.families = [0]
        self.level = [0]
        self.start = [0]
        self.end = [0]
        #: what rendering needs beside the tag, if anything: of an ``ol`` its start, with "reversed"
        #: before it; of an ``li`` its value; of a cell its columns and rows, "2x3"; of a ``table`` for layout
        #: "presentation"; of code its language
        self.notes: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.parent)

    def __getitem__(self, number: int) -> Box:
        return Box(self, number)


class Piece:
    """A run of text between the borders of block-level elements."""

    __slots__ = ("box", "link_letters", "links", "marks", "parts", "text", "words")

    def __init__(
        self,
        box: int,
        text: str,
        words: int,
        link_letters: int,
        links: int,
        parts: list[str],
        marks: list[tuple[int, str]],
    ) -> None:
        self.box = box
        #: white space collapsed; line breaks as newlines
        self.text = text
        self.words = words
        #: characters inside links
        self.link_letters = link_letters
        #: links that begin in it
        self.links = links
        #: the text as found; marks are (index in parts, what begins or ends before that part), nested
        #: properly and all closed at the end: ** * ~~ ` <sub> <sup> with /** and so on for their ends, [ and
        #: ](address) for links
        self.parts = parts
        self.marks = marks

    @property
    def link_density(self) -> float:
        """Share of the text inside links; it may exceed 1 by white space."""
        return self.link_letters / len(self.text)


class Picture:
    """An image with the box that holds it and the number of pieces before it."""

    __slots__ = ("at", "attributes", "box", "link")

    def __init__(self, box: int, at: int, attributes: dict[str, str | None], link: str | None) -> None:
        self.box = box
        self.at = at
        #: as written; ``source`` is the set of files that a ``picture`` element around it names first
        self.attributes = attributes
        #: address of the link around it
        self.link = link


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

"""HTML to pieces of text in boxes: one parse by lexbor, one walk.

The walk is iterative (a page may nest as deep as it likes) and judges nothing: it notes every
run of text with the box that holds it, every box with what its tag and attributes say, and every
metadata signal on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import BREAK, Boxes, Picture, Piece, Tree
from pipeline.clean.walk.elements import (
    FAMILIES,
    HANDLERS,
    HEADLINES,
    LISTINGS,
    MARKS,
    NAMES,
    NOSCRIPT,
    NOTED,
    TEXT,
    note_of,
)  # fmt: skip
from pipeline.clean.walk.listing import read_listing
from pipeline.clean.walk.passage import Passage
from pipeline.clean.walk.signals import Shown, Signals
from pipeline.words import count_words

_EMOJI = ("emoji", "wp-smiley")
_SPEAKING = hints.SHOWN | hints.PROPERTY
_SILENT = ("", 0)
_ALWAYS = HEADLINES | LISTINGS

#: pieces of text that an element on show may hold: a byline has a few, a page named "author" has all; and
#: what is read of each for it: runs of text, and characters of a run
_MOST_SHOWN, _MOST_RUNS, _LONGEST_RUN = 6, 50, 1_000

#: what is done at an element's end, beside the numbers of boxes, which are closed: nothing, or what was put
#: aside last; or its inside is not visited
_NOTHING, _ENDING, _SKIP = -1, -2, -3

Attributes = dict[str, str | None]


def read_tree(html: bytes, *, noscript: bool = False) -> Tree:
    """Parse and walk a page or fragment in UTF-8. Never raises for its content.

    ``noscript`` says whether to read what pages show where scripts do not run: mostly doubles of
    lazy-loaded pictures, but some pages have all of their text there.
    """
    parser = LexborHTMLParser(html, scripting=not noscript, options=1)
    walk = _Walk()
    if parser.root is not None:
        walk.run(parser.root, _WITH_NOSCRIPT if noscript else _WITHOUT_NOSCRIPT)
    return walk.tree


class _Walk:
    def __init__(self) -> None:
        self.tree = Tree([], Boxes(), [], Signals())
        self._pieces = self.tree.pieces
        #: the box that the walk is in
        self._box = 0
        self._passage = Passage(self._pieces)
        #: what boxes that are still open show of metadata
        self._showing: dict[int, Shown] = {}
        #: what is called at the ends of elements that are still open, the innermost last
        self._endings: list[Callable[[], None]] = []
        #: the set of files that a ``picture`` element names first; None outside of one
        self._source: str | None = None

    def run(self, root: LexborNode, enter: list[_Enter | None]) -> None:
        """Visit every element outside the skipped ones, entering and leaving in document order.

        Text and containers, which most nodes are, are read here: a call costs as much as what it does.
        """
        boxes, pieces, passage, showing = self.tree.boxes, self._pieces, self._passage, self._showing
        parents, ends, add, parts = boxes.parent, boxes.end, boxes.add, passage.parts
        text_tag, known, skip, say = TEXT, len(enter), _Walk.skip, hints.attributes_say
        nodes, leaves = list[LexborNode](), list[int]()
        node: LexborNode | None = root
        while True:
            if node is None:
                if not nodes:
                    break
                leave = leaves.pop()
                if leave >= 0:
                    if parts:
                        parts = passage.end(leave)
                    ends[leave] = len(pieces)
                    if leave in showing:
                        self._complete(showing.pop(leave), 0)
                    self._box = parents[leave]
                elif leave == _ENDING:
                    self._endings.pop()()
                node = nodes.pop().next
                continue
            tag = node.tag_id
            if tag == text_tag:
                text = node.text_content
                # Most text nodes are the white space between two elements.
                if text and (parts or not text.isspace()):
                    parts.append(text)
                node = node.next
                continue
            handler = enter[tag] if tag < known else _Walk.unknown
            if handler is None:
                if parts:
                    parts = passage.end(self._box)
                attributes = node.attributes
                names, families = say(attributes) if attributes else _SILENT
                families |= FAMILIES[tag]
                self._box = leave = add(self._box, NAMES[tag], names, families, len(pieces))
                if families & _SPEAKING or tag in _ALWAYS or (attributes and tag in NOTED):
                    leave = self._look_closer(node, tag, attributes, families)
            elif handler is skip:
                node = node.next
                continue
            else:
                leave = handler(self, node, tag)
                parts = passage.parts
            if leave == _SKIP:
                node = node.next
            else:
                nodes.append(node)
                leaves.append(leave)
                node = node.first_child
        if parts:
            passage.end(0)
        ends[0] = len(pieces)

    def _look_closer(self, node: LexborNode, number: int, attributes: Attributes, families: int) -> int:
        """Note what a container says beside its row; all of it where its inside is not visited."""
        box, tag = self._box, NAMES[number]
        if attributes and number in NOTED:
            note = note_of(tag, attributes)
            if note:
                self.tree.boxes.notes[box] = note
        if families & _SPEAKING or number in HEADLINES:
            shown = self._note(tag, attributes, families)
            if shown is not None:
                self._showing[box] = shown
        return self._listing(node, box) if number in LISTINGS else box

    def _listing(self, node: LexborNode, box: int) -> int:
        """Read a box of preformatted text whole, and close it."""
        boxes = self.tree.boxes
        text, language = read_listing(node)
        if language:
            boxes.notes[box] = language
        if text.strip():
            self._pieces.append(Piece(box, text, count_words(text), 0, 0, [], []))
        if box in self._showing:
            self._complete(self._showing.pop(box), 0)
        boxes.end[box] = len(self._pieces)
        self._box = boxes.parent[box]
        return _SKIP

    # The start of an element of each kind. What it returns is done at the element's end.

    def skip(self, node: LexborNode, number: int) -> int:
        return _SKIP

    def plain(self, node: LexborNode, number: int) -> int:
        return _NOTHING

    def inline(self, node: LexborNode, number: int) -> int:
        attributes = node.attributes
        if not attributes:
            return _NOTHING
        _, families = hints.attributes_say(attributes)
        tag = NAMES[number]
        shown = None
        if families & _SPEAKING or tag == "time":
            shown = self._note(tag, attributes, families)
        if families & hints.HIDDEN:
            if shown is not None:
                shown.complete([node.text(deep=True)])
            return _SKIP
        if shown is None:
            return _NOTHING
        self._endings.append(partial(self._complete, shown, len(self._passage.parts)))
        return _ENDING

    def link(self, node: LexborNode, number: int) -> int:
        attributes, passage, shown = node.attributes, self._passage, None
        names, start = attributes.get("class"), len(passage.parts)
        families = hints.CLASSES[names][1] if names else 0
        if families & hints.SHOWN or "rel" in attributes or "itemprop" in attributes:
            shown = self._note("a", attributes, families)
        if passage.link is not None:
            return _NOTHING
        address, child = attributes.get("href") or "", node.first_child
        if child is not None and child.tag_id == TEXT and child.next is None:
            # Most links hold one text and nothing else.
            passage.add_link(address, child.text_content or "")
            if shown is not None:
                self._complete(shown, start)
            return _SKIP
        passage.start_link(address)
        self._endings.append(passage.end_link if shown is None else partial(self._leave_link, shown, start))
        return _ENDING

    def _leave_link(self, shown: Shown, start: int) -> None:
        self._complete(shown, start)
        self._passage.end_link()

    def emphasis(self, node: LexborNode, number: int) -> int:
        if not self._passage.start_mark(MARKS[NAMES[number]]):
            return _NOTHING
        self._endings.append(self._passage.end_mark)
        return _ENDING

    def quotation(self, node: LexborNode, number: int) -> int:
        self._passage.start_quotation()
        self._endings.append(self._passage.end_quotation)
        return _ENDING

    def line_break(self, node: LexborNode, number: int) -> int:
        if self._passage.ends_line():
            # Two in a row end a paragraph in pages that have no p.
            self._passage.end(self._box)
        else:
            self._passage.parts.append(BREAK)
        return _SKIP

    def rule(self, node: LexborNode, number: int) -> int:
        if self._passage.parts:
            self._passage.end(self._box)
        self.tree.rules.append(len(self._pieces))
        return _SKIP

    def picture(self, node: LexborNode, number: int) -> int:
        attributes = node.attributes
        alt, names = attributes.get("alt"), attributes.get("class")
        if alt and names and not alt.isascii() and any(name in _EMOJI for name in names.split()):
            # Readers see a character.
            self._passage.parts.append(alt)
            return _SKIP
        if self._source:
            attributes["source"] = self._source
        self.tree.pictures.append(Picture(self._box, len(self._pieces), attributes, self._passage.link))
        return _SKIP

    def picture_set(self, node: LexborNode, number: int) -> int:
        self._source = ""
        self._endings.append(self._leave_picture_set)
        return _ENDING

    def _leave_picture_set(self) -> None:
        self._source = None

    def source(self, node: LexborNode, number: int) -> int:
        if self._source == "":
            attributes = node.attributes
            self._source = attributes.get("srcset") or attributes.get("data-srcset") or ""
        return _SKIP

    def unknown(self, node: LexborNode, number: int) -> int:
        return self.picture(node, number) if node.tag == "amp-img" else _NOTHING

    def script(self, node: LexborNode, number: int) -> int:
        if "ld+json" in (node.attributes.get("type") or "").lower():
            self.tree.signals.json_ld(node.text(deep=True) or "")
        return _SKIP

    def meta(self, node: LexborNode, number: int) -> int:
        self.tree.signals.meta(node.attributes)
        return _SKIP

    def head_link(self, node: LexborNode, number: int) -> int:
        self.tree.signals.link(node.attributes)
        return _SKIP

    def title(self, node: LexborNode, number: int) -> int:
        self.tree.signals.title(node.text(deep=True) or "")
        return _SKIP

    def root(self, node: LexborNode, number: int) -> int:
        self.tree.signals.root(node.attributes)
        return _NOTHING

    def _note(self, tag: str, attributes: dict[str, str | None], families: int) -> Shown | None:
        signals = self.tree.signals
        what = signals.speaks(tag, attributes, families)
        if what is None:
            return None
        return signals.show(what, tag, attributes, self._box, len(self._pieces))

    def _complete(self, shown: Shown, start: int) -> None:
        """Give an element on show its text at its end; what holds many pieces is no byline or date."""
        pieces, most = self._pieces[shown.at : shown.at + _MOST_SHOWN + 1], _MOST_RUNS
        if len(pieces) > _MOST_SHOWN:
            return
        start = 0 if pieces else start
        runs = self._passage.parts[start : start + most]
        if pieces:
            runs = [run for piece in pieces for run in piece.parts[:most]] + runs
        shown.complete([run[:_LONGEST_RUN] for run in runs])


_Enter = Callable[[_Walk, LexborNode, int], int]


def _methods(names: list[str]) -> list[_Enter | None]:
    """What to call at an element, by lexbor's number for it; None for a container."""
    return [None if name == "container" else getattr(_Walk, name or "plain") for name in names]


_WITHOUT_NOSCRIPT, _WITH_NOSCRIPT = _methods(HANDLERS), _methods(NOSCRIPT)

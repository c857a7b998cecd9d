"""HTML to pieces of text in boxes: one parse by lexbor, one walk.

The walk is iterative (a page may nest as deep as it likes) and judges nothing: it notes every
run of text with the box that holds it, every box with what its tag and attributes say, and every
metadata signal on the way.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import BREAK, Boxes, Picture, Piece, Tree
from pipeline.clean.walk.elements import FAMILIES, HANDLERS, MARKS, NAMES, NOSCRIPT, NOTED, TEXT, note_of
from pipeline.clean.walk.listing import read_listing
from pipeline.clean.walk.signals import Shown, Signals
from pipeline.words import UNSPACED, count_words

_HEADLINES = ("h1", "h2", "h3")
_LISTS = ("ul", "ol", "dir")
_EMOJI = ("emoji", "wp-smiley")

#: pieces of text that an element on show may hold: a byline has a few, a page named "author" has all
_MOST_SHOWN = 6

Leave = Callable[[], None]


def _skip() -> None:
    """Stands for the end of an element whose inside is not visited."""


def read_tree(html: bytes, *, noscript: bool = False) -> Tree:
    """Parse and walk a page or fragment in UTF-8. Never raises for its content.

    ``noscript`` says whether to read what pages show where scripts do not run: mostly doubles of
    lazy-loaded pictures, but some pages have all of their text there.
    """
    parser = LexborHTMLParser(html, scripting=not noscript, options=1)
    walk = _Walk(NOSCRIPT if noscript else HANDLERS)
    if parser.root is not None:
        walk.run(parser.root)
    return walk.tree


class _Walk:
    def __init__(self, handlers: list[str]) -> None:
        self._handlers = handlers
        self._box = 0
        self.tree = Tree([], Boxes(), [], Signals())
        self._parts: list[str] = []
        self._marks: list[tuple[int, str]] = []
        #: the marks that are open, outermost first
        self._open: list[str] = []
        self._quotes = 0
        #: the set of files that a ``picture`` element names first; None outside of one
        self._source: str | None = None
        #: what boxes that are still open show of metadata
        self._showing: dict[int, Shown] = {}
        #: the address of the link that the walk is in, and where its text starts
        self._link: str | None = None
        self._link_from = 0
        self._link_letters = 0
        self._links = 0

    def run(self, root: LexborNode) -> None:
        """Visit every element outside the skipped ones, entering and leaving in document order."""
        handlers = {name: getattr(self, name) for name in set(self._handlers) - {""}}
        enter = [handlers.get(name) for name in self._handlers]
        known, text_tag, parts = len(enter), TEXT, self._parts
        unknown = self.unknown
        nodes: list[LexborNode] = []
        leaves: list[Leave | int | None] = []
        node: LexborNode | None = root
        while True:
            if node is None:
                if not nodes:
                    break
                node, leave = nodes.pop(), leaves.pop()
                if isinstance(leave, int):
                    self._close(leave)
                elif leave is not None:
                    leave()
                node = node.next
                continue
            tag = node.tag_id
            if tag == text_tag:
                text = node.text_content
                # Most text nodes are the white space between two elements.
                if text and (parts or not text.isspace()):
                    parts.append(text)
                node = node.next
                continue
            handler = enter[tag] if tag < known else unknown
            leave = None if handler is None else handler(node, tag)
            child = None if leave is _skip else node.first_child
            if child is None:
                if isinstance(leave, int):
                    self._close(leave)
                elif leave is not None:
                    leave()
                node = node.next
            else:
                nodes.append(node)
                leaves.append(leave)
                node = child
        self._flush()
        self.tree.boxes.end[0] = len(self.tree.pieces)

    # The start of an element of each kind. What it returns is done at the element's end: a number
    # closes the box, anything else is called.

    def skip(self, node: LexborNode, tag: int) -> Leave:
        return _skip

    def container(self, node: LexborNode, number: int) -> int:
        if self._parts:
            self._flush()
        tree, outer, attributes = self.tree, self._box, node.attributes
        boxes, at, tag, families, names = tree.boxes, len(tree.pieces), NAMES[number], FAMILIES[number], ""
        if attributes:
            names, said = hints.attributes_say(attributes)
            families |= said
            if tag in NOTED:
                note = note_of(tag, attributes)
                if note:
                    boxes.notes[len(boxes.parent)] = note
        box = self._box = len(boxes.parent)
        boxes.parent.append(outer)
        boxes.tag.append(tag)
        boxes.names.append(names)
        boxes.families.append(families)
        boxes.level.append(boxes.level[outer] + 1 if tag in _LISTS else boxes.level[outer])
        boxes.start.append(at)
        boxes.end.append(at)
        if families & hints.SHOWN or tag in _HEADLINES or "itemprop" in attributes:
            shown = self._note(tag, attributes, families)
            if shown is not None:
                self._showing[box] = shown
        return box

    def _close(self, box: int) -> None:
        if self._parts:
            self._flush()
        boxes = self.tree.boxes
        boxes.end[box] = len(self.tree.pieces)
        if box in self._showing:
            self._complete(self._showing.pop(box), 0)
        self._box = boxes.parent[box]

    def inline(self, node: LexborNode, number: int) -> Leave | None:
        attributes = node.attributes
        if not attributes:
            return None
        _, families = hints.attributes_say(attributes)
        tag = NAMES[number]
        shown = None
        if families & hints.SHOWN or tag == "time" or "itemprop" in attributes:
            shown = self._note(tag, attributes, families)
        if families & hints.HIDDEN:
            if shown is not None:
                shown.complete([node.text(deep=True)])
            return _skip
        if shown is None:
            return None
        noted, start = shown, len(self._parts)
        return lambda: self._complete(noted, start)

    def link(self, node: LexborNode, number: int) -> Leave | None:
        attributes = node.attributes
        names = attributes.get("class")
        families = hints.names_say(names) if names else 0
        shown = None
        if families & hints.SHOWN or "rel" in attributes or "itemprop" in attributes:
            shown = self._note("a", attributes, families)
        if self._link is not None:
            return None
        self._link = attributes.get("href") or ""
        self._links += 1
        self._link_from = start = len(self._parts)
        self._start("[")
        if shown is None:
            return self._leave_link
        noted = shown

        def leave() -> None:
            self._complete(noted, start)
            self._leave_link()

        return leave

    def _leave_link(self) -> None:
        parts = self._parts
        for at in range(self._link_from, len(parts)):
            self._link_letters += len(parts[at])
        self._end()
        self._link = None

    def emphasis(self, node: LexborNode, number: int) -> Leave:
        self._start(MARKS[NAMES[number]])
        return self._end

    def _start(self, mark: str) -> None:
        self._open.append(mark)
        self._marks.append((len(self._parts), mark))

    def _end(self) -> None:
        """Close the innermost open mark; one with nothing inside is taken back."""
        mark, at = self._open.pop(), len(self._parts)
        if self._marks and self._marks[-1] == (at, mark):
            self._marks.pop()
        else:
            self._marks.append((at, f"]({self._link})" if mark == "[" else f"/{mark}"))

    def quotation(self, node: LexborNode, number: int) -> Leave:
        opening, closing = ("“", "”") if self._quotes % 2 == 0 else ("‘", "’")
        self._quotes += 1
        self._parts.append(opening)

        def leave() -> None:
            self._quotes -= 1
            self._parts.append(closing)

        return leave

    def line_break(self, node: LexborNode, number: int) -> Leave:
        parts = self._parts
        at = len(parts) - 1
        while at >= 0 and not parts[at].strip():
            if parts[at] == BREAK:
                # Two in a row end a paragraph in pages that have no p.
                self._flush()
                return _skip
            at -= 1
        parts.append(BREAK)
        return _skip

    def rule(self, node: LexborNode, number: int) -> Leave:
        self._flush()
        self.tree.rules.append(len(self.tree.pieces))
        return _skip

    def code(self, node: LexborNode, number: int) -> Leave:
        box = self.container(node, number)
        text, language = read_listing(node)
        if language:
            self.tree.boxes.notes[box] = language
        if text.strip():
            self.tree.pieces.append(Piece(box, text, count_words(text), 0, 0, [], []))
        self._close(box)
        return _skip

    def picture(self, node: LexborNode, number: int) -> Leave:
        attributes = node.attributes
        alt, names = attributes.get("alt"), attributes.get("class")
        if alt and names and not alt.isascii() and any(name in _EMOJI for name in names.split()):
            # Readers see a character.
            self._parts.append(alt)
            return _skip
        if self._source:
            attributes["source"] = self._source
        self.tree.pictures.append(Picture(self._box, len(self.tree.pieces), attributes, self._link))
        return _skip

    def picture_set(self, node: LexborNode, number: int) -> Leave:
        self._source = ""

        def leave() -> None:
            self._source = None

        return leave

    def source(self, node: LexborNode, number: int) -> Leave:
        if self._source == "":
            attributes = node.attributes
            self._source = attributes.get("srcset") or attributes.get("data-srcset") or ""
        return _skip

    def unknown(self, node: LexborNode, number: int) -> Leave | None:
        return self.picture(node, number) if node.tag == "amp-img" else None

    def script(self, node: LexborNode, number: int) -> Leave:
        if "ld+json" in (node.attributes.get("type") or "").lower():
            self.tree.signals.json_ld(node.text(deep=True) or "")
        return _skip

    def meta(self, node: LexborNode, number: int) -> Leave:
        self.tree.signals.meta(node.attributes)
        return _skip

    def head_link(self, node: LexborNode, number: int) -> Leave:
        self.tree.signals.link(node.attributes)
        return _skip

    def title(self, node: LexborNode, number: int) -> Leave:
        self.tree.signals.title(node.text(deep=True) or "")
        return _skip

    def root(self, node: LexborNode, number: int) -> None:
        self.tree.signals.root(node.attributes)

    def _note(self, tag: str, attributes: dict[str, str | None], families: int) -> Shown | None:
        signals = self.tree.signals
        what = signals.speaks(tag, attributes, families)
        if what is None:
            return None
        return signals.show(what, tag, attributes, self._box, len(self.tree.pieces))

    def _complete(self, shown: Shown, start: int) -> None:
        """Give an element on show its text at its end; what holds many pieces is no byline or date."""
        pieces = self.tree.pieces[shown.at : shown.at + _MOST_SHOWN + 1]
        if len(pieces) > _MOST_SHOWN:
            return
        runs = [run for piece in pieces for run in piece.parts]
        shown.complete(runs + self._parts[0 if pieces else start :])

    def _flush(self) -> None:
        parts = self._parts
        if not parts:
            return
        if self._link is not None:
            self._link_letters += sum(map(len, parts[self._link_from :]))
            self._link_from = 0
        # What is open around more than one piece is marked in each.
        for mark in reversed(self._open):
            if self._marks and self._marks[-1] == (len(parts), mark):
                self._marks.pop()
            else:
                self._marks.append((len(parts), f"]({self._link})" if mark == "[" else f"/{mark}"))
        whole = parts[0] if len(parts) == 1 else "".join(parts)
        found = whole.split()
        if found:
            text = _lines(whole) if BREAK in whole else " ".join(found)
            words = len(found) if text.isascii() or not UNSPACED.search(text) else count_words(text)
            self.tree.pieces.append(
                Piece(self._box, text, words, self._link_letters, self._links, parts[:], self._marks)
            )
        # Emptied, not replaced: the walk holds on to the list.
        parts.clear()
        self._marks = [(0, mark) for mark in self._open]
        self._link_letters = self._links = 0


def _lines(whole: str) -> str:
    lines = (" ".join(line.split()) for line in whole.split(BREAK))
    return "\n".join(line for line in lines if line)

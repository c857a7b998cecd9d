"""HTML to pieces of text in boxes: one parse by lexbor, one walk. The only importer of selectolax.

The walk is iterative (a page may nest as deep as it likes) and judges nothing: it notes every
run of text with the box that holds it, every box with what its tag and attributes say, and every
metadata signal on the way. `pipeline.clean.region` chooses, `pipeline.clean.render` writes.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline.clean import hints
from pipeline.clean.boxes import BREAK, Boxes, Picture, Piece, Tree
from pipeline.clean.signals import Shown, Signals
from pipeline.words import UNSPACED, count_words

#: elements that hold no text of the page, or none that is read
_SKIPPED = (
    "style noscript template svg math iframe object embed canvas audio video map select button textarea input"
    " datalist progress meter applet frameset noframes rp rt source track col colgroup area param"
)
_CONTAINERS = (
    "div p section article main aside nav header footer form fieldset ul ol dl dt dd li blockquote figure"
    " figcaption table tbody thead tfoot tr td th caption address details summary center hgroup dialog menu"
    " h1 h2 h3 h4 h5 h6 legend"
)
_TAG_FAMILIES = {
    "nav": hints.NAV, "aside": hints.ASIDE, "footer": hints.FOOTER, "form": hints.FORM,
    "dialog": hints.HIDDEN, "menu": hints.NAV, "address": hints.META,
}  # fmt: skip
_HEADLINES = ("h1", "h2", "h3")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`", "del": "~~", "s": "~~"}

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
    walk = _Walk(_NOSCRIPT if noscript else _HANDLERS)
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
        known, text_tag, parts = len(enter), _TEXT, self._parts
        nodes: list[LexborNode] = []
        leaves: list[Leave | int | None] = []
        node: LexborNode | None = root
        while True:
            if node is None:
                if not nodes:
                    break
                node, leave = nodes.pop(), leaves.pop()
                if leave.__class__ is int:
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
            handler = enter[tag] if tag < known else None
            leave = None if handler is None else handler(node, tag)
            child = None if leave is _skip else node.first_child
            if child is None:
                if leave.__class__ is int:
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
        boxes, at, tag, families, names = tree.boxes, len(tree.pieces), _NAMES[number], _BY_TAG[number], ""
        if attributes:
            names, said = hints.attributes_say(attributes)
            families |= said
        box = self._box = len(boxes.parent)
        boxes.parent.append(outer)
        boxes.tag.append(tag)
        boxes.names.append(names)
        boxes.families.append(families)
        boxes.level.append(boxes.level[outer] + 1 if tag == "ul" or tag == "ol" else boxes.level[outer])
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
        tag = _NAMES[number]
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
        self._marks.append((start, "["))
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
        self._marks.append((len(parts), f"]({self._link})"))
        self._link = None

    def emphasis(self, node: LexborNode, number: int) -> Leave:
        mark = _MARKS[_NAMES[number]]
        self._marks.append((len(self._parts), mark))
        return lambda: self._marks.append((len(self._parts), mark))

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
        return _skip

    def code(self, node: LexborNode, number: int) -> Leave:
        box = self.container(node, number)
        text = (node.text(deep=True) or "").strip("\r\n").rstrip()
        if text.strip():
            self.tree.pieces.append(Piece(box, text, count_words(text), 0, 0, [], []))
        self._close(box)
        return _skip

    def picture(self, node: LexborNode, number: int) -> Leave:
        self.tree.pictures.append(Picture(self._box, len(self.tree.pieces), node.attributes))
        return _skip

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
        self._marks = [(0, "[")] if self._link is not None else []
        self._link_letters = self._links = 0


def _lines(whole: str) -> str:
    lines = (" ".join(line.split()) for line in whole.split(BREAK))
    return "\n".join(line for line in lines if line)


def _tag_handlers() -> tuple[int, list[str], list[str]]:
    """lexbor's numbers: of text nodes, and for each element its handler and its name.

    The numbers change between releases, so they are asked for by name at import.
    """
    by_name = dict.fromkeys(_SKIPPED.split(), "skip") | dict.fromkeys(_CONTAINERS.split(), "container")
    by_name |= dict.fromkeys(_MARKS, "emphasis") | dict.fromkeys(
        ("span", "time", "small", "font", "label"), "inline"
    )
    by_name |= {
        "a": "link", "br": "line_break", "hr": "rule", "pre": "code", "img": "picture", "script": "script",
        "meta": "meta", "link": "head_link", "title": "title", "html": "root", "body": "root",
    }  # fmt: skip
    parser = LexborHTMLParser("<p>x")
    numbers = {name: parser.create_node(name).tag_id for name in by_name}
    names, handlers = [""] * (max(numbers.values()) + 1), [""] * (max(numbers.values()) + 1)
    for name, number in numbers.items():
        names[number], handlers[number] = name, by_name[name]
    paragraph = parser.css_first("p")
    text = paragraph.first_child if paragraph is not None else None
    if text is None:
        raise RuntimeError("lexbor did not parse a paragraph")
    return text.tag_id, handlers, names


_TEXT, _HANDLERS, _NAMES = _tag_handlers()
_BY_TAG = [_TAG_FAMILIES.get(name, 0) for name in _NAMES]
_NOSCRIPT = ["" if _NAMES[number] == "noscript" else name for number, name in enumerate(_HANDLERS)]

"""One element of a feed with what is needed of it, and its text as feedparser would hand it out."""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from pipeline.sources.xml_names import Unsure, attribute_name

_HTML = "text/html"
_XHTML = "application/xhtml+xml"
_PLAIN = "text/plain"
_TYPES = {"text": _PLAIN, "plain": _PLAIN, "html": _HTML, "xhtml": _XHTML}
_SURE = {_PLAIN, _HTML, _XHTML}

_CONTROLS = re.compile("[\x80-\x9f]")
#: What feedparser makes of the signs that windows-1252 has where ISO-8859-1 has controls.
_CP1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")


class Node:
    """An element that has a meaning, or markup inside of one."""

    __slots__ = ("attributes", "base", "children", "kind", "lang", "name", "pieces")

    def __init__(self, kind: str, name: str, attributes: dict[str, str], base: str, lang: str | None) -> None:
        #: handled name, see `xml_names`; empty for markup
        self.kind = kind
        #: as expat names it
        self.name = name
        self.attributes = attributes
        self.base = base
        self.lang = lang
        #: texts and, in their places, child elements
        self.pieces: list[str | Node] = []
        self.children: list[Node] = []

    def text(self) -> str:
        """The text, stripped. Raises Unsure for an element with children."""
        if self.children:
            raise Unsure(f"elements in {self.kind}")
        pieces = self.pieces
        return (pieces[0] if len(pieces) == 1 else "".join(pieces)).strip()  # type: ignore[union-attr, arg-type]

    def value(self) -> str:
        """The text with the usual damage of encodings undone."""
        return settled(self.text())

    def address(self) -> str:
        return settled(resolve(self.text(), self.base))

    def content(self, default: str, strict_atom: bool) -> tuple[str, str]:
        """MIME type and value of a text construct: an escaped text, or markup."""
        announced = self.attributes.get("type", default).lower()
        kind = _TYPES.get(announced, announced)
        if kind not in _SURE or self.attributes.get("mode") == "base64":
            raise Unsure(f"content of type {kind}")
        if kind != _XHTML:
            return kind, self.value()
        return kind, settled(
            "".join(_without_wrapper(self._markup()) if strict_atom else self._markup()).strip()
        )

    def _markup(self) -> list[str]:
        # An explicit stack: markup may be as deep as the document lets it.
        out: list[str] = []
        stack: list[tuple[Node, int]] = [(self, 0)]
        while stack:
            node, at = stack.pop()
            if at == 0 and node is not self:
                out.append(node.start_tag())
            while at < len(node.pieces):
                piece = node.pieces[at]
                at += 1
                if isinstance(piece, Node):
                    stack += [(node, at), (piece, 0)]
                    break
                out.append(escape(piece))
            else:
                if node is not self:
                    out.append(f"</{node.tag()}>")
        return out

    def tag(self) -> str:
        return self.name.rpartition(" ")[2].lower()

    def start_tag(self) -> str:
        tag = self.tag()
        if tag in ("svg", "math"):
            raise Unsure(tag)
        attributes = "".join(
            f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in self.attributes.items()
        )
        return f"<{tag}{attributes}>"


def attributes_of(given: dict[str, str]) -> dict[str, str]:
    """Attributes by feedparser's names for them; relations and types in lower case."""
    found = {attribute_name(name): value for name, value in given.items()}
    for name in ("rel", "type"):
        if name in found:
            found[name] = found[name].lower()
    return found


def settled(text: str) -> str:
    """Stripped text in which UTF-8 taken for ISO-8859-1, and windows-1252's signs, are put right."""
    if text.isascii():
        return text
    # It fails as a rule: then the text is what it seems to be.
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_CP1252) if _CONTROLS.search(text) else text


def resolve(address: str, base: str) -> str:
    """An address against an xml:base, which may be empty."""
    if not address:
        return address
    address = _SLASHES.sub(r"\1\3", address)
    if not base:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _without_wrapper(pieces: list[str]) -> list[str]:
    """Atom 1.0 wraps markup in one div, which is no part of it."""
    first, last = 0, len(pieces)
    while last - first > 1 and not pieces[last - 1].strip():
        last -= 1
    while last - first > 1 and not pieces[first].strip():
        first += 1
    pieces = pieces[first:last]
    if not pieces or not (pieces[0] == "<div>" or pieces[0].startswith("<div ")) or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]

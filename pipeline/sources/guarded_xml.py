"""Expat under guard, for lists in XML: no entity is ever declared, nothing is fetched, nothing nests
without end. And what can still be made of documents that are not well-formed.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import Protocol
from xml.parsers import expat

from pipeline.errors import SourceError
from pipeline.sniff import bom_encoding, wide_encoding

#: expat keeps about 150 bytes for each open element, which a document opens with three
DEEPEST = 200
#: The first piece of a stretch that is parsed on trial, in bytes. Each next one is twice as large:
#: expat begins anew with an unfinished token at each piece, which must not become quadratic.
_FIRST_PIECE = 1_024

_DECLARATION = re.compile(r"\s*<\?xml[^<>]*\?>")
_DECLARED = re.compile(rb"<\?xml[^<>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
#: the encodings that are believed: those of the Encoding Standard, by the beginning of their name
_BELIEVED = re.compile(r"(?:iso|windows|cp\d|koi8|mac|gb|big5|shift|euc|utf|latin)")
_AMPERSAND = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_XML_NAMES = ("amp;", "lt;", "gt;", "quot;", "apos;")
#: what XML 1.0 allows in no form (section 2.2)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _BreakOffError(Exception):
    """Ends the parsing where expat itself would go on."""


class Handler(Protocol):
    """What a document's events are told to."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins. The tag has its prefix, as written."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Some of the character data in the element that began last."""


def walk(body: bytes, handler: Handler) -> str | None:
    """Tell a document's events to handler. None, or why the document breaks off where it does.

    Raises SourceError (`bad_feed`) for a document that declares entities.
    """
    encoding = bom_encoding(body[:4]) or wide_encoding(body[:2000])
    if encoding and encoding != "utf-8":
        body = decoded(body).encode("utf-8", "replace")
    # A declaration behind white space, as scripts write it, is no well-formed XML.
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        _parser(handler).Parse(body, True)
    except (expat.ExpatError, _BreakOffError, ValueError, LookupError) as error:
        # ValueError and LookupError: an encoding that Python cannot read byte by byte.
        return str(error)
    return None


def walk_part(data: bytes, at: int, handler: Handler) -> tuple[int, int]:
    """Tell the events from the tag at an offset on, until something breaks.

    The offset of what broke, and how many bytes were looked at, which may be many more.
    ``data``: in UTF-8. Raises nothing: also entities and deep nesting only break off.
    """
    parser = _parser(handler)
    prefix = b"<part>"
    size, start = _FIRST_PIECE, at
    try:
        parser.Parse(prefix, False)
        while at < len(data):
            piece = data[at : at + size]
            at += len(piece)
            size *= 2
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, _BreakOffError, SourceError):
        return start + max(0, parser.CurrentByteIndex - len(prefix)), at - start
    return len(data), at - start


def decoded(body: bytes) -> str:
    """A document's text without its XML declaration, in the encoding that seems true."""
    marked = bom_encoding(body[:4]) or wide_encoding(body[:2000])
    if marked:
        text = body.decode(marked, "replace")
    else:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = body.decode(_declared(body), "replace")
    text = text.lstrip("\ufeff")
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def repaired(text: str) -> str:
    """Text with the faults mended that break most documents: bare ampersands, HTML's named
    characters, and characters that XML does not allow. Sections of CDATA stay as they are."""
    text = ILLEGAL.sub("", text)
    pieces, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        pieces += [_AMPERSAND.sub(_mended, text[at:start]), text[start : end + 3]]
        at = end + 3
    pieces.append(_AMPERSAND.sub(_mended, text[at:]))
    return "".join(pieces)


def _parser(handler: Handler) -> expat.XMLParserType:
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _BreakOffError(f"more than {DEEPEST} elements in each other")
        handler.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(tag)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = _refuse_entity
    parser.SkippedEntityHandler = _skipped_entity
    return parser


def _refuse_entity(*declaration: object) -> None:
    # Raised before any use of it: nothing is ever expanded.
    raise SourceError("The document declares XML entities, which are not accepted.", code="bad_feed")


def _skipped_entity(name: str, is_parameter: bool) -> None:
    # Expat leaves out what a document type elsewhere may declare: an address would become another.
    if not is_parameter:
        raise _BreakOffError(f"undefined entity {name!r}")


def _declared(body: bytes) -> str:
    """The encoding that a declaration names, if it can be believed; else that of old web pages."""
    match = _DECLARED.match(body.lstrip()[:400])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else "utf-8"
    except LookupError:
        name = "utf-8"
    return name if name != "utf-8" and _BELIEVED.match(name) else "cp1252"


def _mended(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#") or name in _XML_NAMES:
        character = html.unescape(match[0])
        return match[0] if len(character) == 1 and not ILLEGAL.match(character) else "&amp;" + name
    character = html.unescape(match[0])
    return character if character != match[0] else "&amp;" + name


__all__ = ["DEEPEST", "ILLEGAL", "Handler", "decoded", "repaired", "walk", "walk_part"]

"""Bytes to text: byte order mark, then the bytes themselves, then what is declared, then a guess.

Valid UTF-8 beats any declaration: other encodings hardly ever produce it by chance, while servers
and templates often declare an encoding that they do not use.
"""

from __future__ import annotations

import codecs
import re

from pipeline.clean.encoding.charsets import meant_by
from pipeline.clean.encoding.controls import has_controls, printable, without_references
from pipeline.clean.encoding.legacy import guess
from pipeline.clean.encoding.mojibake import encoded_once, is_encoded_twice, read_faulty
from pipeline.sniff import bom_encoding, wide_encoding

#: how far a declaration is looked for, in bytes (the HTML standard asks for 1024; pages are later)
_DECLARED_WITHIN = 8192
#: how much text beyond ASCII tells whether it is UTF-8 with faults, in bytes
_SAMPLE = 16_384
#: characters of UTF-8 for each fault in it: where it is declared, and where another encoding is
_RIGHT_PER_WRONG, _RIGHT_AGAINST_DECLARED = 2, 20
#: bytes checked at a time: the text that the check makes, to throw away, stays in the processor's cache
_STEP = 8_192

_META = re.compile(
    rb"""<(?:meta\b|\?xml\b)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
#: where markup is only quoted: a declaration in there is none
_QUOTED = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1|\Z)", re.S | re.I)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_ASCII = re.compile(rb"[\x00-\x7f]+")
_ESCAPED = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\([IJ])")
_MARKS = (b"\xef\xbb\xbf", b"\xff", b"\xfe", b"\x00\x00\xfe\xff")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or file, without byte order mark and stray control characters.

    Never raises: bytes that fit no encoding become U+FFFD. The order is: byte order mark, ISO-2022-JP
    by its escapes, UTF-16 without mark, valid UTF-8, UTF-8 with a few faults, the HTTP charset, the
    page's own declaration, the best guess among legacy encodings (windows-1252 when nothing speaks
    for another). Text in UTF-8 that was encoded twice is put right.
    """
    return printable(_decode(body, content_type))


def to_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """Markup as UTF-8: the body itself, not a copy, when it already is clean UTF-8.

    As `decode`, and without references to control characters, so that what is parsed holds none.
    """
    if body.startswith(_MARKS) or has_controls(body) or not is_utf8(body) or is_encoded_twice(body):
        body = decode(body, content_type).encode("utf-8", "replace")
    elif not _is_complete(body):
        body = codecs.utf_8_decode(body, "strict", False)[0].encode()
    return without_references(body)


def is_utf8(body: bytes) -> bool:
    """Whether all of the bytes are valid UTF-8; a character cut off at the end is forgiven."""
    at, end = 0, len(body)
    try:
        while at < end:
            part = body[at : at + _STEP]
            read = len(part) if part.isascii() else codecs.utf_8_decode(part, "strict", False)[1]
            if not read:
                break
            at += read
    except UnicodeDecodeError:
        return False
    return True


def _is_complete(body: bytes) -> bool:
    """Whether the last character of valid UTF-8 is not cut off."""
    try:
        body[-4:].lstrip(bytes(range(0x80, 0xC0))).decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, content_type: str | None) -> str:
    marked = bom_encoding(body[:4])
    if marked:
        return body.decode(marked, "replace").lstrip("\ufeff")
    if b"\x1b" in body and _ESCAPED.search(body) and body.isascii():
        return body.decode("iso2022_jp_ext", "replace")
    wide = wide_encoding(body)
    if wide:
        return body.decode(wide, "replace")
    if is_utf8(body):
        text = codecs.utf_8_decode(body, "strict", False)[0]
        return encoded_once(text) if is_encoded_twice(body) else text
    names = _declared(body, content_type)
    if _is_nearly_utf8(body, _RIGHT_AGAINST_DECLARED if names else _RIGHT_PER_WRONG):
        return read_faulty(body)
    for name in names:
        text = body.decode(name, "replace")
        # A single-byte encoding takes anything; many replacements show that a multi-byte one does not fit.
        if text.count("\ufffd") <= max(5, len(text) // 1000):
            return text
    return body.decode(guess(body), "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """The legacy encodings that are declared, the stronger first. UTF-16 cannot be what a declaration
    in single bytes says, and UTF-8 was refused before."""
    names = []
    header = _HEADER.search(content_type or "")
    if header:
        names.append(header[1])
    meta = _META.search(_QUOTED.sub(b" ", body[:_DECLARED_WITHIN]))
    if meta:
        names.append(meta[1].decode("ascii", "replace"))
    return [known for known in map(meant_by, names) if known is not None]


def _is_nearly_utf8(body: bytes, right_per_wrong: int) -> bool:
    """Whether the bytes are UTF-8 with some faults (a cut character, one foreign comment)."""
    sample = _ASCII.sub(b" ", body)[:_SAMPLE]
    text = codecs.utf_8_decode(sample, "replace", False)[0]
    wrong = text.count("\ufffd")
    right = sum(1 for char in text if char > "\x7f") - wrong
    return right > right_per_wrong * wrong

"""What some bytes are, told by looking at their beginning; names and MIME types are hints only.

Servers send feeds as text/html and pages as text/plain, and people name pictures ``.txt``:
the content decides wherever it can.
"""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["html", "text", "feed", "json_feed", "opml", "binary", "empty"]

#: how much of the beginning is looked at, in bytes
HEAD = 16_384

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

#: first bytes of formats that are never text (from their specifications)
_MAGIC = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"BM\x00", b"%PDF-", b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x7fELF", b"MZ\x90",
    b"\x00\x00\x01\x00",
    b"OggS", b"ID3", b"\x00asm", b"wOFF", b"wOF2", b"SQLite format 3\x00", b"\x28\xb5\x2f\xfd", b"fLaC",
    b"\xd0\xcf\x11\xe0", b"II*\x00", b"MM\x00*", b"\xca\xfe\xba\xbe",
)  # fmt: skip

_ROOT = re.compile(
    rb"(?:<\?xml[^>]{0,512}\?>|<!--.{0,4000}?-->|<!DOCTYPE[^>\[]{0,512}(?:\[[^\]]{0,4000}\])?\s*>|<\?[^>]{0,512}\?>|\s)*"
    rb"<(?:[A-Za-z_][\w.-]{0,40}:)?([A-Za-z_][\w.-]{0,40})",
    re.S | re.I,
)
_FEED_ROOTS = {b"rss", b"feed", b"rdf", b"channel"}
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|div|p|h[1-6]|article|section|main|table|span|br|a|ul|ol"
    rb"|img|script|style|header|nav|b|i|em|strong|blockquote|figure)[\s/>]",
    re.I,
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def bom_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark announces, or None."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    return None


def wide_encoding(head: bytes) -> str | None:
    """``utf-16-le`` or ``-be`` for unmarked two-byte text of a mostly Latin script, else None."""
    sample = head[: len(head) // 2 * 2][:2000]
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def is_binary(head: bytes) -> bool:
    """Whether the beginning of a file shows that it is no text in any encoding."""
    if bom_encoding(head) or wide_encoding(head):
        return False
    if head.startswith(_MAGIC) or head[4:8] == b"ftyp":
        return True
    # A text may hold a stray NUL or two; a picture's control bytes come to far more than 2 %.
    sample = head[:HEAD]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > max(8, len(sample) // 50)


def sniff(head: bytes, content_type: str | None = None, name: str = "") -> Kind:
    """Tell what content is from its first bytes (`HEAD` of them are enough).

    ``content_type`` and the ending of ``name`` decide only between HTML and plain text, and
    only where the bytes do not.
    """
    head = head[:HEAD]
    if not head.strip():
        return "empty"
    if is_binary(head):
        return "binary"
    encoding = bom_encoding(head) or wide_encoding(head)
    if encoding and encoding != "utf-8":
        head = head.decode(encoding, "replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xef\xbb\xbf \t\r\n\f\x00")
    if head.startswith(b"{") and _is_json_feed(head):
        return "json_feed"
    root = _ROOT.match(head)
    if root:
        tag = root[1].lower()
        if tag in _FEED_ROOTS:
            return "feed"
        if tag == b"opml":
            return "opml"
        if tag == b"html":
            return "html"
    return "html" if _looks_like_html(head, content_type, name) else "text"


def _is_json_feed(head: bytes) -> bool:
    return b"jsonfeed.org/version" in head or (
        b'"items"' in head and b'"version"' in head and b'"title"' in head
    )


def _looks_like_html(head: bytes, content_type: str | None, name: str) -> bool:
    tags = len(_HTML_TAG.findall(head[:8192]))
    mime = (content_type or "").split(";")[0].strip().lower()
    if mime in ("text/html", "application/xhtml+xml") or name.lower().endswith((".html", ".htm", ".xhtml")):
        return tags >= 1 or mime != ""
    if mime == "text/plain" or name.lower().endswith((".txt", ".text", ".md")):
        return head[:64].lstrip().lower().startswith((b"<!doctype html", b"<html"))
    return tags >= 2 or (head.startswith(b"<") and tags >= 1)

"""What some bytes are, told by looking at their beginning; names and MIME types are hints only.

Servers send feeds as text/html and pages as text/plain, and people name pictures ``.txt``:
the content decides wherever it can.
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline import gzipped

Kind = Literal["html", "text", "feed", "json_feed", "opml", "sitemap", "binary", "empty"]

#: kinds that name articles instead of being one; these are understood in gzip, too
LISTS: frozenset[Kind] = frozenset({"feed", "json_feed", "opml", "sitemap"})

#: how much of the beginning is looked at, in bytes
HEAD = 16_384

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_BOM_STARTS = {mark[:1] for mark, _ in _BOMS}

#: first bytes of formats that are never text (from their specifications)
_MAGIC = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM\x00", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06",
    b"\x1f\x8b", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x7fELF", b"MZ\x90",
    b"\x00\x00\x01\x00",
    b"OggS\x00", b"ID3\x02", b"ID3\x03", b"ID3\x04", b"\x00asm", b"wOFF\x00\x01", b"wOF2\x00\x01",
    b"SQLite format 3\x00", b"\x28\xb5\x2f\xfd", b"fLaC\x00", b"\xd0\xcf\x11\xe0", b"II*\x00", b"MM\x00*",
    b"\xca\xfe\xba\xbe", b"BZh91AY&SY",
)  # fmt: skip
#: formats of the RIFF family, named after eight bytes
_RIFF = (b"WAVE", b"AVI ", b"WEBP")

_BLANK = re.compile(rb"\s*")
_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,40}:)?([A-Za-z_][\w.-]{0,40})")
_DOCTYPE_SUBSET_END = re.compile(rb"\]\s*>")
_ROOTS: dict[bytes, Kind] = {
    b"rss": "feed",
    b"feed": "feed",
    b"rdf": "feed",
    b"channel": "feed",
    b"opml": "opml",
    # sitemaps.org, protocol 0.9
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
    b"svg": "binary",
}
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|div|p|h[1-6]|article|section|main|table|span|br|a|ul|ol"
    rb"|img|script|style|header|nav|b|i|em|strong|blockquote|figure)[\s/>]",
    re.I,
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def bom_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark announces, or None."""
    if head[:1] not in _BOM_STARTS:
        return None
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    return None


def wide_encoding(head: bytes) -> str | None:
    """``utf-16-le`` or ``-be`` for unmarked two-byte text of a mostly Latin script, else None."""
    if b"\x00" not in head[:64]:
        return None
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
    if head.startswith(_MAGIC) or head[4:8] == b"ftyp":
        return True
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return True
    if bom_encoding(head) or wide_encoding(head):
        return False
    # A text may hold a stray NUL or two; a picture's control bytes come to far more than 2 %.
    sample = head[:HEAD]
    return len(sample) - len(sample.translate(None, _CONTROLS)) > max(8, len(sample) // 50)


def sniff(head: bytes, content_type: str | None = None, name: str = "") -> Kind:
    """Tell what content is from its first bytes (`HEAD` of them are enough).

    ``content_type`` and the ending of ``name`` decide only between HTML and plain text, and
    only where the bytes do not. A gzipped list (`LISTS`) is what it is unfolded; anything else in
    gzip is binary. Linear in the length of the head, whatever it holds.
    """
    head = head[:HEAD]
    if gzipped.is_gzip(head):
        kind = _kind(_unfolded(head), None, "")
        return kind if kind in LISTS else "binary"
    return _kind(head, content_type, name)


def _unfolded(head: bytes) -> bytes:
    try:
        return gzipped.unfold(head, HEAD)
    except gzipped.Damaged:
        return b""


def _kind(head: bytes, content_type: str | None, name: str) -> Kind:
    if not head.strip():
        return "empty"
    if is_binary(head):
        return "binary"
    encoding = bom_encoding(head) or wide_encoding(head)
    if encoding and encoding != "utf-8":
        head = head.decode(encoding, "replace").encode()
    head = head.lstrip(b"\xef\xbb\xbf \t\r\n\f\x00")
    if head.startswith(b"{") and _is_json_feed(head):
        return "json_feed"
    root = root_tag(head) if head.startswith(b"<") else b""
    if root in _ROOTS:
        return _ROOTS[root]
    return "html" if root == b"html" or _looks_like_html(head, content_type, name) else "text"


def root_tag(head: bytes) -> bytes:
    """Local name of the first element, in lower case; empty when no markup begins there.

    Passes over declarations, comments, processing instructions and a document type, one after
    the other, each by its end: no pattern that could backtrack.
    """
    at = 0
    while True:
        blank = _BLANK.match(head, at)
        at = blank.end() if blank else at
        if head.startswith(b"<?", at):
            end = head.find(b"?>", at) + 2
        elif head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 4) + 3
        elif head[at : at + 9].lower() == b"<!doctype":
            end = _doctype_end(head, at)
        else:
            tag = _TAG.match(head, at)
            return tag[1].lower() if tag else b""
        if end <= at:
            return b""
        at = end


def _doctype_end(head: bytes, at: int) -> int:
    end = head.find(b">", at)
    subset = head.find(b"[", at, end if end > 0 else len(head))
    if subset < 0:
        return end + 1
    closing = _DOCTYPE_SUBSET_END.search(head, subset)
    return closing.end() if closing else 0


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

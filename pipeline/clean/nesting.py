"""A guard before the parser: markup whose parse would take time that grows with its square.

lexbor needs 47 s for 100,000 nested ``div`` (each start tag looks for an open ``p`` above it),
24 s for 5,000 pairs of an unclosed ``b`` and a ``p`` (each ``p`` reopens every ``b``), and 13 s for
a tag with 80,000 attributes (each is compared with all before it). Browsers cap depth at 512.
"""

from __future__ import annotations

import re

#: elements inside one another that are kept; deeper tags are dropped, their text stays
MAX_DEPTH = 400
#: open formatting elements that are kept at once
MAX_FORMATTING = 40
#: longest tag with its attributes, in bytes, that is not stripped of them
MAX_TAG = 100_000
#: a page below all of these cannot be dangerous and is not scanned
_FEW_TAGS = 6_000
_FEW_EQUALS = 30_000

_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|noscript)\b.*?(?:</\1|\Z)"
    rb"""|<(/?)([a-zA-Z][^\s/>"'<=]{0,40})((?:[^>"']|"[^"]*"|'[^']*')*+)>""",
    re.S | re.I,
)
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr keygen frame bgsound".split()
)
#: their end tags may be left out, so an open one says nothing of depth; what holds them is counted
_IMPLIED_END = frozenset(
    b"p li dt dd td th tr tbody thead tfoot option optgroup rt rp colgroup caption html body head".split()
)


def tame(html: bytes) -> bytes:
    """The page, with tags dropped or shortened where parsing them would cost too much.

    Ordinary pages come back as they are after three cheap counts.
    """
    if html.count(b"<") < _FEW_TAGS and html.count(b"=") < _FEW_EQUALS:
        if len(html) < MAX_TAG or max(map(len, html.split(b">"))) < MAX_TAG:
            return html
    return _TAG.sub(_Nesting().keep_or_drop, html)


class _Nesting:
    """Open elements while the tags of a page pass by in order."""

    def __init__(self) -> None:
        self._open: dict[bytes, int] = {}
        self._dropped: dict[bytes, int] = {}
        self._depth = 0
        self._formatting = 0

    def keep_or_drop(self, tag: re.Match[bytes]) -> bytes:
        name = tag[3]
        if name is None:
            return tag[0]
        name = name.lower()
        if name in _VOID or name in _IMPLIED_END:
            return tag[0] if tag[2] or len(tag[0]) < MAX_TAG else b"<" + name + b">"
        if tag[2]:
            return self._close(name, tag[0])
        return self._start(name, tag[0])

    def _close(self, name: bytes, tag: bytes) -> bytes:
        if self._dropped.get(name):
            self._dropped[name] -= 1
            return b" "
        if self._open.get(name):
            self._open[name] -= 1
            self._depth -= 1
            self._formatting -= name in _FORMATTING
        return tag

    def _start(self, name: bytes, tag: bytes) -> bytes:
        formatting = name in _FORMATTING
        if self._depth >= MAX_DEPTH or (formatting and self._formatting >= MAX_FORMATTING):
            self._dropped[name] = self._dropped.get(name, 0) + 1
            return b" "
        self._open[name] = self._open.get(name, 0) + 1
        self._depth += 1
        self._formatting += formatting
        return tag if len(tag) < MAX_TAG and tag.count(b"=") < 500 else b"<" + name + b">"

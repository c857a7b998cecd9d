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
#: formatting elements that a page may make the parser reopen, in all
MAX_REOPENED = 50_000
#: longest tag with its attributes, in bytes, that is not stripped of them
MAX_TAG = 100_000
#: pages with fewer tags cannot nest dangerously; with more than the second number they are always scanned
_FEW_TAGS, _MANY_TAGS = 4_000, 20_000
_MANY_EQUALS = 25_000
#: start tags without their end, as a running count, at which a page is scanned
_UNCLOSED = 2_500
#: steps of that running count
_STEPS = 16

_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|title|noscript)\b.*?(?:</\1|\Z)"
    # Every alternative matches to the end of the page at the latest: no position is looked at twice.
    rb"""|<(/?)([a-zA-Z][^\s/>"'<=]{0,40}+)((?:[^>"']|"[^"]*(?:"|\Z)|'[^']*(?:'|\Z))*+)(?:>|\Z)""",
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

    Ordinary pages come back as they are after a few cheap counts.
    """
    return _TAG.sub(_Nesting().keep_or_drop, html) if _is_suspect(html) else html


def _is_suspect(html: bytes) -> bool:
    tags = html.count(b"<")
    if tags > _MANY_TAGS or html.count(b"=") > _MANY_EQUALS:
        return True
    # A gap of twice the step has no ">" in one whole step; text and scripts have such gaps, too.
    for start in range(MAX_TAG, len(html) - MAX_TAG, MAX_TAG):
        if html.find(b">", start, start + MAX_TAG) < 0 and html.rfind(b"<", 0, start) > html.rfind(
            b">", 0, start
        ):
            return True
    if tags < _FEW_TAGS:
        return False
    running, step = 0, len(html) // _STEPS + 1
    for start in range(0, len(html), step):
        running += html.count(b"<", start, start + step) - 2 * html.count(b"</", start, start + step)
        if running > _UNCLOSED:
            return True
    return False


class _Nesting:
    """Open elements while the tags of a page pass by in order."""

    def __init__(self) -> None:
        self._open: dict[bytes, int] = {}
        self._dropped: dict[bytes, int] = {}
        self._depth = 0
        #: formatting elements that are open, and how often one had to be reopened so far
        self._formatting: list[bytes] = []
        self._reopened = 0

    def keep_or_drop(self, tag: re.Match[bytes]) -> bytes:
        if tag[3] is None:
            return tag[0]
        name = tag[3].lower()
        if name in _VOID:
            return _without_attributes(name, tag[0])
        if tag[2]:
            return tag[0] if name in _IMPLIED_END else self._close(name, tag[0])
        closing = self._reopen()
        if name in _IMPLIED_END:
            return closing + _without_attributes(name, tag[0])
        return closing + self._start(name, tag[0])

    def _reopen(self) -> bytes:
        """Count what a start tag may reopen; the end tags to put before it when that comes to too much."""
        self._reopened += len(self._formatting)
        if self._reopened < MAX_REOPENED or not self._formatting:
            return b""
        closing = b"".join(b"</" + name + b">" for name in reversed(self._formatting))
        for name in self._formatting:
            self._open[name] -= 1
            self._depth -= 1
        self._formatting.clear()
        return closing

    def _close(self, name: bytes, tag: bytes) -> bytes:
        if self._dropped.get(name):
            self._dropped[name] -= 1
            return b" "
        if self._open.get(name):
            self._open[name] -= 1
            self._depth -= 1
            if name in self._formatting:
                self._formatting.remove(name)
        return tag

    def _start(self, name: bytes, tag: bytes) -> bytes:
        formatting = name in _FORMATTING
        crowded = len(self._formatting) >= MAX_FORMATTING or self._reopened >= MAX_REOPENED
        if self._depth >= MAX_DEPTH or (formatting and crowded):
            self._dropped[name] = self._dropped.get(name, 0) + 1
            return b" "
        self._open[name] = self._open.get(name, 0) + 1
        self._depth += 1
        if formatting:
            self._formatting.append(name)
        return _without_attributes(name, tag)


def _without_attributes(name: bytes, tag: bytes) -> bytes:
    """A tag as it is, or bare when it has so many attributes that comparing them takes long."""
    return tag if len(tag) < MAX_TAG and tag.count(b"=") < 1_000 else b"<" + name + b">"

"""The places that a sitemap's XML names, as it names them.

Elements count by their local names and by the element around them: prefixes and namespaces are
wrong in the wild too often, and the `loc` of an image is told by its place. A document that is
broken gives the places that are whole.
"""

from __future__ import annotations

import re

from pipeline.errors import SourceError
from pipeline.model import Value
from pipeline.sources import guarded_xml

#: The protocol allows 50,000 places a file. Four times that much is taken before the rest is left out:
#: 50 MB of the shortest entries would become a gigabyte of them.
MOST_PLACES = 200_000
#: characters of one value: the rest of a title is cut off, and a longer address is none (RFC 9110,
#: 4.1, asks servers for 8000 bytes)
_LONGEST = 8_192
#: stretches that a broken document is parsed in: each break costs about 10 microseconds
_STRETCHES = 50_000
#: how often a broken document may be looked through in all
_LOOKS = 4
#: names that are remembered with their local names
_NAMES = 500

_PLACE = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:url|sitemap)[\s>]", re.I)
_ROOTS = ("urlset", "sitemapindex")
#: element -> its elements whose text is kept. The ``news`` ones are those of Google's extension:
#: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
_KEPT = {
    "url": frozenset({"loc", "lastmod"}),
    "sitemap": frozenset({"loc", "lastmod"}),
    "news": frozenset({"title", "publication_date", "keywords"}),
    "publication": frozenset({"name", "language"}),
}
#: extensions whose elements some generators put straight into ``url``
_FOREIGN = ("image:", "video:", "xhtml:")


class Listed(Value, frozen=True, kw_only=True):
    """A sitemap as it stands."""

    root: str
    #: the values of each ``url`` by their element's name: at least ``loc``
    pages: list[dict[str, str]]
    #: the same of each ``sitemap``
    children: list[dict[str, str]]
    warnings: list[str] = []


def read(body: bytes) -> Listed:
    """All that a sitemap names, in its order. Raises SourceError (`bad_feed`).

    Refused are what is no sitemap, documents that declare entities or nest without end, and broken
    ones of which no place is whole.
    """
    reader = _Reader()
    broken = guarded_xml.walk(body, reader)
    warnings = []
    if reader.root and reader.root not in _ROOTS:
        raise SourceError(f"This is no sitemap: its first element is {reader.root!r}.", code="bad_feed")
    if broken and not reader.closed:
        reader = _recovered(body)
        if not reader.count:
            raise SourceError(
                f"The sitemap is broken and names nothing that can be used ({broken}).", code="bad_feed"
            )
        warnings.append(f"The sitemap is broken ({broken}); {reader.count} places could be read.")
    elif broken:
        warnings.append(f"Something follows the end of the sitemap ({broken}).")
    if reader.left_out:
        warnings.append(f"The sitemap names more than {MOST_PLACES} places; the rest was left out.")
    if reader.without:
        warnings.append(f"{reader.without} entries have no usable address.")
    return Listed(
        root=reader.root or _ROOTS[0], pages=reader.pages, children=reader.children, warnings=warnings
    )


class _Reader:
    """Collects places from events."""

    def __init__(self) -> None:
        self.root = ""
        self.closed = False
        self.pages: list[dict[str, str]] = []
        self.children: list[dict[str, str]] = []
        #: places without ``loc``
        self.without = 0
        self.left_out = False
        self._local: dict[str, str] = {}
        self._path: list[str] = []
        #: the place that is open, its tag, and how many elements stand around it
        self._place: dict[str, str] | None = None
        self._tag = ""
        self._depth = 0
        self._field = ""
        self._text: list[str] = []
        self._size = 0

    @property
    def count(self) -> int:
        return len(self.pages) + len(self.children)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._local.get(tag) or self._name(tag)
        path = self._path
        if not path:
            self.root = self.root or name
        if name in ("url", "sitemap") and (self._place is None or tag == self._tag):
            if self._place is not None:
                # One in another of its kind: that was never closed.
                self._finish(name)
            self._place, self._tag, self._depth, self._field = {}, tag, len(path), ""
        elif self._place is not None and name in _KEPT.get(path[-1], ()) and not tag.startswith(_FOREIGN):
            self._field, self._text, self._size = name, [], 0
        path.append(name)

    def end(self, tag: str) -> None:
        name = self._path.pop()
        if name == self._field:
            text = "".join(self._text).strip()
            if text and self._place is not None and not (name == "loc" and len(text) > _LONGEST):
                self._place.setdefault(name, text[:_LONGEST])
            self._field = ""
        elif self._place is not None and len(self._path) == self._depth:
            self._finish(name)
        self.closed = not self._path

    def text(self, data: str) -> None:
        if self._field and self._size <= _LONGEST:
            self._size += len(data)
            self._text.append(data)

    def forget_open(self) -> None:
        """What is open will never be whole."""
        self._path, self._place, self._field = [], None, ""

    def _finish(self, kind: str) -> None:
        place, self._place = self._place or {}, None
        if self.count + self.without >= MOST_PLACES:
            self.left_out = True
        elif "loc" not in place:
            self.without += 1
        else:
            (self.pages if kind == "url" else self.children).append(place)

    def _name(self, tag: str) -> str:
        name = tag.rpartition(":")[2].lower()
        if len(self._local) < _NAMES:
            self._local[tag] = name
        return name


def _recovered(body: bytes) -> _Reader:
    """A broken document's whole places: from one place on until it breaks, then from the next."""
    data = guarded_xml.repaired(guarded_xml.decoded(body)).encode("utf-8", "replace")
    reader = _Reader()
    reader.root = "part"
    at = looked_at = 0
    for stretch in range(_STRETCHES):
        found = _PLACE.search(data, at)
        if found is None or reader.left_out or looked_at > _LOOKS * len(data) + stretch * 1_024:
            break
        broke, looked = guarded_xml.walk_part(data, found.start(), reader)
        at, looked_at = max(found.end(), broke), looked_at + looked
        reader.forget_open()
    reader.root = "urlset" if reader.pages or not reader.children else "sitemapindex"
    return reader


__all__ = ["MOST_PLACES", "Listed", "read"]

"""The fast way through well-formed RSS 0.9x to 2.0, RDF and Atom: expat, one pass, one entry at a time.

It gives what feedparser would give, a hundred times sooner, or nothing at all: whatever feedparser
may read by rules of its own ends in None, and feedparser decides. Memory is bounded by the
largest entry and by the result. A document type is never read: no entity is ever expanded.
"""

from __future__ import annotations

from xml.parsers import expat

from pipeline.sources.raw_feed import RawFeed
from pipeline.sources.xml_entry import Link, People, Reader
from pipeline.sources.xml_names import Excess, Names, Unsure
from pipeline.sources.xml_nodes import Node, attributes_of, resolve

#: more elements inside of one entry, or deeper ones, are no feed as people write them
_MOST_NODES = 50_000
_MOST_DEPTH = 250
#: in the whole document; 100,000 entries have half of it
_MOST_ELEMENTS = 2_500_000

_ATOM = "http://www.w3.org/2005/atom"
_RDF = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}
_ENTRIES = {"item", "entry"}
#: elements in which other elements are markup
_TEXTS = {
    "title", "dc_title", "media_title", "description", "dc_description", "media_description", "summary",
    "itunes_summary", "content", "content_encoded", "subtitle", "tagline", "itunes_subtitle", "rights",
    "copyright", "dc_rights", "info", "feedburner_browserfriendly",
}  # fmt: skip
_IMAGE_PARTS = {"title", "link", "url", "width", "height", "description", "name"}
#: of the feed itself, no bearing on what is read
_IGNORED = {
    "generator", "cloud", "copyright", "rights", "dc_rights", "pubdate", "published", "issued",
    "lastbuilddate",
    "updated", "modified", "dc_date", "dcterms_modified", "dcterms_issued", "created", "dcterms_created",
    "webmaster", "dc_publisher", "category", "keywords", "dc_subject", "itunes_keywords", "itunes_image",
    "itunes_subtitle", "itunes_explicit", "itunes_block", "subtitle", "tagline", "info",
    "feedburner_browserfriendly", "admin_generatoragent", "admin_errorreportsto", "media_thumbnail",
    "media_credit", "media_rating", "media_category", "media_keywords", "cc_license",
    "creativecommons_license",
    "items", "dc_contributor", "sy_updatebase", "expirationdate",
}  # fmt: skip
_OWNERS = {
    "itunes_owner": {"itunes_name", "itunes_email"},
    "contributor": {"name", "email", "uri", "url"},
    "itunes_category": {"itunes_category"},
    "image": _IMAGE_PARTS,
    "textinput": _IMAGE_PARTS,
}
_AUTHORS = {"author", "managingeditor", "dc_author", "dc_creator", "itunes_author"}
_SUMMARIES = {"summary", "itunes_summary"}
_HINTS = {"ttl": "ttl", "sy_updateperiod": "update_period", "sy_updatefrequency": "update_frequency"}


def parse_xml(body: bytes) -> RawFeed | None:
    """What a well-formed feed in UTF-8 says; None when feedparser has to be asked."""
    try:
        return read_xml(body)
    except (Broken, Unsure):
        return None


def read_xml(body: bytes, *, lenient: bool = False) -> RawFeed:
    """The same, with a reason: raises Broken for what is not well-formed, Unsure for what is odd.

    ``lenient``: what is odd is passed over, as far as the document is a feed at all.
    """
    reader = _Document(lenient)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartNamespaceDeclHandler = reader.names.declare
    parser.StartDoctypeDeclHandler = reader.doctype
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Broken(f"The XML is not well-formed: {error}.") from error
    return reader.feed


class Broken(Exception):
    """The document is not well-formed."""


class _Document:
    """Receives expat's events. The stack holds the open elements that have a meaning."""

    def __init__(self, lenient: bool) -> None:
        self._lenient = lenient
        self.feed = RawFeed()
        self.names = Names(lenient)
        self._known = self.names.known
        self._stack: list[Node] = []
        #: open elements of a subtree that has no meaning
        self._skipped = 0
        #: elements so far, and those with a meaning inside of the open entry
        self._elements = 0
        self._nodes = 0
        #: xml:base in force; feedparser lets it outlive its element where there was none before
        self._base = ""
        self._strict = False
        self._people = People()
        self._title_stands = False
        self._summary_seen = False
        self._has_content = False

    def doctype(self, *_: object) -> None:
        raise Unsure("a document type")

    def start(self, name: str, given: dict[str, str]) -> None:
        kind = self._known.get(name)
        if kind is None:
            kind = self.names.handled(name)
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise Excess("too many elements")
        stack = self._stack
        if self._skipped:
            if kind and not self._lenient:
                raise Unsure(f"{kind} in an unknown element")
            self._skipped += 1
            if self._skipped > _MOST_DEPTH:
                raise Excess("elements are nested too deep")
            if given:
                self._check_plain(given)
            return
        if not stack:
            self._root(name, kind, given)
            return
        parent = stack[-1]
        inside = parent.kind in _TEXTS or not parent.kind
        if not inside and not kind:
            self._skipped = 1
            if given:
                self._check_plain(given)
            return
        attributes = attributes_of(given) if given else {}
        self._nodes += 1
        if inside:
            if "xml:base" in attributes or "base" in attributes:
                raise Unsure("a base inside of markup")
            node = Node("", name, attributes, "", None)
        else:
            node = self._node(kind, name, attributes, parent.lang)
        if len(stack) >= _MOST_DEPTH or self._nodes > _MOST_NODES:
            raise Excess("too many elements, or too deep")
        if kind in _ENTRIES and not inside:
            if not self._is_container(parent):
                raise Unsure("an entry in an entry")
            self._title_stands = self._lenient
        elif len(stack) > 2 or not self._is_container(parent):
            parent.children.append(node)
            parent.pieces.append(node)
        stack.append(node)

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        stack = self._stack
        node = stack.pop()
        if not stack:
            self.feed.author, self.feed.people = self._people.author, self._people.people
            return
        parent = stack[-1]
        if len(stack) <= 2 and self._is_container(parent):
            parent.pieces.clear()
            self._nodes = 0
            if node.kind in _ENTRIES:
                reader = Reader(self.feed.atom, self._strict, self._has_content, self._lenient)
                self.feed.entries.append(reader.read(node))
                self._has_content = False
            elif node.kind != "channel":
                try:
                    self._own(node)
                except Unsure:
                    if not self._lenient:
                        raise
        if parent.base:
            self._base = parent.base

    def text(self, data: str) -> None:
        if not self._skipped:
            self._stack[-1].pieces.append(data)

    def _root(self, name: str, kind: str, given: dict[str, str]) -> None:
        attributes = attributes_of(given)
        declared = self.names.declared
        if kind == "feed":
            if declared & _RDF and not self._lenient:
                raise Unsure("Atom and RDF")
            self.feed.atom, self._strict = True, _ATOM in declared
        elif kind == "rdf_rdf":
            if (not declared & _RDF or _ATOM in declared) and not self._lenient:
                raise Unsure("RDF without RSS 1.0")
        elif kind != "rss" and not (kind == "channel" and self._lenient):
            raise Unsure(f"root {name}")
        node = self._node(kind, name, attributes, None)
        if node.lang and kind != "rdf_rdf":
            self.feed.language = node.lang.replace("_", "-")
        self._stack.append(node)

    def _node(self, kind: str, name: str, attributes: dict[str, str], lang: str | None) -> Node:
        if attributes:
            base = attributes.get("xml:base", attributes.get("base"))
            if base:
                self._base = _joined(self._base, base)
            lang = attributes.get("xml:lang", attributes.get("lang", lang)) or None
        return Node(kind, name, attributes, self._base, lang)

    def _is_container(self, node: Node) -> bool:
        return node.kind == "channel" or node is self._stack[0]

    def _check_plain(self, given: dict[str, str]) -> None:
        for name in given:
            if name.endswith("base") and name.rpartition(" ")[2] == "base":
                raise Unsure("a base on an unknown element")

    def _own(self, node: Node) -> None:
        """An element of the feed itself."""
        kind, feed = node.kind, self.feed
        if (hint := _HINTS.get(kind)) is not None:
            setattr(feed, hint, node.value())
        elif kind in ("title", "dc_title"):
            self._title(node)
        elif kind == "link":
            self._link(node)
        elif kind in ("id", "guid"):
            is_link = node.attributes.get("ispermalink", "true") == "true"
            if is_link and feed.link is None:
                feed.link = node.address()
        elif kind in ("language", "dc_language"):
            feed.language = node.value()
        elif kind in _AUTHORS:
            if feed.atom:
                self._people.add(node)
        elif kind in ("skiphours", "skipdays"):
            told = [child.value() for child in node.children if child.kind in ("hour", "day")]
            (feed.skip_hours if kind == "skiphours" else feed.skip_days).extend(told)
        elif kind in _SUMMARIES or kind in ("description", "dc_description"):
            self._description(node)
        elif kind in _OWNERS:
            self._check_parts(node, _OWNERS[kind])
        elif kind not in _IGNORED or (node.children and kind not in _TEXTS):
            raise Unsure(f"{kind} in a feed")

    def _title(self, node: Node) -> None:
        if self.feed.entries:
            raise Unsure("a title behind entries")
        kind, value = node.content("text/plain", self._strict)
        if not self._title_stands:
            self.feed.title, self.feed.title_type = value, kind if self.feed.atom else None
        self._title_stands = self._title_stands or bool(value)

    def _link(self, node: Node) -> None:
        link = Link(node, of_feed=True)
        if link.address:
            self.feed.links.append((link.relation, link.address))
        if link.text is not None:
            self.feed.link = link.text
        elif link.is_page:
            self.feed.link = link.address

    def _description(self, node: Node) -> None:
        # feedparser takes a second text for a content, and remembers it into the first entry.
        if self._summary_seen and not self._has_content:
            self._has_content = True
        elif node.kind in _SUMMARIES:
            self._summary_seen = True

    def _check_parts(self, node: Node, parts: set[str]) -> None:
        if node.kind in ("image", "textinput"):
            self._title_stands = False
        if any(child.kind not in parts for child in node.children):
            raise Unsure(f"elements in {node.kind}")


def _joined(base: str, relative: str) -> str:
    joined = resolve(relative, base)
    if (base or ":" in relative) and not joined.startswith(("http://", "https://")):
        raise Unsure(f"base {relative}")
    return joined

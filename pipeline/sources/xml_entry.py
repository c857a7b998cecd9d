"""From the elements of one entry to a `RawEntry`, in the order and by the rules of feedparser.

The rules that look odd here are feedparser's: which of two titles wins, when a second
description is the content. `xml_feed` promises the same result.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.sources.raw_feed import RawEntry
from pipeline.sources.xml_names import Unsure
from pipeline.sources.xml_nodes import Node, resolve, settled

_HTML_TYPES = {"text/html", "html", "application/xhtml+xml", "xhtml"}
_REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_MAIL = re.compile(
    r"""(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"""
    r"""([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"""
)
_TITLES = {"title", "dc_title", "media_title"}
_AUTHORS = {"author", "dc_author", "dc_creator", "itunes_author"}
_PUBLISHED = {"published", "pubdate", "issued", "dcterms_issued"}
_UPDATED = {"updated", "modified", "dc_date", "dcterms_modified"}
_CATEGORIES = {"category", "keywords", "dc_subject", "media_category"}
_DESCRIPTIONS = {"description", "dc_description", "media_description"}
_SUMMARIES = {"summary", "itunes_summary"}
_CONTENTS = {"content", "content_encoded"}
#: no bearing on what is read, whatever is in them
_IGNORED = {
    "enclosure", "rights", "copyright", "dc_rights", "subtitle", "itunes_subtitle", "created",
    "dcterms_created",
    "dc_publisher", "dc_contributor", "contributor", "itunes_image", "itunes_explicit", "itunes_block",
    "media_thumbnail", "media_credit", "media_rating", "media_restriction", "media_license", "media_player",
    "creativecommons_license", "cc_license", "source", "image", "items", "ttl",
}  # fmt: skip
#: of those, the ones that may have elements inside
_DEEP = {"contributor", "source"}
_AUTHOR_PARTS = {"name": 0, "email": 1, "itunes_name": 0, "itunes_email": 1, "uri": None, "url": None}


class People:
    """The authors of an entry, or of a feed, as feedparser takes them apart."""

    def __init__(self) -> None:
        self.author: str | None = None
        self.people: list[tuple[str | None, str | None]] = []

    def add(self, node: Node) -> None:
        """Raises Unsure for an author with unusual parts."""
        parts: list[str | None] = [None, None]
        text = settled("".join(piece for piece in node.pieces if isinstance(piece, str)).strip())
        for child in node.children:
            if child.kind not in _AUTHOR_PARTS:
                raise Unsure(f"{child.kind} in {node.kind}")
            which = _AUTHOR_PARTS[child.kind]
            if which is not None:
                parts[which] = child.text()
            elif child.children:
                raise Unsure(f"elements in {child.kind}")
        if node.children:
            if text:
                raise Unsure("text beside an author's name")
            name, mail = parts
            self.author = f"{name} ({mail})" if name and mail else name or mail or text
            # An author without parts looks like a text to feedparser: an empty one.
            self.people.append((name, mail))
            return
        self.author = text
        self.people.append(apart(text))


def apart(author: str) -> tuple[str | None, str | None]:
    """Name and mail address in one text."""
    mail = None
    if author and (found := _MAIL.search(author)):
        mail = found[0]
        author = author.replace(mail, "").replace("()", "").replace("<>", "").replace("&lt;&gt;", "").strip()
        author = author.removeprefix("(")
        author = author.removesuffix(")").strip()
    return author or None, mail


class Link:
    """A link element: its relation, its address, and whether it leads to the page."""

    __slots__ = ("address", "is_page", "relation", "text")

    def __init__(self, node: Node, of_feed: bool = False) -> None:
        attributes = node.attributes
        self.relation = attributes.get("rel", "alternate")
        href = attributes.get("url", attributes.get("uri", attributes.get("href")))
        self.text: str | None = None
        if href is None:
            found = node.address() if of_feed else node.address().replace("&amp;", "&")
            self.text = _REFERENCE.sub(r"&\g<1>", found)
            self.address, self.is_page = self.text, False
            return
        if not href:
            raise Unsure("an empty address")
        if node.children:
            raise Unsure("elements in a link")
        self.address = resolve(href, node.base)
        kind = attributes.get("type", "application/atom+xml" if self.relation == "self" else "text/html")
        self.is_page = self.relation == "alternate" and kind in _HTML_TYPES


class Reader:
    """Reads one entry. ``has_content``: what feedparser remembers of the elements before it.

    ``lenient``: an element that cannot be read for sure is passed over.
    """

    def __init__(self, atom: bool, strict_atom: bool, has_content: bool, lenient: bool = False) -> None:
        self.entry = RawEntry()
        self._atom = atom
        self._strict = strict_atom
        self._lenient = lenient
        self._has_content = has_content
        self._people = People()
        self._title_depth = -1
        #: depth of the element that a value came from: a deeper one does not replace it
        self._depths: dict[str, int] = {}
        self._guid_links = False
        self._source_seen = False

    def read(self, node: Node) -> RawEntry:
        """Raises Unsure, unless it is lenient."""
        entry = self.entry
        entry.id = node.attributes.get("rdf:about") or None
        if not self._lenient and ("href" in node.attributes or "lastmod" in node.attributes):
            raise Unsure("an entry of CDF")
        for child in node.children:
            try:
                self._member(child, 1)
            except Unsure:
                if not self._lenient:
                    raise
        entry.author, entry.people = self._people.author, self._people.people
        return entry

    def _member(self, node: Node, depth: int) -> None:
        if (act := _ACTIONS.get(node.kind)) is not None:
            act(self, node, depth)
        elif node.kind not in _IGNORED or (node.children and node.kind not in _DEEP):
            raise Unsure(f"{node.kind} in an entry")
        elif node.kind == "source":
            self._source_seen = True

    def _title(self, node: Node, depth: int) -> None:
        entry, before = self.entry, self._title_depth
        if self._source_seen and entry.title:
            raise Unsure("a title behind a source")
        kind, value = node.content("text/plain", self._strict)
        if not -1 < before <= depth:
            if self._is_at_least_as_high("title", depth):
                entry.title = value
            entry.title_type = kind if self._atom else None
        if value and node.kind != "media_title":
            self._title_depth = depth

    def _link(self, node: Node, depth: int) -> None:
        link, entry = Link(node), self.entry
        if link.relation == "alternate" and link.address:
            entry.alternates.append(link.address)
        if link.text is not None:
            entry.link = link.text
        elif link.is_page:
            entry.link = link.address

    def _guid(self, node: Node, depth: int) -> None:
        entry = self.entry
        is_link = node.attributes.get("ispermalink", "true") == "true"
        value = node.address() if is_link else node.value()
        entry.id = value
        if is_link and entry.link is None:
            entry.link = value

    def _description(self, node: Node, depth: int) -> None:
        if self.entry.summary is not None and not self._has_content:
            self._content(node, depth)
        else:
            _, value = node.content("text/html", self._strict)
            self._set_summary(value, depth)

    def _summary(self, node: Node, depth: int) -> None:
        if self.entry.summary is not None and not self._has_content:
            self._content(node, depth)
        else:
            _, value = node.content("text/plain", self._strict)
            self._set_summary(value, depth)

    def _set_summary(self, value: str, depth: int) -> None:
        if self._is_at_least_as_high("summary", depth):
            self.entry.summary = value

    def _content(self, node: Node, depth: int) -> None:
        self._has_content = True
        default = "text/html" if node.kind == "content_encoded" else "text/plain"
        kind, value = node.content(default, self._strict)
        language = node.lang.replace("_", "-") if node.lang else node.lang
        self.entry.contents.append((kind, value, language))
        if self.entry.summary is None:
            self.entry.summary = value

    def _author(self, node: Node, depth: int) -> None:
        if depth > 1:
            raise Unsure("an author inside of a group")
        self._people.add(node)

    def _published(self, node: Node, depth: int) -> None:
        self.entry.published = node.value()

    def _updated(self, node: Node, depth: int) -> None:
        self.entry.updated = node.value()

    def _category(self, node: Node, depth: int) -> None:
        get, tags = node.attributes.get, self.entry.tags
        term, label = get("term"), get("label")
        if node.kind == "media_category" or get("scheme") or get("domain"):
            # feedparser drops only what is the same with its scheme.
            self._add_tag(term, label)
        elif term or label:
            self._add_tag(term, label)
        if value := node.value():
            if tags and not tags[-1][0]:
                tags[-1] = (value, tags[-1][1])
            else:
                self._add_tag(value, None)

    def _add_tag(self, term: str | None, label: str | None) -> None:
        self.entry.tags.append((term, label))

    def _keywords(self, node: Node, depth: int) -> None:
        if node.attributes:
            raise Unsure("keywords with attributes")
        self.entry.tags += [(term.strip(), None) for term in node.value().split(",") if term.strip()]

    def _language(self, node: Node, depth: int) -> None:
        self.entry.language = node.value()

    def _origin(self, node: Node, depth: int) -> None:
        if node.attributes:
            raise Unsure("attributes of an original link")
        self.entry.origin_link = node.value()

    def _group(self, node: Node, depth: int) -> None:
        if node.kind == "media_content" and not node.attributes:
            raise Unsure("media without attributes")
        for child in node.children:
            if not child.kind.startswith("media_"):
                raise Unsure(f"{child.kind} in {node.kind}")
            self._member(child, depth + 1)

    def _is_at_least_as_high(self, name: str, depth: int) -> bool:
        before = self._depths.get(name)
        if before is not None and depth > before:
            return False
        self._depths[name] = depth
        return True


_Action = Callable[[Reader, Node, int], None]


def _actions() -> dict[str, _Action]:
    table: dict[str, _Action] = {
        "link": Reader._link,
        "guid": Reader._guid,
        "id": Reader._guid,
        "itunes_keywords": Reader._keywords,
        "media_keywords": Reader._keywords,
        "language": Reader._language,
        "dc_language": Reader._language,
        "feedburner_origlink": Reader._origin,
        "media_content": Reader._group,
        "media_group": Reader._group,
    }
    for kinds, action in (
        (_TITLES, Reader._title),
        (_AUTHORS, Reader._author),
        (_PUBLISHED, Reader._published),
        (_UPDATED, Reader._updated),
        (_CATEGORIES, Reader._category),
        (_DESCRIPTIONS, Reader._description),
        (_SUMMARIES, Reader._summary),
        (_CONTENTS, Reader._content),
    ):
        table |= dict.fromkeys(kinds, action)
    return table


_ACTIONS = _actions()

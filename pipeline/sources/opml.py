"""OPML: a list of feeds, as feed readers exchange it (http://opml.org/spec2.opml)."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import quoteattr

from pipeline import sniff, urls
from pipeline.errors import SourceError
from pipeline.model import NewItem, Value
from pipeline.packing import digest
from pipeline.sources import files, guarded_xml, links
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading

#: titles that are kept of the outlines around a feed, from the outermost
MOST_FOLDERS = 10

# No "<" inside: each search ends at the next tag, so that the whole stays linear.
_OUTLINE = re.compile(r"<(?:(/)outline\s*|outline\b((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*))>", re.I)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
#: what attributes hold only as a reference (XML 1.0, 3.3.3), else it becomes a space
#: XML allows them, but a list is looked at on terminals, some of which obey them
_CONTROLS = re.compile("[\x7f-\x9f]")
_SPACES = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


class Named(Protocol):
    """A feed, as far as a list tells of it."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def found_at(self) -> str | None:
        """The page that named it."""


class Subscription(Value, frozen=True, kw_only=True):
    """One feed of the list."""

    #: as it stands in the list: an address, or a path beside it
    url: str
    title: str | None = None
    #: the page that the feed accompanies
    site: str | None = None
    #: titles of the outlines around it, outermost first
    folders: list[str] = []


def understands(content: Content) -> bool:
    return content.kind == "opml"


def items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """Each listed address as an item to be expanded; each listed file, read as a local feed.

    A relative address in a fetched list is resolved against the list's; in a file, it names a
    file beside it, which must be a feed: a list from elsewhere shall not draw in other files.
    Raises SourceError (`bad_feed`, `empty_feed`, `too_large`).
    """
    body = content.body(reading.settings.max_feed_bytes, "FEEDMILL_MAX_FEED_BYTES")
    listed = parse_opml(body)
    if not listed:
        raise SourceError(f"{content.name} lists no feeds.", code="empty_feed")
    for subscription in listed:
        yield from _subscribed(subscription.url, content, reading)


def write_opml(feeds: Iterable[Named], title: str, now: float, *, passwords: bool = False) -> bytes:
    """A list of feeds as OPML 2.0, in UTF-8, that `parse_opml` reads back as it was.

    ``now``: Unix seconds, the time of the export. Names and passwords in addresses are left out, and
    keys in their queries masked, unless ``passwords`` asks for them. Characters that XML cannot hold
    are left out of titles, and escaped in addresses.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head>",
        f"<title>{html.escape(guarded_xml.ILLEGAL.sub('', title), quote=False)}</title>",
        f"<dateCreated>{formatdate(now, usegmt=True)}</dateCreated>",
        "</head>",
        "<body>",
        *(_outline(feed, passwords) for feed in feeds),
        "</body>",
        "</opml>",
        "",
    ]
    return "\n".join(lines).encode()


def parse_opml(body: bytes) -> list[Subscription]:
    """The feeds in an OPML document, in its order, each once. Raises SourceError (`bad_feed`).

    Entities are never expanded. A document that is no well-formed XML (an unescaped ampersand
    is the usual reason) is searched for its outlines all the same.
    """
    outlines = _Outlines()
    broken = guarded_xml.walk(body, outlines)
    if broken is not None:
        outlines = _outlines_leniently(body)
        if not outlines.any:
            raise SourceError(f"The list is no readable OPML: {broken}.", code="bad_feed")
    return list(outlines.found.values())


def _subscribed(ref: str, content: Content, reading: Reading) -> Iterator[NewItem]:
    if content.url or links.claims(ref):
        address = ref if links.claims(ref) else urls.absolute(ref, content.url) or ref
        item = links.link(address, reading)
        if item.key != content.key and reading.first_time(item.key):
            yield item
        return
    shown = urls.printable(ref)
    if content.path is None or os.path.isabs(ref) or ":" in ref.partition("/")[0] or "\0" in ref:
        message = f"{shown} in {content.name} is neither an http address nor a file beside it."
        yield reading.problem(
            f"{content.key}#{digest(ref.encode('utf-8', 'replace'))}", shown, "bad_url", message
        )
        return
    path = Path(os.path.dirname(content.path), ref)
    yield from files.read_file(str(path), urls.file_key(path), reading, only=sniff.LISTS - {"opml"})


class _Outlines:
    """Collects the feeds, and the titles of the outlines around them."""

    def __init__(self) -> None:
        self.found: dict[str, Subscription] = {}
        self.any = False
        self._around: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() != "outline":
            return
        self.any = True
        lower = {name.lower(): value.strip() for name, value in attributes.items()}
        title = lower.get("title") or lower.get("text") or ""
        url = lower.get("xmlurl") or (lower.get("url") if lower.get("type") in ("rss", "atom") else None)
        if url and url not in self.found:
            self.found[url] = Subscription(
                url=url,
                # Whoever has no title writes the address: the text is mandatory.
                title=title if title and title != url else None,
                site=lower.get("htmlurl") or None,
                folders=[around for around in self._around[:MOST_FOLDERS] if around],
            )
        self._around.append(title)

    def end(self, tag: str) -> None:
        if tag.lower() == "outline" and self._around:
            self._around.pop()

    def text(self, data: str) -> None:
        """OPML says everything in attributes."""


def _outlines_leniently(body: bytes) -> _Outlines:
    outlines = _Outlines()
    for closing, attributes in _OUTLINE.findall(guarded_xml.decoded(body)):
        if not closing:
            values = {
                name: html.unescape(double or single)
                for name, double, single in _ATTRIBUTE.findall(attributes)
            }
            outlines.start("outline", values)
        if closing or attributes.rstrip().endswith("/"):
            outlines.end("outline")
    return outlines


def _outline(feed: Named, passwords: bool) -> str:
    address = _written(feed.url, passwords)
    title = _CONTROLS.sub("", guarded_xml.ILLEGAL.sub("", feed.title or "")).strip()
    values = {"type": "rss", "text": title or address, "title": title, "xmlUrl": address}
    if feed.found_at:
        values["htmlUrl"] = _written(feed.found_at, passwords)
    attributes = " ".join(f"{name}={quoteattr(value, _SPACES)}" for name, value in values.items() if value)
    return f"<outline {attributes}/>"


def _written(url: str, passwords: bool) -> str:
    address = guarded_xml.ILLEGAL.sub(lambda found: quote(found[0], errors="replace"), url.strip())
    if passwords:
        return address
    try:
        place = urlsplit(address).netloc
    except ValueError:
        return urls.without_password(address)
    return urls.without_password(address.replace(place, place.rpartition("@")[2], 1))

"""What users hand in, and the items that come of it.

    ref --reference kind--> content --content kind--> items

A *reference kind* is a way of naming something: `stdin`, `links` (addresses), `files` (a file, a
folder, a pattern). A *content kind* is a format, told by its first bytes: `jsonl`, `json_feed`,
`opml`, `feed`, and `document` for everything else. A new kind is a module with the two functions
of `pipeline.sources.content.ReferenceKind` or `ContentKind`, and its line in the table below.

Nothing here touches the network: an address gives an item to be fetched, and `expand` takes the
fetched bytes through the same content kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.sources import document, feed, files, json_feed, jsonl, links, opml, stdin
from pipeline.sources.content import Content, ContentKind, ReferenceKind
from pipeline.sources.discover import discover_feeds, has_home_address, is_home_page
from pipeline.sources.entries import ParsedFeed, items_of
from pipeline.sources.reading import Reading

#: asked in this order; the last one takes all that is left
REFERENCES: tuple[ReferenceKind, ...] = (stdin, links, files)
CONTENTS: tuple[ContentKind, ...] = (jsonl, json_feed, opml, feed, document)
#: what a fetched body may prove to be, beside an ordinary page
_EXPANDABLE: tuple[ContentKind, ...] = (json_feed, opml, feed)


def read(ref: str, settings: Settings, stdin: BinaryIO | None = None) -> Iterator[NewItem]:
    """The items of one source, as they are found: a long source is never held in memory.

    Never raises for what it finds: whatever cannot be read is an item with a problem, and the
    others go on. Within one call, what feeds and lists name twice comes once.
    ``stdin``: what `-` reads; None: standard input.
    """
    return Reading(urls.printable(ref), settings, REFERENCES, CONTENTS, stdin).reference(ref)


def expand(
    body: bytes, url: str, content_type: str | None, settings: Settings, requested: str | None = None
) -> list[NewItem] | None:
    """What a fetched body stands for: the items of a feed, of an OPML list, or the first feed
    that a home page announces; None for an ordinary page.

    ``url`` is the address after redirects, ``requested`` the one before. An announced feed is
    only taken from a page that was asked for as a home page, and never has a home page's address
    itself: so feeds that redirect to home pages cannot lead round in circles.
    Raises SourceError: `bad_feed`, `empty_feed`, `too_large` (for a feed, FEEDMILL_MAX_FEED_BYTES).
    """
    content = _fetched(body, url, content_type)
    reading = Reading(urls.printable(urls.without_password(requested or url)), settings, REFERENCES, CONTENTS)
    for kind in _EXPANDABLE:
        if kind.understands(content):
            # A problem of one entry must not be the first: the fetched item goes on as that.
            return sorted(kind.items(content, reading), key=lambda item: item.problem is not None)
    if content.kind == "html" and has_home_address(requested or url) and is_home_page(url, body):
        for address in discover_feeds(body, url):
            if not has_home_address(address):
                return [links.link(address, reading)]
    return None


def read_feed(
    body: bytes, url: str, content_type: str | None, settings: Settings, source: str | None = None
) -> tuple[ParsedFeed, list[NewItem]]:
    """A polled feed of any format: what it says of itself, and an item per entry (none is fine).

    ``source``: what the items name as theirs, by default url. Raises SourceError (`bad_feed`)
    for what is no feed.
    """
    content = _fetched(body, url, content_type)
    if json_feed.understands(content):
        parsed = json_feed.parse_json_feed(body, url)
    elif content.kind in ("html", "empty", "binary", "opml"):
        raise SourceError(f"{content.name} answered with no feed but {content.kind}.", code="bad_feed")
    else:
        parsed = feed.parse_feed(body, url, content_type)
    reading = Reading(source or content.name, settings, REFERENCES, CONTENTS)
    return parsed, list(items_of(parsed, content, reading)) if parsed.entries else []


def _fetched(body: bytes, url: str, content_type: str | None) -> Content:
    return Content(
        BytesIO(body),
        key=urls.canonical(url),
        name=urls.printable(urls.without_password(url)),
        url=url,
        content_type=content_type,
        size=len(body),
    )


__all__ = ["CONTENTS", "REFERENCES", "discover_feeds", "expand", "is_home_page", "read", "read_feed"]

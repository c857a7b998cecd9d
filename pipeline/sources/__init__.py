"""What users hand in, and the items that come of it.

    ref --reference kind--> content --content kind--> items

A *reference kind* is a way of naming something: `stdin`, `links` (addresses), `files` (a file, a
folder, a pattern). A *content kind* is a format, told by its first bytes: `jsonl`, `json_feed`,
`opml`, `sitemap`, `feed`, and `document` for everything else. A new kind is a module with the two functions
of `pipeline.sources.content.ReferenceKind` or `ContentKind`, and its line in the table below; that of
another package is named by its entry point (docs/extending.md).

Nothing here touches the network: an address gives an item to be fetched, and `expand` takes the
fetched bytes through the same content kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Item, NewItem
from pipeline.plugins import plugged
from pipeline.settings import Settings
from pipeline.sources import document, feed, files, json_feed, jsonl, links, opml, sitemap, stdin, upload
from pipeline.sources.content import Content, ContentKind, ReferenceKind
from pipeline.sources.discover import common_paths, discover_feeds, is_home_page
from pipeline.sources.entries import ParsedFeed, items_of
from pipeline.sources.reading import Reading

#: asked in this order; the last one takes all that is left
REFERENCES: tuple[ReferenceKind, ...] = (stdin, links, files)
CONTENTS: tuple[ContentKind, ...] = (jsonl, json_feed, opml, sitemap, feed, document)
#: group of entry points by which other packages bring kinds of their own (`pipeline.plugins`)
PLUGGED = "feedmill.sources"
#: what a fetched body may prove to be, beside an ordinary page
_EXPANDABLE: tuple[ContentKind, ...] = (json_feed, opml, sitemap, feed)


def references() -> tuple[ReferenceKind, ...]:
    """All kinds of references, those of other packages first: who installs one wants it asked."""
    return (*(one for one in plugged(PLUGGED).values() if hasattr(one, "claims")), *REFERENCES)


def contents() -> tuple[ContentKind, ...]:
    """All kinds of contents, likewise."""
    return (*(one for one in plugged(PLUGGED).values() if hasattr(one, "understands")), *CONTENTS)


def read(ref: str, settings: Settings, stdin: BinaryIO | None = None) -> Iterator[NewItem]:
    """The items of one source, as they are found: a long source is never held in memory.

    Never raises for what it finds: whatever cannot be read is an item with a problem, and the
    others go on. Within one call, what feeds and lists name twice comes once.
    ``stdin``: what `-` reads; None: standard input.
    """
    return Reading(urls.printable(ref), settings, references(), contents(), stdin).reference(ref)


def read_upload(
    stream: BinaryIO, name: str | None, content_type: str | None, settings: Settings
) -> Iterator[NewItem]:
    """The items of content that was handed over by itself, with the name its sender gave it.

    Never raises for what it finds, and touches no file whatever the name. Lists in it may name
    addresses, not files.
    """
    reading = Reading(upload.label(name), settings, references(), contents())
    return upload.items_in(stream, name, content_type, reading)


def expand(
    body: bytes, url: str, content_type: str | None, settings: Settings, item: Item | None = None
) -> list[NewItem] | None:
    """The items of a fetched body that proves to be a feed, an OPML list or a sitemap; None for any
    other. Plain or in gzip.

    ``url`` is the address after redirects; ``item`` the one it was fetched for: its source becomes
    theirs. A list of feeds that another list led to is refused, and so is an index of sitemaps
    behind two others: those that name each other would lead round in circles for ever. What an
    index led to must be something of these, or a plain list of addresses.
    A home page is no feed: see `is_home_page` and `discover_feeds`.
    Raises SourceError: `bad_feed`, `empty_feed`, `too_large` (beyond FEEDMILL_MAX_FEED_BYTES).
    """
    content = _fetched(body, url, content_type)
    reading = Reading(item.source if item else content.name, settings, references(), contents())
    kind = next((kind for kind in _EXPANDABLE if kind.understands(content)), None)
    found: Iterable[NewItem]
    if kind is opml:
        if item is not None and not _was_handed_in(item):
            message = f"{content.name} is a list of feeds, named by another list ({item.source})."
            raise SourceError(message, code="bad_feed")
        own = item.key if item else ""
        found = (one for one in opml.items(content, reading) if one.key != own)
    elif kind is sitemap:
        found = sitemap.items(content, reading, item)
    elif kind is not None:
        found = kind.items(content, reading)
    elif sitemap.indexes_before(item):
        found = sitemap.text_items(content, reading)
    else:
        return None
    # A problem of one entry must not be the first: the fetched item goes on as that.
    return sorted(found, key=lambda one: one.problem is not None)


def _was_handed_in(item: Item) -> bool:
    if sitemap.indexes_before(item):
        return False
    try:
        return links.key_of(item.source) == item.key
    except SourceError:
        # Its source is no address: a file with a list.
        return False


def read_feed(
    body: bytes, url: str, content_type: str | None, settings: Settings, source: str | None = None
) -> tuple[ParsedFeed, list[NewItem]]:
    """A polled feed of any format: what it says of itself, and an item per entry (none is fine).

    A sitemap is one; an index of sitemaps is none (`pipeline.sources.sitemap.children` tells which
    to read instead). ``source``: what the items name as theirs, by default url. Raises SourceError:
    `bad_feed` for what is no feed, `too_large` for gzip that unfolds to more than
    FEEDMILL_MAX_FEED_BYTES.
    """
    content = _fetched(body, url, content_type)
    if content.kind in ("html", "empty", "binary", "opml"):
        raise SourceError(f"{content.name} answered with no feed but {content.kind}.", code="bad_feed")
    body = content.body(settings.max_feed_bytes, "FEEDMILL_MAX_FEED_BYTES")
    reading = Reading(source or content.name, settings, references(), contents())
    if sitemap.understands(content):
        parsed = sitemap.parse_sitemap(body, url)
        if not parsed.entries and sitemap.children(body, url):
            raise SourceError(f"{content.name} is an index of sitemaps, not one of pages.", code="bad_feed")
        return parsed, list(sitemap.items_in(parsed, content, reading))
    if json_feed.understands(content):
        parsed = json_feed.parse_json_feed(body, url)
    else:
        parsed = feed.parse_feed(body, url, content_type)
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


__all__ = [
    "CONTENTS", "REFERENCES", "common_paths", "discover_feeds", "expand", "is_home_page", "read", "read_feed",
    "read_upload",
]  # fmt: skip

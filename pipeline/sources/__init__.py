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
from pipeline.model import Item, NewItem
from pipeline.settings import Settings
from pipeline.sources import document, feed, files, json_feed, jsonl, links, opml, stdin, upload
from pipeline.sources.content import Content, ContentKind, ReferenceKind
from pipeline.sources.discover import discover_feeds, is_home_page
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


def read_upload(
    stream: BinaryIO, name: str | None, content_type: str | None, settings: Settings
) -> Iterator[NewItem]:
    """The items of content that was handed over by itself, with the name its sender gave it.

    Never raises for what it finds, and touches no file whatever the name. Lists in it may name
    addresses, not files.
    """
    reading = Reading(upload.label(name), settings, REFERENCES, CONTENTS)
    return upload.items_in(stream, name, content_type, reading)


def expand(
    body: bytes, url: str, content_type: str | None, settings: Settings, item: Item | None = None
) -> list[NewItem] | None:
    """The items of a fetched body that proves to be a feed or an OPML list; None for any other.

    ``url`` is the address after redirects; ``item`` the one it was fetched for: its source becomes
    theirs. A list that another list led to is refused: two that name each other would lead
    round in circles for ever. A home page is no feed: see `is_home_page` and `discover_feeds`.
    Raises SourceError: `bad_feed`, `empty_feed`, `too_large` (beyond FEEDMILL_MAX_FEED_BYTES).
    """
    content = _fetched(body, url, content_type)
    reading = Reading(item.source if item else content.name, settings, REFERENCES, CONTENTS)
    for kind in _EXPANDABLE:
        if kind.understands(content):
            if kind is opml and item is not None and not _was_handed_in(item):
                message = f"{content.name} is a list of feeds, named by another list ({item.source})."
                raise SourceError(message, code="bad_feed")
            # A problem of one entry must not be the first: the fetched item goes on as that.
            return sorted(kind.items(content, reading), key=lambda one: one.problem is not None)
    return None


def _was_handed_in(item: Item) -> bool:
    try:
        return links.key_of(item.source) == item.key
    except SourceError:
        # Its source is no address: a file with a list.
        return False


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


__all__ = [
    "CONTENTS", "REFERENCES", "discover_feeds", "expand", "is_home_page", "read", "read_feed", "read_upload",
]  # fmt: skip

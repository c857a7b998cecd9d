"""Sitemaps, news sitemaps and indexes of sitemaps (https://www.sitemaps.org/protocol.html, 0.9).

A sitemap is read like a feed: an entry per page. An index names sitemaps, which are fetched and then
expanded; one that it names may be an index again, and no further.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from pipeline import gzipped, urls
from pipeline.errors import SourceError
from pipeline.model import Entry, Item, NewItem, Value
from pipeline.packing import digest
from pipeline.sniff import HEAD, bom_encoding, is_binary, root_tag, wide_encoding
from pipeline.sources import links, sitemap_xml
from pipeline.sources.content import Content
from pipeline.sources.entries import ParsedFeed, items_of
from pipeline.sources.feed_dates import iso
from pipeline.sources.reading import Reading

#: the protocol's limit of one file, unfolded, in bytes
MOST_BYTES = 52_428_800
#: how many indexes may stand between what the user named and a sitemap
MOST_INDEXES = 2

#: addresses that need no second look: absolute, with a plain host
_PLAIN = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/[!-~]*")
_COMMAS = re.compile(r"[,;،、，；]")


class Child(Value, frozen=True, kw_only=True):
    """A sitemap that an index names."""

    #: absolute where that could be found out
    loc: str
    #: ISO 8601, with offset where the index gave one
    lastmod: str | None = None


def understands(content: Content) -> bool:
    return content.kind == "sitemap"


def items(content: Content, reading: Reading, item: Item | None = None) -> Iterator[NewItem]:
    """An item per page, each address once; each sitemap that is named, as an item to be expanded.

    ``item``: the one that content was fetched for. Addresses that lead nowhere give `bad_url`.
    Raises SourceError (`bad_feed`, `empty_feed`, `too_large`); `bad_feed` also for an index that is
    named by an index that is named by an index, as those are that lead round in circles.
    """
    body = content.body(reading.settings.max_feed_bytes, "FEEDMILL_MAX_FEED_BYTES")
    try:
        listed = sitemap_xml.read(body)
    except SourceError as error:
        raise SourceError(f"{content.name}: {error.message}", code=error.code) from error
    if not listed.pages and not listed.children:
        raise SourceError(f"{content.name} lists no pages at the moment.", code="empty_feed")
    followed = indexes_before(item) < MOST_INDEXES
    if not followed and not listed.pages:
        message = (
            f"{content.name} is an index of sitemaps, named by an index that an index names:"
            f" more than {MOST_INDEXES} in a row, or in a circle, are not followed."
        )
        raise SourceError(message, code="bad_feed")
    yield from items_in(_parsed(listed, content.url), content, reading)
    if followed:
        yield from _children(listed, content, reading, item)


def parse_sitemap(body: bytes, url: str | None) -> ParsedFeed:
    """The same result as `pipeline.sources.feed.parse_feed`, from a sitemap: plain or in gzip.

    An entry per ``url``, each address once: its ``lastmod`` is the time of the update; what Google's
    news extension says are title, time of publication, language, tags, and the name of the feed.
    Images and videos are passed over. An index has no entries: see `children`. Entries whose
    address cannot be used have no link. Touches nothing but its arguments.
    Raises SourceError (`bad_feed`; `too_large` beyond the protocol's 50 MB in gzip).
    """
    return _parsed(sitemap_xml.read(_unfolded(body)), url)


def children(body: bytes, url: str | None) -> list[Child]:
    """The sitemaps that an index names, in its order, each once; none when body is no index.

    Plain or in gzip. Raises SourceError as `parse_sitemap`, only for what begins as an index does.
    """
    whole = _unfolded(body)
    if not _is_index(whole):
        return []
    return list(_children_of(sitemap_xml.read(whole), url))


def indexes_before(item: Item | None) -> int:
    """How many indexes led to an item: 0 for what a user or a list of feeds named, else 1, or 2 for
    any more. Told by what `items` notes: as its entry's feed the item has the index that named it."""
    named_by = item.entry.feed_url if item and item.expand and item.entry else None
    if item is None or named_by is None:
        return 0
    if not urls.is_url(named_by):
        # An index in a file: nobody but the user names those.
        return 1
    try:
        return 1 if links.key_of(item.source) == named_by else 2
    except SourceError:
        # Its source is no address: a file with a list.
        return 2


def items_in(parsed: ParsedFeed, content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item per entry of a parsed sitemap, each key once; those without a link give `bad_url`."""
    usable = [entry for entry in parsed.entries if entry.link]
    if usable:
        yield from items_of(ParsedFeed(entries=usable), content, reading)
    for entry in parsed.entries:
        if not entry.link:
            yield _unusable(entry.key, content, reading)


def text_items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """The items of a sitemap in plain text, an address a line, as an index may name it.

    Raises SourceError: `bad_feed` for anything else, `too_large`.
    """
    limit = reading.settings.max_feed_bytes
    body = content.body(limit, "FEEDMILL_MAX_FEED_BYTES")
    if gzipped.is_gzip(body):
        try:
            body = gzipped.unfold(body, limit)
        except gzipped.Damaged:
            body = b""
    text = body.decode("utf-8-sig", "replace") if not is_binary(body[:HEAD]) else ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not urls.is_url(lines[0]) or any(len(line.split()) > 1 for line in lines[:20]):
        raise SourceError(f"{content.name}, which an index names, is no sitemap.", code="bad_feed")
    pages = [{"loc": line} for line in lines[: sitemap_xml.MOST_PLACES]]
    listed = sitemap_xml.Listed(root="urlset", pages=pages, children=[])
    yield from items_in(_parsed(listed, content.url), content, reading)


def _parsed(listed: sitemap_xml.Listed, url: str | None) -> ParsedFeed:
    entries: dict[str, Entry] = {}
    for page in listed.pages:
        loc = _address(page["loc"])
        if loc not in entries:
            entries[loc] = _entry(loc, page, url)
    return ParsedFeed(
        title=_only({entry.feed_title for entry in entries.values()}),
        language=_only({entry.language for entry in entries.values()}),
        entries=list(entries.values()),
        warnings=listed.warnings,
    )


def _entry(loc: str, page: dict[str, str], url: str | None) -> Entry:
    return Entry(
        key=loc,
        link=_usable(loc, url),
        title=_text(page.get("title")),
        published=iso(page.get("publication_date")),
        updated=iso(page.get("lastmod")),
        tags=_tags(page.get("keywords", "")),
        language=_text(page.get("language")),
        feed_title=_text(page.get("name")),
        feed_url=url,
    )


def _children(
    listed: sitemap_xml.Listed, content: Content, reading: Reading, item: Item | None
) -> Iterator[NewItem]:
    """Items to be expanded. Their entries say which index named them: see `indexes_before`."""
    itself = item.key if item else content.key
    for child in _children_of(listed, content.url):
        try:
            key = urls.canonical(child.loc)
        except SourceError:
            yield _unusable(child.loc, content, reading)
            continue
        if key in (itself, content.key) or not reading.first_time(key):
            continue
        yield NewItem(
            key=key,
            name=urls.printable(urls.without_password(child.loc)),
            source=reading.source,
            url=child.loc,
            entry=Entry(key=child.loc, link=child.loc, updated=child.lastmod, feed_url=itself),
            expand=True,
        )


def _children_of(listed: sitemap_xml.Listed, url: str | None) -> Iterator[Child]:
    seen = set()
    for child in listed.children:
        loc = _address(child["loc"])
        if loc not in seen:
            seen.add(loc)
            yield Child(loc=urls.absolute(loc, url) or loc, lastmod=iso(child.get("lastmod")))


def _unusable(loc: str, content: Content, reading: Reading) -> NewItem:
    shown = urls.printable(urls.without_password(loc))[:200]
    key = f"{content.key}#{digest(loc.encode('utf-8', 'replace'))}"
    message = f"{content.name} names {shown!r}, which is no http or https address."
    return reading.problem(key, shown, "bad_url", message)


def _unfolded(body: bytes) -> bytes:
    if not gzipped.is_gzip(body):
        return body
    try:
        whole = gzipped.unfold(body, MOST_BYTES + 1)
    except gzipped.Damaged as error:
        raise SourceError(f"The sitemap is damaged gzip ({error}).", code="bad_feed") from error
    if len(whole) > MOST_BYTES:
        raise SourceError(f"The sitemap is larger than {MOST_BYTES} bytes.", code="too_large")
    return whole


def _is_index(body: bytes) -> bool:
    head = body[:HEAD]
    encoding = bom_encoding(head) or wide_encoding(head)
    if encoding:
        head = head.decode(encoding, "replace").lstrip("\ufeff").encode()
    return root_tag(head) == b"sitemapindex"


def _address(loc: str) -> str:
    # Escaped twice: no address has this in it on purpose.
    return loc.replace("&amp;", "&")


def _usable(loc: str, url: str | None) -> str | None:
    if _PLAIN.fullmatch(loc):
        return loc
    address = urls.absolute(loc, url)
    try:
        return address if address and urls.canonical(address) else None
    except SourceError:
        # The entry goes without a link, and its item says so.
        return None


def _text(value: str | None) -> str | None:
    # Titles are escaped twice as often as those of feeds.
    return " ".join(html.unescape(value).split()) or None if value else None


def _tags(keywords: str) -> list[str]:
    found = (_text(keyword) for keyword in _COMMAS.split(keywords))
    return list(dict.fromkeys(keyword for keyword in found if keyword))


def _only(values: set[str | None]) -> str | None:
    """The one value that is given, if it is one."""
    given = values - {None}
    return given.pop() if len(given) == 1 else None


__all__ = [
    "Child", "children", "indexes_before", "items", "items_in", "parse_sitemap", "text_items", "understands",
]  # fmt: skip

"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry, Hints, NewItem
from pipeline.sources.content import Content
from pipeline.sources.entries import Identity, ParsedFeed, as_html, entry_keys, items_of, plain
from pipeline.sources.feed_dates import iso
from pipeline.sources.feed_encoding import narrow
from pipeline.sources.reading import Reading


def understands(content: Content) -> bool:
    return content.kind == "json_feed"


def items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item per entry. Raises SourceError (`bad_feed`, `empty_feed`, `too_large`)."""
    body = content.body(reading.settings.max_feed_bytes, "FEEDMILL_MAX_FEED_BYTES")
    try:
        parsed = parse_json_feed(body, content.url)
    except SourceError as error:
        raise SourceError(f"{content.name}: {error.message}", code=error.code) from error
    yield from items_of(parsed, content, reading)


def parse_json_feed(body: bytes, url: str | None) -> ParsedFeed:
    """The same result as `pipeline.sources.feed.parse_feed`, from JSON.

    Members of a wrong type are passed over. Raises SourceError (`bad_feed`) for what is no
    object with a list of items.
    """
    try:
        feed = json.loads(narrow(body))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"This is no readable JSON Feed ({error}).", code="bad_feed") from error
    listed = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(listed, list):
        raise SourceError("This JSON has no list of items: it is no JSON Feed.", code="bad_feed")
    base = urls.absolute(_text(feed, "home_page_url") or "", url) or url
    common = _Common(
        authors=_authors(feed),
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        base=base,
        url=url,
    )
    found = [common.entry(item) for item in listed if isinstance(item, dict)]
    keys = entry_keys([identity for _, identity in found])
    skipped = len(listed) - len(found)
    return ParsedFeed(
        title=common.title,
        link=base,
        language=common.language,
        entries=[
            msgspec.structs.replace(entry, key=key) for (entry, _), key in zip(found, keys, strict=True)
        ],
        warnings=[f"{skipped} items are no objects."] if skipped else [],
        hints=_hints(feed, url),
    )


class _Common(msgspec.Struct, kw_only=True):
    """What the feed says for all of its items."""

    authors: list[str]
    title: str | None
    language: str | None
    base: str | None
    url: str | None

    def entry(self, item: dict[str, Any]) -> tuple[Entry, Identity]:
        """The entry, still without its key, and what the key is made of."""
        link = _link(item, self.base)
        text = _text(item, "content_text")
        content = _text(item, "content_html") or (as_html(text) if text else None)
        title = _text(item, "title")
        published, updated = iso(_text(item, "date_published")), iso(_text(item, "date_modified"))
        entry = Entry(
            key="",
            link=link,
            title=plain(title) if title and "</" in title else title,
            authors=_authors(item) or self.authors,
            published=published,
            updated=updated,
            summary=_text(item, "summary"),
            content=content,
            tags=_tags(item),
            language=_text(item, "language") or self.language,
            feed_title=self.title,
            feed_url=self.url,
        )
        return entry, Identity(_identifier(item), link, title, published or updated, content)


def _hints(feed: dict[str, Any], url: str | None) -> Hints:
    # https://www.jsonfeed.org/version/1.1/: hubs are objects with a type and a url; the topic is feed_url.
    listed = feed.get("hubs")
    for hub in listed if isinstance(listed, list) else ():
        if isinstance(hub, dict) and (_text(hub, "type") or "WebSub").lower() in ("websub", "pubsubhubbub"):
            address = urls.absolute(_text(hub, "url") or "", url)
            if address:
                return Hints(hub=address, topic=_topic(feed, url))
    return Hints(topic=_topic(feed, url))


def _topic(feed: dict[str, Any], url: str | None) -> str | None:
    named = _text(feed, "feed_url")
    return urls.absolute(named, url) if named else None


def _link(item: dict[str, Any], base: str | None) -> str | None:
    for candidate in (_text(item, "url"), _text(item, "external_url"), _identifier(item)):
        if not candidate or (candidate == _identifier(item) and not urls.is_url(candidate)):
            continue
        address = urls.absolute(candidate, base)
        try:
            if address and urls.canonical(address):
                return address
        except SourceError:
            # The next candidate may do; without any, the entry says so as an item.
            continue
    return None


def _identifier(item: dict[str, Any]) -> str | None:
    # The specification demands a string and asks readers to take numbers, too.
    value = item.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return _text(item, "id")


def _authors(holder: dict[str, Any]) -> list[str]:
    # 1.1 has a list, 1.0 one object.
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) and listed else [listed, holder.get("author")]
    names = [_text(person, "name") if isinstance(person, dict) else None for person in people]
    return list(dict.fromkeys(name for name in names if name))


def _tags(item: dict[str, Any]) -> list[str]:
    listed = item.get("tags")
    if not isinstance(listed, list):
        return []
    return list(dict.fromkeys(tag.strip() for tag in listed if isinstance(tag, str) and tag.strip()))


def _text(holder: dict[str, Any], name: str) -> str | None:
    value = holder.get(name)
    if not isinstance(value, str):
        return None
    # A lone surrogate (an escape that means nothing) can neither be shown nor stored.
    return value.encode("utf-8", "replace").decode().strip() or None

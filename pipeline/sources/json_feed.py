"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry, NewItem
from pipeline.sources.content import Content
from pipeline.sources.entries import EntryKeys, ParsedFeed, as_html, items_of
from pipeline.sources.feed_dates import iso
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
        feed = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"This is no readable JSON Feed ({error}).", code="bad_feed") from error
    listed = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(listed, list):
        raise SourceError("This JSON has no list of items: it is no JSON Feed.", code="bad_feed")
    base = urls.absolute(_text(feed, "home_page_url") or "", url) or url
    keys = EntryKeys()
    entries = [_entry(item, feed, base, url, keys) for item in listed if isinstance(item, dict)]
    skipped = len(listed) - len(entries)
    return ParsedFeed(
        title=_text(feed, "title"),
        link=base,
        language=_text(feed, "language"),
        entries=entries,
        warnings=[f"{skipped} items are no objects."] if skipped else [],
    )


def _entry(
    item: dict[str, Any], feed: dict[str, Any], base: str | None, url: str | None, keys: EntryKeys
) -> Entry:
    link = _link(item, base)
    plain = _text(item, "content_text")
    content = _text(item, "content_html") or (as_html(plain) if plain else None)
    title = _text(item, "title")
    return Entry(
        key=keys.key(_identifier(item), link, title, content),
        link=link,
        title=title,
        authors=_authors(item) or _authors(feed),
        published=iso(_text(item, "date_published")),
        updated=iso(_text(item, "date_modified")),
        summary=_text(item, "summary"),
        content=content,
        tags=_tags(item),
        language=_text(item, "language") or _text(feed, "language"),
        feed_title=_text(feed, "title"),
        feed_url=url,
    )


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
    people = listed if isinstance(listed, list) else [holder.get("author")]
    names = [_text(person, "name") for person in people if isinstance(person, dict)]
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

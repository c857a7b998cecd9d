"""RSS 0.9x to 2.0, RDF and Atom, from bytes. The only importer of feedparser, which gets bytes and
never fetches; its sanitising and link resolving stay off: they cost more than all the rest, and
`clean` does that work later for what is kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry, NewItem
from pipeline.sniff import bom_encoding, wide_encoding
from pipeline.sources.content import Content
from pipeline.sources.entries import EntryKeys, ParsedFeed, as_html, items_of, plain
from pipeline.sources.feed_dates import iso
from pipeline.sources.reading import Reading

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.I)
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.I)
_ADDRESS = re.compile(r"[^\s@()]+@[^\s@()]+(?:\s*\(([^()]+)\))?")
_ROOT = re.compile(rb"<\w")
_DECLARATION = re.compile(rb"\s*<\?xml[^<>]*\?>")
#: A declaration that cannot do harm: a short text that refers to nothing but characters.
_HARMLESS = re.compile(
    rb"""<!ENTITY\s+[\w.-]+\s+(?:"(?:[^&%"]|&#\w+;){0,200}"|'(?:[^&%']|&#\w+;){0,200}')\s*>"""
)


def understands(content: Content) -> bool:
    return content.kind == "feed"


def items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item per entry. Raises SourceError (`bad_feed`, `empty_feed`, `too_large`)."""
    body = content.body(reading.settings.max_feed_bytes, "FEEDMILL_MAX_FEED_BYTES")
    try:
        parsed = parse_feed(body, content.url, content.content_type)
    except SourceError as error:
        raise SourceError(f"{content.name}: {error.message}", code=error.code) from error
    yield from items_of(parsed, content, reading)


def parse_feed(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed:
    """What a feed says of itself and its entries. Touches nothing but its arguments.

    A feed that breaks the rules but has entries is taken, with warnings. Relative links are
    resolved against xml:base, else the feed's own link, else url.
    Raises SourceError (`bad_feed`) for what is no feed, or is broken beyond use.
    """
    headers = {"content-type": content_type} if content_type else {}
    try:
        raw = feedparser.parse(
            BytesIO(_disarmed(body)),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        # Odd input makes feedparser fail in any way; each of them means the same here.
        raise SourceError(f"The feed could not be parsed: {error!r}.", code="bad_feed") from error
    broken = raw.get("bozo_exception")
    told = f" ({broken})" if broken else ""
    if not raw.get("version") and not raw.entries:
        raise SourceError(f"This is no RSS, RDF or Atom feed{told}.", code="bad_feed")
    if broken and not raw.entries and not _is_complete(body):
        raise SourceError(f"The feed is broken and has no usable entries{told}.", code="bad_feed")
    return _parsed(raw, url, [str(broken)] if broken else [])


def _parsed(raw: Any, url: str | None, warnings: list[str]) -> ParsedFeed:
    link = urls.absolute(_one(raw.feed, "link") or "", url)
    title = _title(raw.feed)
    language = _one(raw.feed, "language")
    keys = EntryKeys()
    entries = []
    for entry in raw.entries:
        address = _link(entry, link or url)
        content, summary = _content(entry), _one(entry, "summary")
        published, updated = _date(entry, "published"), _date(entry, "updated")
        if published is None and not str(raw.version).startswith("atom"):
            # The one date of an RSS or RDF entry, dc:date as a rule, is that of publication.
            published, updated = updated, None
        entries.append(
            Entry(
                key=keys.key(_one(entry, "id"), address, _one(entry, "title"), content or summary),
                link=address,
                title=_title(entry),
                authors=_authors(entry),
                published=published,
                updated=updated,
                summary=None if summary == content else summary,
                content=content,
                tags=_tags(entry),
                language=_language(entry) or language,
                feed_title=title,
                feed_url=url,
            )
        )
    return ParsedFeed(title=title, link=link, language=language, entries=entries, warnings=warnings)


def _link(entry: Any, base: str | None) -> str | None:
    # FeedBurner puts its own address into the link and the article's beside it.
    candidates = [_one(entry, "feedburner_origlink"), _one(entry, "link")]
    candidates += [
        link.get("href")
        for link in entry.get("links", ())
        if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    guid = _one(entry, "id")
    if guid and urls.is_url(guid):
        candidates.append(guid)
    for candidate in candidates:
        if candidate and (address := _usable(candidate, base)):
            return address
    return None


def _usable(link: str, base: str | None) -> str | None:
    address = urls.absolute(link, base)
    try:
        return address if address and urls.canonical(address) else None
    except SourceError:
        # The entry's other candidates come next; without any, the entry says so as an item.
        return None


def _content(entry: Any) -> str | None:
    best = ""
    for part in entry.get("content", ()):
        value, kind = str(part.get("value") or "").strip(), str(part.get("type") or "text/html")
        if not kind.startswith("text/") and "xml" not in kind:
            continue
        if kind == "text/plain" and value:
            value = as_html(value)
        if len(value) > len(best):
            best = value
    return best or None


def _title(holder: Any) -> str | None:
    text = _one(holder, "title")
    if text is None:
        return None
    kind = _one(holder.get("title_detail") or {}, "type")
    # Half of all feeds escape twice: entities are resolved even where plain text is announced.
    return (plain(text) if kind != "text/plain" else " ".join(html.unescape(text).split())) or None


def _authors(entry: Any) -> list[str]:
    author = _one(entry, "author") or ""
    # RSS 2.0 asks for an address, with a name behind it at best; feedparser cuts that up wrongly
    # for newer domains.
    if address := _ADDRESS.fullmatch(author):
        return [address[1].strip()] if address[1] else []
    named = [_one(author, "name") for author in entry.get("authors", ()) if hasattr(author, "get")]
    found = [name for name in named if name] or [author]
    return list(dict.fromkeys(name for name in found if name))


def _tags(entry: Any) -> list[str]:
    terms = [_one(tag, "label") or _one(tag, "term") for tag in entry.get("tags", ()) or ()]
    return list(dict.fromkeys(term for term in terms if term))


def _date(entry: Any, name: str) -> str | None:
    # `in`, not get: feedparser answers a missing "updated" with "published".
    if name not in entry:
        return None
    return iso(_one(entry, name), entry.get(f"{name}_parsed"))


def _language(entry: Any) -> str | None:
    for part in entry.get("content", ()):
        if language := _one(part, "language"):
            return language
    return _one(entry, "language")


def _one(values: Any, name: str) -> str | None:
    # Odd feeds make feedparser put dictionaries and lists where text is expected.
    if name not in values:
        return None
    value = values.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _is_complete(body: bytes) -> bool:
    """Whether a feed without entries really has none: nothing begins one, and it has its end."""
    return not _ENTRY.search(body) and bool(_END.search(body[-500:]))


def _disarmed(body: bytes) -> bytes:
    """The feed without its document type, if that declares entities that could multiply or fetch.

    feedparser drops those that refer to others, but only where each has a line of its own, and
    not one of a megabyte that is used ten thousand times.
    """
    encoding = bom_encoding(body[:4]) or wide_encoding(body[:2000])
    if encoding and encoding != "utf-8":
        if "<!ENTITY".encode(encoding) not in body:
            return body
        text = body.decode(encoding, "replace").lstrip("\ufeff")
        body = re.sub(r"^<\?xml[^>]*\?>", "", text).encode()
    root = _ROOT.search(body)
    head = body[: root.start()] if root else body
    if head.count(b"<!ENTITY") == len(_HARMLESS.findall(head)):
        return body
    declaration = _DECLARATION.match(head)
    return (declaration[0] if declaration else b"") + body[len(head) :]

"""RSS 0.9x to 2.0, RDF and Atom, from bytes. The only importer of feedparser, which gets bytes and
never fetches; its sanitising and link resolving stay off: they cost more than all the rest, and
`clean` does that work later for what is kept.

Well-formed feeds take the fast way (`xml_feed`); feedparser is the reference, and reads the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import feedparser

from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.sources.content import Content
from pipeline.sources.entries import ParsedFeed, items_of
from pipeline.sources.feed_encoding import as_text, is_wide, narrow, utf_8
from pipeline.sources.feed_meaning import parsed_feed
from pipeline.sources.feed_mending import mended
from pipeline.sources.raw_feed import RawEntry, RawFeed
from pipeline.sources.reading import Reading
from pipeline.sources.xml_feed import Broken, read_xml
from pipeline.sources.xml_names import Excess, Unsure

#: feedparser takes ten times the memory and a hundred times the time of `xml_feed`: bytes and tags
_MOST_FOR_FEEDPARSER = 8_000_000
_MOST_TAGS_FOR_FEEDPARSER = 150_000

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.I)
_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.I)
_SKIP_HOURS = re.compile(rb"<skipHours\b[^>]*>(.{0,3000}?)</skipHours", re.I | re.S)
_SKIP_DAYS = re.compile(rb"<skipDays\b[^>]*>(.{0,3000}?)</skipDays", re.I | re.S)
_HOUR_OR_DAY = re.compile(rb"<(?:hour|day)\b[^>]*>\s*(\w+)\s*<", re.I)
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
    if is_wide(body):
        content_type = None
    body = narrow(body)
    text = utf_8(body, content_type)
    broken = None
    if text is not None:
        try:
            return parsed_feed(read_xml(text), url, [])
        except Excess as error:
            broken = f"The feed was not built as people build feeds: {error}."
        except Unsure:
            # A matter for the reference.
            pass
        except Broken as error:
            broken = str(error)
    raw, problem = None, broken
    if broken is None and _suits_feedparser(body):
        raw, problem = _by_feedparser(body, content_type)
    if raw is None or problem:
        raw = _recovered(body, content_type, raw, is_broken=broken is not None)
    if raw is None or (problem and not raw.entries and not _is_complete(body)):
        told = f" ({problem})" if problem else ""
        raise SourceError(f"This is no RSS, RDF or Atom feed that can be used{told}.", code="bad_feed")
    return parsed_feed(raw, url, [problem] if problem else [])


def parse_by_reference(body: bytes, url: str | None, content_type: str | None = None) -> ParsedFeed | None:
    """The same by feedparser alone, None for no feed: what the fast way must equal where it is sure."""
    raw, problem = _by_feedparser(narrow(body), content_type)
    return parsed_feed(raw, url, [problem] if problem else []) if raw else None


def _recovered(
    body: bytes, content_type: str | None, found: RawFeed | None, is_broken: bool
) -> RawFeed | None:
    """The best that mending or feedparser's loose parser make of a broken feed: the most entries."""
    repaired = mended(as_text(body, content_type))
    begun = 0
    if repaired is not None:
        document, begun = repaired
        try:
            raw = read_xml(document, lenient=True)
        except (Broken, Unsure):
            # What was mended is still no feed; the loose parser is asked.
            raw = None
        if raw and len(raw.entries) > len(found.entries if found else ()):
            found = raw
    is_short = len(found.entries if found else ()) < max(1, begun)
    if is_broken and is_short and _suits_feedparser(body):
        raw, _ = _by_feedparser(body, content_type)
        if raw and (found is None or len(raw.entries) > len(found.entries)):
            found = raw
    return found


def _suits_feedparser(body: bytes) -> bool:
    return len(body) <= _MOST_FOR_FEEDPARSER and body.count(b"<") <= _MOST_TAGS_FOR_FEEDPARSER


def _by_feedparser(body: bytes, content_type: str | None) -> tuple[RawFeed | None, str | None]:
    """What feedparser makes of a feed, None for what is none, and what it has to say against it."""
    try:
        parsed = feedparser.parse(
            BytesIO(_disarmed(body)),
            response_headers={"content-type": content_type} if content_type else {},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001 - odd input makes feedparser fail in any way
        return None, repr(error)
    broken = parsed.get("bozo_exception")
    if isinstance(broken, feedparser.NonXMLContentType) or (
        isinstance(broken, feedparser.CharacterEncodingOverride) and utf_8(body, content_type) is not None
    ):
        # What servers call a feed says nothing of it; text/xml is not ASCII any more (RFC 7303).
        broken = None
    if not parsed.get("version") and not parsed.entries:
        return None, str(broken) if broken else None
    raw = _raw(parsed)
    # feedparser keeps only the last hour and the last day.
    raw.skip_hours = _told(body, _SKIP_HOURS) if "hour" in parsed.feed else []
    raw.skip_days = _told(body, _SKIP_DAYS) if "day" in parsed.feed else []
    return raw, str(broken) if broken else None


def _told(body: bytes, pattern: re.Pattern[bytes]) -> list[str]:
    block = pattern.search(body)
    return [one.decode("ascii", "replace") for one in _HOUR_OR_DAY.findall(block[1])] if block else []


def _raw(parsed: Any) -> RawFeed:
    feed = parsed.feed
    atom = str(parsed.version).startswith("atom")
    author, people = _people(feed)
    return RawFeed(
        atom=atom,
        title=_one(feed, "title"),
        title_type=_one(feed.get("title_detail") or {}, "type") if atom else None,
        link=_one(feed, "link"),
        language=_one(feed, "language"),
        links=[(link.get("rel") or "", link["href"]) for link in feed.get("links", ()) if link.get("href")],
        author=author,
        people=people,
        ttl=_one(feed, "ttl"),
        update_period=_one(feed, "sy_updateperiod"),
        update_frequency=_one(feed, "sy_updatefrequency"),
        entries=[_raw_entry(entry, atom) for entry in parsed.entries],
    )


def _raw_entry(entry: Any, atom: bool) -> RawEntry:
    author, people = _people(entry)
    return RawEntry(
        id=_one(entry, "id"),
        link=_one(entry, "link"),
        origin_link=_one(entry, "feedburner_origlink"),
        alternates=[
            link["href"]
            for link in entry.get("links", ())
            if link.get("rel", "alternate") == "alternate" and link.get("href")
        ],
        title=_one(entry, "title"),
        title_type=_one(entry.get("title_detail") or {}, "type") if atom else None,
        author=author,
        people=people,
        # `in` is asked first: feedparser answers a missing "updated" with "published".
        published=_one(entry, "published"),
        updated=_one(entry, "updated"),
        summary=_one(entry, "summary"),
        contents=[
            (str(part.get("type") or "text/html"), str(part.get("value") or "").strip(), part.get("language"))
            for part in entry.get("content", ())
        ],
        tags=[(_one(tag, "term"), _one(tag, "label")) for tag in entry.get("tags", ()) or ()],
        language=_one(entry, "language"),
    )


def _people(holder: Any) -> tuple[str | None, list[tuple[str | None, str | None]]]:
    listed = [one for one in holder.get("authors", ()) if hasattr(one, "get")]
    return _one(holder, "author"), [(_one(one, "name"), _one(one, "email")) for one in listed]


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
    root = _ROOT.search(body)
    head = body[: root.start()] if root else body
    if head.count(b"<!ENTITY") == len(_HARMLESS.findall(head)):
        return body
    declaration = _DECLARATION.match(head)
    return (declaration[0] if declaration else b"") + body[len(head) :]

"""OPML: a list of feeds, as feed readers export it (http://opml.org/spec2.opml)."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import NewItem, Value
from pipeline.packing import digest
from pipeline.sources import files, links
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading

# No "<" inside: each search ends at the next tag, so that the whole stays linear.
_OUTLINE = re.compile(r"<outline\b((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*)>", re.I)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class Subscription(Value, frozen=True, kw_only=True):
    """One feed of the list."""

    #: as it stands in the list: an address, or a path beside it
    url: str
    title: str | None = None


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


def parse_opml(body: bytes) -> list[Subscription]:
    """The feeds in an OPML document, in its order, each once. Raises SourceError (`bad_feed`).

    Entities are never expanded. A document that is no well-formed XML (an unescaped ampersand
    is the usual reason) is searched for its outlines all the same.
    """
    try:
        outlines = _outlines(body)
    except expat.ExpatError as error:
        outlines = _outlines_leniently(body)
        if not outlines:
            raise SourceError(f"The list is no readable OPML: {error}.", code="bad_feed") from error
    found: dict[str, Subscription] = {}
    for attributes in outlines:
        lower = {name.lower(): value.strip() for name, value in attributes.items()}
        url = lower.get("xmlurl") or (lower.get("url") if lower.get("type") in ("rss", "atom") else None)
        if url and url not in found:
            title = lower.get("title") or lower.get("text") or None
            found[url] = Subscription(url=url, title=title)
    return list(found.values())


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
    yield from files.read_file(str(path), urls.file_key(path), reading, only=("feed", "json_feed"))


def _outlines(body: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.lower() == "outline":
            found.append(attributes)

    def entity(*declaration: object) -> None:
        # Raised before any use of it: nothing is ever expanded.
        raise SourceError("The list declares XML entities, which are not accepted.", code="bad_feed")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(body, True)
    except (ValueError, LookupError) as error:
        raise SourceError(f"The list is no readable OPML: {error}.", code="bad_feed") from error
    return found


def _outlines_leniently(body: bytes) -> list[dict[str, str]]:
    text = body.decode("utf-8", "replace")
    return [
        {name: html.unescape(double or single) for name, double, single in _ATTRIBUTE.findall(attributes)}
        for attributes in _OUTLINE.findall(text)
    ]

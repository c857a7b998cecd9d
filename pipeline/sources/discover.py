"""Feeds that a home page announces (`<link rel="alternate">`, RSS autodiscovery)."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.sniff import bom_encoding, wide_encoding

#: announcements stand in the head of a page: this much is looked at, in bytes
_LOOKED_AT = 400_000
_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
          "application/json")  # fmt: skip
#: comments and scripts hide tags; the rest of the list is what is looked for. No "<" inside a tag:
#: a search ends at the next one, so that the whole stays linear.
_MARKUP = re.compile(r"<!--|<(script|style|template|link|meta|base)\b([^<>]*)>", re.I)
_ATTRIBUTE = re.compile(r"([a-z:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_HOME = re.compile(r"/(?:(?:index|home|default)(?:\.\w{1,5})?|[a-z]{2}(?:[-_][a-z]{2})?/?)?", re.I)
_ARTICLE_TYPE = re.compile(r"\"@type\"\s*:\s*\[?\s*\"\w*(?:Article|BlogPosting)\"")


def discover_feeds(body: bytes, url: str) -> list[str]:
    """Addresses of the feeds that a page announces, absolute, in its order, each once.

    ``application/json`` counts only where the address speaks of a feed: sites announce other
    interfaces with it.
    """
    base, found = url, []
    for tag, attributes in _tags(_head(body)):
        if tag == "base":
            base = urls.absolute(attributes.get("href", ""), url) or base
        if tag != "link" or "alternate" not in attributes.get("rel", "").lower().split():
            continue
        mime = attributes.get("type", "").split(";")[0].strip().lower()
        address = urls.absolute(attributes.get("href", ""), base)
        if address and mime in _TYPES and (mime != _TYPES[-1] or "feed" in address.lower()):
            found.append(address)
    return list(dict.fromkeys(found))


def is_home_page(url: str, body: bytes) -> bool:
    """Whether an HTML page is a site's front page rather than one of its articles.

    Careful: true only for a root, an index page or a language's root, without a query, that does
    not call itself an article.
    """
    if not has_home_address(url):
        return False
    head = _head(body)
    if _ARTICLE_TYPE.search(head):
        return False
    kinds = [
        a.get("content", "") for tag, a in _tags(head) if tag == "meta" and a.get("property") == "og:type"
    ]
    return "article" not in (kind.strip().lower() for kind in kinds)


def has_home_address(url: str) -> bool:
    """Whether an address looks like that of a front page."""
    try:
        parts = urlsplit(urls.canonical(url))
    except SourceError:
        return False
    return not parts.query and bool(_HOME.fullmatch(parts.path))


def _head(body: bytes) -> str:
    first = body[:_LOOKED_AT]
    return first.decode(bom_encoding(first) or wide_encoding(first) or "utf-8", "replace")


def _tags(text: str) -> list[tuple[str, dict[str, str]]]:
    """Tags that matter with their attributes, outside comments and scripts, in one pass."""
    found, at = [], 0
    while (match := _MARKUP.search(text, at)) is not None:
        at = match.end()
        name = (match[1] or "").lower()
        closing = "-->" if not name else f"</{name}" if name in ("script", "style", "template") else ""
        if closing:
            end = text.find(closing, at)
            at = len(text) if end < 0 else end
            continue
        attributes: dict[str, str] = {}
        for key, double, single, bare in _ATTRIBUTE.findall(match[2]):
            attributes.setdefault(key.lower(), html.unescape(double or single or bare).strip())
        found.append((name, attributes))
    return found

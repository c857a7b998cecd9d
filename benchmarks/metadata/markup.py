"""The yardstick: what a page's machine-readable metadata says when it is believed.

JSON-LD of an article first, then meta tags, then the first h1 and the title. Entities are decoded and lists
of names in one string are split; nothing else is cleaned, and nothing is judged.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from benchmarks.metadata.fields import Answer

_TITLE = ("og:title", "twitter:title", "dc.title")
_AUTHOR = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_DATE = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate",
)  # fmt: skip
_PARTS = re.compile(r"\s*[,;|]\s*|\s+(?:and|und|et|y|e|og|och)\s+")


def read(page: str) -> Answer:
    tree = LexborHTMLParser(page)
    article = next(_articles(tree), {})
    meta: dict[str, list[str]] = {}
    for node in tree.css("meta[content]"):
        key = (
            node.attributes.get("property") or node.attributes.get("name") or node.attributes.get("itemprop")
        )
        content = html.unescape(node.attributes.get("content") or "").strip()
        if key and content:
            meta.setdefault(key.lower(), []).append(content)

    def first(*keys: str) -> str | None:
        return next((meta[key][0] for key in keys if key in meta), None)

    stated = next((meta[key] for key in _AUTHOR if key in meta and not meta[key][0].startswith("http")), [])
    keywords = _listed(article.get("keywords")) or meta.get("article:tag") or []
    root, canonical = tree.css_first("html"), tree.css_first("link[rel=canonical]")
    language = (root.attributes.get("lang") if root else None) or first("og:locale", "content-language")
    return Answer(
        title=_text(article.get("headline")) or first(*_TITLE) or _shown(tree, "h1") or _shown(tree, "title"),
        authors=_names(article.get("author")) or _names(stated),
        published_at=_text(article.get("datePublished")) or first(*_DATE),
        tags=keywords or _listed(first("news_keywords", "keywords")),
        language=language,
        site_name=first("og:site_name") or next(iter(_names(article.get("publisher"))), None),
        canonical_url=(canonical.attributes.get("href") if canonical else None) or first("og:url"),
        description=first("og:description", "description") or _text(article.get("description")),
        section=next(iter(_listed(article.get("articleSection"))), None) or first("article:section"),
    )


def _articles(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            stack = [json.loads(script.text(), strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            one = stack.pop(0)
            if isinstance(one, list):
                stack = one + stack
            elif isinstance(one, dict):
                kinds = one.get("@type")
                if any(str(kind).endswith(("Article", "Posting")) for kind in _list(kinds)):
                    yield one
                stack += _list(one.get("@graph"))


def _names(value: Any) -> list[str]:
    named = [one.get("name") if isinstance(one, dict) else one for one in _list(value)]
    texts = [text for one in named for text in _list(one) if isinstance(text, str)]
    return [name for text in texts for name in _PARTS.split(html.unescape(text).strip()) if name]


def _listed(value: Any) -> list[str]:
    values = html.unescape(value).split(",") if isinstance(value, str) else _list(value)
    return [one.strip() for one in values if isinstance(one, str) and one.strip()]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str | None:
    return html.unescape(value).strip() or None if isinstance(value, str) else None


def _shown(tree: LexborHTMLParser, tag: str) -> str | None:
    node = tree.css_first(tag)
    return " ".join(node.text().split()) or None if node else None

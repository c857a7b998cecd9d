"""What a system tells about a page, and what the collections know of it."""

from __future__ import annotations

from typing import Any

import msgspec

from benchmarks.metadata.matching import instant
from training.corpora import Labelled

#: in the order in which reports name them; readability's truth is what that tool gives itself
CORPORA = ("fundus", "wcxb-dev", "trafilatura", "trafilatura-realworld", "htmldate", "newspaper4k")


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a system tells about a page, by the names of `pipeline.model.Article`."""

    title: str | None = None
    authors: list[str] = []
    #: ISO 8601, with or without time of day and offset
    published_at: str | None = None
    tags: list[str] = []
    #: BCP 47
    language: str | None = None
    site_name: str | None = None
    canonical_url: str | None = None
    description: str | None = None
    section: str | None = None


#: what is scored -> the field of an `Answer` that is held against it
FIELDS = {
    "title": "title",
    "authors": "authors",
    "published_at": "published_at",
    "published_at by htmldate": "published_at",
    "tags": "tags",
    "language": "language",
    "site_name": "site_name",
    "canonical_url": "canonical_url",
    "description": "description",
    "section": "section",
}
#: what is scored -> the keys of a truth that state it, the first that is there
_KEYS = {
    "title": ("title",),
    "authors": ("authors",),
    "published_at": ("date",),
    "published_at by htmldate": ("date_htmldate",),
    "tags": ("tags",),
    "language": ("lang",),
    "site_name": ("sitename",),
    "canonical_url": ("canonical",),
    "description": ("description",),
    "section": ("categories",),
}
#: keys of a truth that say nothing of metadata, and are long
TEXTS = ("body", "blocks", "body_html", "with", "without", "comments", "excerpt")
#: whose nulls say nothing: regression data of a tool that may have missed what is there
_NULL_IS_UNKNOWN = ("newspaper4k",)


def truth(page: Labelled) -> dict[str, Any]:
    """What is known of a page, by what is scored; None or an empty list: the page has none.

    What nobody looked at is left out, and so is a date that is none. WCXB states date and authors of
    articles alone.
    """
    known: dict[str, Any] = {}
    for name, keys in _KEYS.items():
        for key in keys:
            if key in page.truth:
                known[name] = page.truth[key] or ([] if name in ("authors", "tags") else None)
                break
    for name in ("published_at", "published_at by htmldate"):
        if known.get(name) and instant(known[name]) is None:
            del known[name]
    if page.language and "language" not in known:
        known["language"] = page.language
    unsure = page.corpus in _NULL_IS_UNKNOWN
    if page.corpus == "wcxb-dev":
        unsure = page.type != "article"
    return {name: value for name, value in known.items() if value or not unsure}

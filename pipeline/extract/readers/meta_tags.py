"""Candidates from ``meta`` and ``link``: OpenGraph, Twitter, Dublin Core, parsely, sailthru and their kin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.reading import read_date
from pipeline.extract.people.names import named
from pipeline.extract.wire.agencies import agency_named
from pipeline.model import Document

TRUST = 20

#: field -> names of meta tags, best first
_NAMES = {
    "title": """
        og:title twitter:title parsely-title sailthru.title dc.title dcterms.title headline hdl title
    """,
    "description": """
        og:description description twitter:description dc.description sailthru.description
        dcterms.abstract
    """,
    "section": """
        article:section parsely-section section cxenseparse:section category dc.subject.section
        og:section
    """,
    "site_name": """
        og:site_name application-name dc.publisher publisher twitter:site:name
        apple-mobile-web-app-title dcterms.publisher
    """,
    "image_url": """
        og:image og:image:url og:image:secure_url twitter:image twitter:image:src parsely-image-url
        sailthru.image.full image
    """,
    "language": """
        og:locale content-language language dc.language dcterms.language inlanguage
    """,
    "canonical_url": """
        og:url parsely-link twitter:url
    """,
}
#: papers name their authors in tags of their own, beside those of what they cite
_AUTHORS_WORDS = """
    citation_author author article:author parsely-author sailthru.author dc.creator dc:creator
    dcterms.creator byl byline dcsext.author cxenseparse:author og:article:author article:author_name
    twitter:creator:name authors news_authors article_author shareaholic:article_author_name
"""
_AUTHORS = tuple(_AUTHORS_WORDS.split())
#: these give the surname first, where there is a comma
_TURNED = ("citation_author", "dc.creator", "dcterms.creator")
_CARD_LABEL = re.compile(
    r"(?:written|posted|published|geschrieben|verfasst|veröffentlicht|écrit|rédigé|publié|escrito|scritto|skrev\w+"
    r"|napisan\w+|geschreven|author|auteur|autor\w*)\b",
    re.I,
)
_PUBLISHED_WORDS = """
    article:published_time og:article:published_time datepublished parsely-pub-date sailthru.date
    publishdate publish_date publish-date pubdate published published_time publication_date
    article.published dc.date.issued dcterms.issued dcterms.created dc.date date dcterms.date
    citation_publication_date cxenseparse:recs:publishtime cxenseparse:publishtime article_date_original
    og:published_time originalpublicationdate created displaydate ptime pdate datecreated
    dc.date.created vr:published_time rnews:datepublished timestamp search_date
    shareaholic:article_published_time
"""
_PUBLISHED = tuple(_PUBLISHED_WORDS.split())
_MODIFIED_WORDS = """
    article:modified_time og:updated_time datemodified dcterms.modified dc.date.modified
    article:updated_time lastmod last-modified utime modified updated_time
    shareaholic:article_modified_time last_updated_at
"""
_MODIFIED = tuple(_MODIFIED_WORDS.split())
#: parts of names that other systems give to dates: ``w-published-date``, ``dcsext.articlefirstpublished``
_ANY_DATE = re.compile(r"date|time|publi|updat|modif|_at$|pubday")
_LAST = re.compile(r"updat|modif|revis|last")
_FIRST = re.compile(
    r"publi(?!sher|c\b)|pub[-_:.]?da|da(?:te|y)[-_:.]?pub|release|issued|citation_(?:online_)?date|firstcreate"
)
_LONGEST_DATE = 60
_TAGS = [
    "article:tag",
    "news_keywords",
    "parsely-tags",
    "sailthru.tags",
    "keywords",
    "dc.subject",
    "dcterms.subject",
]
#: field, name and source of each of `_NAMES`, in their order
_SOURCES = [
    (field, name, name if ":" in name else f"meta:{name}")
    for field, names in _NAMES.items()
    for name in names.split()
]
#: all names that are read; beside them only those that speak of dates
_KNOWN = frozenset(
    (*(name for _, name, _ in _SOURCES), *_AUTHORS, *_PUBLISHED, *_MODIFIED, *_TAGS, "article:content_tier",
     "twitter:label1", "twitter:label2", "twitter:data1", "twitter:data2")
)  # fmt: skip


def read(document: Document) -> Iterator[Candidate]:
    """Candidates of every vocabulary; the best name of a field first."""
    meta: dict[str, list[str]] = {}
    for name, content in document.signals.get("meta", ()):
        if name in _KNOWN or _date_named(name):
            meta.setdefault(name, []).append(" ".join(unescape(content).split()))
    for field, name, source in _SOURCES:
        if name in meta:
            yield Candidate(field, meta[name][0], source)
    yield from _people(meta)
    yield from _dates(meta)
    for name in _TAGS:
        tags = _tags(meta[name]) if name in meta else []
        if tags:
            yield Candidate("tags", tags, f"meta:{name}")
    tier = (meta.get("article:content_tier") or [""])[0].lower()
    if tier in ("free", "metered", "locked"):
        yield Candidate("is_paywalled", tier == "locked", "meta:article:content_tier")


def _people(meta: dict[str, list[str]]) -> Iterator[Candidate]:
    for name in _AUTHORS:
        if name not in meta:
            continue
        found: list[str] = []
        for value in meta[name][:20]:
            if value.startswith(("http:", "https:", "/", "@")):
                continue
            agency = agency_named(value)
            if agency:
                yield Candidate("agency", agency, f"meta:{name}")
            if name in _TURNED and value.count(",") == 1 and ";" not in value:
                value = " ".join(reversed(value.split(",")))
            found += [one for one in named(value) if one not in found]
        if found:
            yield Candidate("authors", found, f"meta:{name}")
    # Cards of links show two labels of the site's choice: plugins of blogs name the author there.
    for number in "12":
        label = (meta.get(f"twitter:label{number}") or [""])[0]
        found = named((meta.get(f"twitter:data{number}") or [""])[0]) if _CARD_LABEL.match(label) else []
        if found:
            yield Candidate("authors", found, f"twitter:data{number}")


def _dates(meta: dict[str, list[str]]) -> Iterator[Candidate]:
    for field, names in (("published_at", _PUBLISHED), ("modified_at", _MODIFIED)):
        for name in names:
            found = read_date(meta[name][0]) if name in meta else None
            if found:
                yield Candidate(field, found, f"meta:{name}")
    for name, values in meta.items():
        said = _date_named(name)
        if said and any(map(str.isdigit, values[0][:_LONGEST_DATE])):
            found = read_date(values[0][:_LONGEST_DATE])
            if found:
                yield Candidate(said, found, f"meta:{name}")


@lru_cache(maxsize=2_000)
def _date_named(name: str) -> str | None:
    """The field that a name of no known vocabulary means to give; systems make up their own."""
    if name in _PUBLISHED or name in _MODIFIED or not _ANY_DATE.search(name):
        return None
    if _LAST.search(name):
        return "modified_at"
    return "published_at" if _FIRST.search(name) else None


def _tags(values: list[str]) -> list[str]:
    if len(values) == 1:
        values = values[0].replace(";", ",").split(",")
    tags: list[str] = []
    for value in values:
        tag = value.strip(" #")
        if tag and len(tag) <= 60 and tag not in tags:
            tags.append(tag)
    return tags[:30]

"""Candidates from JSON-LD: what the publisher tells search engines about the article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.reading import read_date
from pipeline.extract.loose_json import read_json
from pipeline.extract.people.names import named
from pipeline.extract.wire.agencies import agency_named
from pipeline.model import Document

TRUST = 10

#: schema.org types of articles; a page about an article is second choice
_ARTICLES_WORDS = """
    newsarticle article reportagenewsarticle analysisnewsarticle opinionnewsarticle blogposting
    liveblogposting backgroundnewsarticle reviewnewsarticle report scholarlyarticle techarticle
    advertisercontentarticle satiricalarticle review socialmediaposting discussionforumposting
"""
_ARTICLES = tuple(_ARTICLES_WORDS.split())
_PAGES = ("webpage", "itempage", "creativework", "videoobject", "recipe", "qapage", "medicalwebpage")
_SOURCE = "json-ld"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
#: objects looked at on one page
_MOST = 500


def read(document: Document) -> Iterator[Candidate]:
    """Candidates of the page's article object; of a page object, when there is no other."""
    objects = _objects(document.signals.get("json_ld", ()))
    article = _main(objects, _ARTICLES, document) or _main(objects, _PAGES, document)
    by_id = {one["@id"]: one for one in objects if isinstance(one.get("@id"), str) and len(one) > 1}
    site = _site(objects, article, by_id)
    if site:
        yield Candidate("site_name", site, _SOURCE)
    if article is None:
        return
    yield from _plain(article)
    yield from _people(article, by_id, site)
    yield from _dates(article)
    free = article.get("isAccessibleForFree")
    if isinstance(free, bool) or (isinstance(free, str) and free.lower() in ("true", "false")):
        yield Candidate("is_paywalled", str(free).lower() == "false", _SOURCE)


def _plain(article: dict[str, Any]) -> Iterator[Candidate]:
    for keys, field in (
        (("headline", "name"), "title"), (("description",), "description"),
        (("articleSection",), "section"), (("inLanguage",), "language"), (("url", "mainEntityOfPage"),
        "canonical_url"),
        (("image", "thumbnailUrl"), "image_url"),
    ):  # fmt: skip
        for key in keys:
            value = _text(article.get(key), address=field in ("image_url", "canonical_url"))
            if value:
                yield Candidate(field, value, _SOURCE)
                break
    lines = [line for one in _listed(article.get("alternativeHeadline")) if (line := _text(one))]
    if lines:
        yield Candidate("subtitles", lines, _SOURCE)
    tags = _tags(article.get("keywords"))
    if tags:
        yield Candidate("tags", tags, _SOURCE)


def _dates(article: dict[str, Any]) -> Iterator[Candidate]:
    """With the note ``page`` where the object is no article: templates date every page."""
    note = "" if _types(article) & set(_ARTICLES) else "page"
    for keys, field in ((("datePublished", "uploadDate", "dateCreated"), "published_at"),
                        (("dateModified",), "modified_at")):  # fmt: skip
        for key in keys:
            found = read_date(_text(article.get(key)) or "")
            if found:
                yield Candidate(field, found, _SOURCE, None, note)
                break


def _people(article: dict[str, Any], by_id: dict[str, Any], site: str | None) -> Iterator[Candidate]:
    """With the note ``page`` where the object is no article: accounts that made the page count less."""
    names: list[str] = []
    for key in ("author", "creator"):
        found: list[str] = []
        for name, is_office in _called(article.get(key), by_id):
            agency = agency_named(name)
            if agency:
                yield Candidate("agency", agency, _SOURCE)
            if not is_office:
                found += [one for one in named(name, site=site) if one not in found]
        if set(found) > set(names):
            names = found
    if names:
        note = "" if _types(article) & set(_ARTICLES) else "page"
        yield Candidate("authors", names, _SOURCE, None, note)


def _called(authors: Any, by_id: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """The names of authors, and whether they are said to be organisations'."""
    for author in _listed(authors):
        if isinstance(author, str) and author in by_id:
            author = by_id[author]
        elif isinstance(author, dict) and not author.get("name"):
            author = by_id.get(str(author.get("@id")), author)
        is_office = isinstance(author, dict) and "rganization" in str(author.get("@type"))
        for name in _listed(author.get("name") if isinstance(author, dict) else author):
            if isinstance(name, str) and not name.startswith(("http:", "https:")):
                yield unescape(name), is_office and "Person" not in str(author.get("@type"))


def _objects(scripts: list[str]) -> list[dict[str, Any]]:
    """All objects of all scripts, those inside ``@graph`` and lists included, outermost first."""
    found: list[dict[str, Any]] = []
    waiting: list[Any] = [value for text in scripts for value in read_json(text)]
    while waiting and len(found) < _MOST:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:_MOST]
        elif isinstance(value, dict):
            found.append(value)
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                inner = value.get(key)
                if isinstance(inner, list | dict):
                    waiting.append(inner)
    return found


def _main(objects: list[dict[str, Any]], types: tuple[str, ...], document: Document) -> dict[str, Any] | None:
    """The object of these types that is about this page: by address, else the first."""
    fitting = [one for one in objects if _types(one) & set(types)]
    if len(fitting) > 1 and document.url:
        tail = document.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
        for one in fitting:
            address = (
                _text(one.get("url"), address=True) or _text(one.get("mainEntityOfPage"), address=True) or ""
            )
            if tail and tail in address:
                return one
    with_headline = [one for one in fitting if one.get("headline")]
    return next(iter(with_headline or fitting), None)


def _types(one: dict[str, Any]) -> set[str]:
    return {str(kind).rsplit("/", 1)[-1].lower() for kind in _listed(one.get("@type"))}


def _site(objects: list[dict[str, Any]], article: dict[str, Any] | None, by_id: dict[str, Any]) -> str | None:
    for one in objects:
        if "website" in _types(one) and _text(one.get("name")):
            return _text(one.get("name"))
    publisher = (article or {}).get("publisher")
    for one in _listed(publisher):
        if isinstance(one, dict):
            name = _text(one.get("name")) or _text(by_id.get(str(one.get("@id")), {}).get("name"))
            if name:
                return name
        elif isinstance(one, str):
            return one
    return None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:50] if isinstance(value, list) else [value]


def _text(value: Any, *, address: bool = False) -> str | None:
    """A text or number out of whatever stands there: the first of a list, a value or address of an object."""
    for one in _listed(value):
        if isinstance(one, dict):
            one = (
                one.get("url") or one.get("contentUrl") or one.get("@id")
                if address
                else one.get("@value") or one.get("name")
            )
            if isinstance(one, list):
                one = one[0] if one else None
        if isinstance(one, str | int | float) and not isinstance(one, bool) and str(one).strip():
            text = unescape(" ".join(str(one).split()))
            # Only an end tag proves markup: headlines speak of <div>, too.
            return " ".join(_TAG.sub(" ", text).split()) if "</" in text else text
    return None


def _tags(value: Any) -> list[str]:
    values = [one for one in _listed(value) if isinstance(one, str)]
    if len(values) == 1:
        values = values[0].replace(";", ",").split(",")
    tags: list[str] = []
    for one in values:
        tag = unescape(" ".join(one.split())).strip(" ,#")
        if tag and ":" not in tag and len(tag) <= 60 and tag not in tags:
            tags.append(tag)
    return tags[:30]

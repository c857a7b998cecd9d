"""An article in the words of schema.org, for programs that know no Feedmill."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: roles that have a property of their own; who had another is a ``contributor`` in a ``Role``
_OWN_PROPERTY = {"editing": "editor", "translation": "translator"}


def news_article(told: Mapping[str, Any]) -> dict[str, Any]:
    """A ``NewsArticle`` (schema.org/NewsArticle) in JSON-LD out of `Article.to_dict()`.

    Absent values and empty lists are left out. Not said, because schema.org has no word for it: how sure
    the cut is, hashes, what it nearly repeats, provenance, and the text as Markdown.
    """
    address = told["canonical_url"] or told["url"]
    free = None if told["is_paywalled"] is None else not told["is_paywalled"]
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told["title"],
        "alternativeHeadline": told["subtitles"],
        "description": told["description"],
        "author": [_person(name) for name in told["authors"]],
        **_contributors(told["contributors"]),
        "sourceOrganization": _organization(told["agency"]),
        "publisher": _organization(told["site_name"]),
        **_dateline(told["dateline"]),
        "datePublished": told["published_at"],
        "dateModified": told["modified_at"],
        "articleSection": told["section"],
        "keywords": told["tags"],
        "inLanguage": told["language"],
        "url": address,
        # The page that it was had from: its own address may be another.
        "mainEntityOfPage": {"@type": "WebPage", "@id": told["url"] or address} if address else None,
        "image": told["image_url"],
        **_copyright(told["copyright"]),
        "isAccessibleForFree": free,
        "wordCount": told["word_count"],
        "articleBody": told["text"],
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _organization(name: str | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None


def _contributors(contributors: list[dict[str, str]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in contributors:
        person, role = _person(one["name"]), one["role"]
        if role in _OWN_PROPERTY:
            told.setdefault(_OWN_PROPERTY[role], []).append(person)
        else:
            within = {"@type": "Role", "roleName": role.replace("_", " "), "contributor": person}
            told.setdefault("contributor", []).append(within)
    return told


def _dateline(dateline: Mapping[str, str | None] | None) -> dict[str, Any]:
    """``dateline`` as wires write it, ``CAPRI, 2024-04-19 (Reuters)``, and its place by itself."""
    if dateline is None:
        return {}
    place, agency = dateline["place"], dateline["agency"]
    words = ", ".join(part for part in (place, dateline["date"]) if part)
    told: dict[str, Any] = {"dateline": f"{words} ({agency})".strip() if agency else words}
    if place:
        told["locationCreated"] = {"@type": "Place", "name": place}
    return told


def _copyright(rights: Mapping[str, Any] | None) -> dict[str, Any]:
    if rights is None:
        return {}
    return {"copyrightHolder": _organization(rights["holder"]), "copyrightYear": rights["year"]}


__all__ = ["news_article"]

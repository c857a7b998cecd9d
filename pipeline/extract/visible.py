"""Candidates from what readers see: headings, bylines, dates, section labels, tags, lines of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.extract.agencies import agency_named
from pipeline.extract.candidate import Candidate
from pipeline.extract.dates import read_date
from pipeline.extract.names import people, person
from pipeline.model import Document

_BYLINE = re.compile(
    r"^(?:(?:written |reported |posted |story |text )?by|von|par|por|di|door|av|af|autor(?:in)?:|auteur:"
    r"|author:)\s*:?\s+\S",
    re.I,
)
_UPDATED = re.compile(r"updat|modif|aktualis|mise? à jour|actualiz|aggiorna|bijgewerkt|stand:", re.I)
_HOME_WORDS = """
    home startseite start accueil inicio início homepage front news
"""
_HOME = frozenset(_HOME_WORDS.split())
#: an element this far above the article (in pieces of text) is no longer about it
_NEAR = 30


def read(document: Document) -> Iterator[Candidate]:
    """Candidates from elements on show, then from lines of text around the story."""
    shown = [one for one in document.signals.get("shown", ()) if one["place"] != "outside"]
    month_first = _month_first(document)
    yield from _headings(shown)
    yield from _bylines(shown)
    yield from _lines(document)
    yield from _dates(shown, month_first)
    yield from _microdata(shown, month_first)
    yield from _date_lines(document, month_first)
    yield from _labels(document)


def _month_first(document: Document) -> bool | None:
    """Whether 3/4/2024 means March: in the language of the United States only."""
    language = str(document.signals.get("html_lang") or "").lower().replace("_", "-")
    if language == "en-us":
        return True
    return False if language and not language.startswith("en") else None


def _headings(shown: list[dict[str, Any]]) -> Iterator[Candidate]:
    h1 = [one for one in shown if one["tag"] == "h1" and one["text"] and one["place"] != "after"]
    unique = {" ".join(one["text"].split()) for one in h1}
    for one in h1:
        yield Candidate("title", " ".join(one["text"].split()), "h1" if len(unique) == 1 else "h1 of several")


def _bylines(shown: list[dict[str, Any]]) -> Iterator[Candidate]:
    by_rel: list[str] = []
    by_class: list[str] = []
    for one in shown:
        text = one["text"]
        if not text or len(text) > 200 or one["place"] == "after" or one["at"] < -_NEAR:
            continue
        if one["what"] in ("itemprop:author", "itemprop:creator") or (
            one["what"] == "author" and "author" in one["names"].split()
        ):
            alone = person(text)
            by_rel += [name for name in ([alone] if alone else people(text)) if name and name not in by_rel]
        elif one["what"] == "author":
            by_class += [name for name in people(text) if name not in by_class]
        if one["what"] in ("author", "itemprop:author"):
            for line in text.split("\n"):
                agency = agency_named(line)
                if agency:
                    yield Candidate("agency", agency, "byline")
    if by_rel:
        yield Candidate("authors", by_rel[:10], "byline")
    if by_class:
        yield Candidate("authors", by_class[:10], "byline")


def _lines(document: Document) -> Iterator[Candidate]:
    """Bylines and dates that only their words tell: above the story, in HTML or plain text."""
    signals = document.signals
    lines: list[str] = [*signals.get("bylines", ()), *signals.get("lead", ())]
    lines += [block.text for block in document.blocks[:3] if len(block.text) < 120]
    for line in lines:
        if len(line) < 140 and _BYLINE.match(line):
            names = people(line)
            if names:
                yield Candidate("authors", names, "byline")
            agency = agency_named(re.sub(r"^\S+\s+", "", line))
            if agency:
                yield Candidate("agency", agency, "byline")
    for line in signals.get("dates", ()):
        found = read_date(line)
        if found:
            yield Candidate("modified_at" if _UPDATED.search(line) else "published_at", found, "text:date")


def _date_lines(document: Document, month_first: bool | None) -> Iterator[Candidate]:
    """Dates that stand alone, or behind a name, between the headline and the story."""
    lines = [*document.signals.get("lead", ())]
    lines += [block.text for block in document.blocks[:3]]
    for line in lines:
        if len(line) < 100 and len(line.split()) <= 12 and not line.endswith((".", "?", "!")):
            found = read_date(line, month_first=month_first)
            if found:
                yield Candidate(
                    "modified_at" if _UPDATED.search(line) else "published_at", found, "text:date"
                )


def _dates(shown: list[dict[str, Any]], month_first: bool | None) -> Iterator[Candidate]:
    for one in shown:
        if one["what"] not in ("time", "date") or one["place"] == "after" or one["at"] < -_NEAR:
            continue
        if one["place"] == "inside" and one["at"] > 4 and one["what"] == "time":
            continue
        found = read_date(one["value"]) if one["value"] else None
        found = found or (read_date(one["text"], month_first=month_first) if len(one["text"]) < 120 else None)
        if found:
            modified = _UPDATED.search(one["text"]) or _UPDATED.search(one["names"])
            yield Candidate("modified_at" if modified else "published_at", found, one["what"])


def _microdata(shown: list[dict[str, Any]], month_first: bool | None) -> Iterator[Candidate]:
    for one in shown:
        what = one["what"]
        if not what.startswith("itemprop:"):
            continue
        name, value = what[9:], one["value"] or one["text"]
        if name in ("datepublished", "datemodified") and one["place"] != "after":
            found = read_date(value, month_first=month_first)
            if found:
                yield Candidate(
                    "published_at" if name == "datepublished" else "modified_at", found, "microdata"
                )
        elif name == "headline" and one["text"]:
            yield Candidate("title", " ".join(one["text"].split()), "microdata")
        elif name == "articlesection" and one["text"]:
            yield Candidate("section", one["text"].split("\n")[0], "microdata")
        elif name == "image" and value.startswith("http"):
            yield Candidate("image_url", value, "microdata")


def _labels(document: Document) -> Iterator[Candidate]:
    signals = document.signals
    for label in signals.get("labels", ()):
        parts = [part.strip() for part in re.split(r"[>›»|]|\s/\s", label) if part.strip()]
        if parts:
            yield Candidate("section", parts[-1], "text:label")
    headlines = signals.get("headlines", ())
    if headlines:
        yield Candidate("title", headlines[0], "text:title")
        yield Candidate("subtitles", list(headlines[1:]), "text:title")
    tags = [
        one["text"].strip("# \n") for one in signals.get("shown", ()) if one["what"] == "tag" and one["text"]
    ]
    if tags:
        yield Candidate(
            "tags",
            list(dict.fromkeys(tag for tag in tags if len(tag) < 50 and "\n" not in tag))[:20],
            "rel=tag",
        )
    for one in signals.get("shown", ()):
        if one["what"] == "section" and one["place"] in ("before", "outside") and one["text"]:
            crumbs = [crumb.strip(" /›»>|") for crumb in one["text"].split("\n")]
            crumbs = [crumb for crumb in crumbs if crumb and crumb.lower() not in _HOME and len(crumb) < 40]
            if crumbs:
                yield Candidate("section", crumbs[0], "breadcrumb")

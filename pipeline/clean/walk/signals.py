"""The metadata signals of a page, as found: what `pipeline.extract` will weigh.

Nothing is judged here. Everything is plain data (text, numbers, lists, dicts) with capped sizes, so
that a document packs small whatever the page holds. The kinds:

========== ==========================================================================================
title      text of the first ``title`` element
html_lang  ``lang`` of the root element
meta       [name in lower case, content] of each ``meta`` with both, in order
links      [rel in lower case, href] of each ``link`` that says something about the article
json_ld    text of each ``application/ld+json`` script
shown      elements on show that speak of metadata: {what, tag, text, value, names, place, at}
           - what: ``heading``, ``time``, ``author``, ``date``, ``section``, ``tag`` or ``itemprop:...``
           - value: the machine-readable value beside the text (datetime, content, href), or ""
           - place: ``before``, ``inside`` or ``after`` the article, or ``outside`` (a sidebar, a list)
           - at: how many pieces of text before the article's start (negative) or after it
lead       text between the main headline and the story, or beside its start, that is no part of it
date_lines short lines with a date near the article's start and end: see `pipeline.clean.dated`
notices    copyright and credit lines outside the article
closing    the short lines right below the story, that may be credits: see `pipeline.clean.closing`
headers    those of the HTTP response that say something about the article
fetched_at when the page was fetched, in Unix seconds
labels     plain text: section labels above the headline
headlines  plain text: the lines above the story, in order
text_from  ``entry`` when the text is not the page's but that of the feed's entry
========== ==========================================================================================
"""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.clean.walk import hints

#: caps: entries of a kind, characters of a short text and of one structured block
_MOST = 400
_SHORT = 300
_VALUE = 4_000
_BLOCK = 400_000
_MOST_BLOCKS = 30

_LINK_RELS = ("canonical", "amphtml", "author", "license", "image_src", "shortlink")
_HEADINGS = ("h1", "h2", "h3")
#: an itemprop that holds running text or a list of others is of no use as a value
_ITEMPROPS_WORDS = """
    author creator datepublished datemodified datecreated headline name alternativeheadline
    articlesection keywords publisher image description inlanguage copyrightholder copyrightyear
    isaccessibleforfree
"""
_ITEMPROPS = frozenset(_ITEMPROPS_WORDS.split())
Attributes = dict[str, str | None]


class Shown(msgspec.Struct, eq=False, gc=False):
    """An element on show that speaks of metadata, with where it stands."""

    what: str
    tag: str
    value: str
    names: str
    #: number of the box that it is or stands in
    box: int
    #: number of pieces before it on the page
    at: int
    #: a line for each run of text inside
    text: str = ""

    def complete(self, runs: list[str]) -> None:
        """Set the text, from the runs of text inside."""
        lines = [" ".join(run.split()) for run in runs]
        self.text = (lines[0] if len(lines) == 1 else "\n".join([line for line in lines if line]))[:_SHORT]


class Signals:
    """Collected during the walk."""

    def __init__(self) -> None:
        self.plain: dict[str, Any] = {}
        self.shown: list[Shown] = []

    def root(self, attributes: Attributes) -> None:
        """Note what the ``html`` or ``body`` element says of the whole page."""
        language = attributes.get("lang") or attributes.get("xml:lang")
        if language and "html_lang" not in self.plain:
            self.plain["html_lang"] = language[:40]

    def title(self, text: str) -> None:
        """Note the page's ``title``; later ones (of drawings, of frames) do not count."""
        text = " ".join(text.split())
        if text and "title" not in self.plain:
            self.plain["title"] = text[: _SHORT * 2]

    def meta(self, attributes: Attributes) -> None:
        """Note a ``meta`` element that has a name (of any vocabulary) and a content."""
        name = (
            attributes.get("property")
            or attributes.get("name")
            or attributes.get("itemprop")
            or attributes.get("http-equiv")
        )
        content = attributes.get("content")
        if name and content and content.strip():
            self._add("meta", [name.strip().lower()[:80], content.strip()[:_VALUE]])

    def link(self, attributes: Attributes) -> None:
        """Note a ``link`` element of a kind that says something about the article."""
        rel, href = (attributes.get("rel") or "").strip().lower(), attributes.get("href")
        if href and rel in _LINK_RELS:
            self._add("links", [rel, href.strip()[:_VALUE]])

    def json_ld(self, text: str) -> None:
        """Note a JSON-LD script; what is too large to be about one article is left out."""
        if text.strip() and len(text) <= _BLOCK and len(self.plain.get("json_ld", ())) < _MOST_BLOCKS:
            self.plain.setdefault("json_ld", []).append(text)

    def speaks(self, tag: str, attributes: Attributes, families: int) -> str | None:
        """Which metadata an element on show speaks of, if any; the strongest statement wins."""
        if attributes:
            itemprop, rel = attributes.get("itemprop"), attributes.get("rel")
            if itemprop and itemprop.lower() in _ITEMPROPS:
                return "itemprop:" + itemprop.lower()
            if rel:
                if "author" in rel:
                    return "author"
                if "tag" in rel.split():
                    return "tag"
        if tag in _HEADINGS:
            return "heading"
        if tag == "time":
            return "time"
        if families & hints.AUTHOR:
            return "author"
        if families & hints.DATE:
            return "date"
        if families & hints.SECTION:
            return "section"
        return None

    def show(self, what: str, tag: str, attributes: Attributes, box: int, at: int) -> Shown | None:
        """Note an element on show, whose text is set at its end; None when there are too many."""
        if len(self.shown) >= _MOST:
            return None
        value = names = ""
        if attributes:
            say = attributes.get
            value = say("datetime") or say("content") or say("href") or say("title") or ""
            names, rel = say("class") or "", say("rel")
            names = (f"{names} {rel}" if rel else names).strip()
        shown = Shown(what, tag, value[:_SHORT], names[:80], box, at)
        self.shown.append(shown)
        return shown

    def _add(self, kind: str, value: list[str]) -> None:
        values = self.plain.setdefault(kind, [])
        if len(values) < _MOST:
            values.append(value)

"""Candidates from bylines on show, and from lines that only their words make one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.extract.candidate import Candidate
from pipeline.extract.on_show import NEAR, Shown, on_show
from pipeline.extract.people.byline import authors_in, bare, is_byline, linked, others_in, worded
from pipeline.extract.people.given_names import is_given
from pipeline.extract.people.names import people
from pipeline.extract.wire.agencies import agency_named
from pipeline.model import Document

TRUST = 40

#: pieces into the article in which its byline may stand
_INTO = 3
#: pieces below the article in which its author may be presented
_BELOW = 12
#: blocks of the story among which its last lines are looked for
_LAST = 12
#: elements that show one author's name and nothing else
_ALONE = {"author", "fn", "authorname", "author-name", "author_name", "byline-name"}
#: of class names: these elements name others, or say something about an author
_OTHERS = re.compile(
    r"comment|testimon|licen|photo|image|picture|caption|related|recommend|quote"
    r"|(?:^|[-_ ])(?:role|job|position)|teaser|avatar|descri",
    re.IGNORECASE,
)
#: addresses of the pages of authors
_PAGE = re.compile(
    r"/(?:authors?|aut(?:or|eur|ore|oren|ores|eurs|ori)|people|person|profiles?|contributors?|staff|redakt\w+|"
    r"journalists?|columnists?|writers?|reporters?|team|by|user|members?)/[^/?#]*[^\d/?#]{3}",
    re.I,
)
_MOST = 10


def read(document: Document) -> Iterator[Candidate]:
    """Authors and agency from elements, then from lines above the story, then from its end.

    Those above are ``byline``, those below ``byline:below``. Notes say what they are read from when it is no
    element that is there for authors: ``words`` (a line that begins as bylines do), ``line`` (a name beside a
    date, or that leads to an author's page), ``signature`` (a name that is all of a short paragraph).
    """
    shown = [one for one in on_show(document) if _is_authors(one)]
    yield from _agencies(shown)
    start = _headline(document)
    above = [one for one in shown if one["place"] != "after" and -NEAR <= one["at"] <= _INTO]
    others = [name for one in document.signals.get("signed_lines", ()) for name in others_in(one["text"])]
    for group in _groups(above, start, others):
        yield Candidate("authors", group[0], "byline", group[1])
        break
    yield from _lines(document)
    yield from _below(document, shown)


def _below(document: Document, shown: list[Shown]) -> Iterator[Candidate]:
    """Who is presented or signs at the story's end."""
    signals = document.signals
    near = [one for one in signals.get("signed_lines", ()) if -_INTO < one["after"] <= _INTO]
    known = [*signals.get("signed_lines", ()), *signals.get("date_lines", ())][:1]
    last = known[0]["at"] - known[0]["after"] if known else None
    below = [
        one for one in shown
        if one["at"] > _INTO and last is not None and last - _INTO <= one["at"] <= last + _BELOW
    ]  # fmt: skip
    for names, at in _groups(below, None, []):
        yield Candidate("authors", names, "byline:below", at)
        break
    end = [block.text for block in document.blocks[4:][-_LAST:] if len(block.text) < 120]
    for names in worded([line for line in end + [one["text"] for one in near] if is_byline(line)]):
        if all(is_given(name.split()[0]) and " " in name for name in names):
            yield Candidate("authors", names, "byline:below", None, "words")
    for block in (*document.blocks[-3:], *document.blocks[:2]):
        if block.kind != "caption" and len(block.text) < 40:
            name = people(block.text)
            if len(name) == 1 and is_given(name[0].split()[0]) and len(name[0]) >= len(block.text) - 2:
                yield Candidate("authors", name, "byline:below", None, "signature")


def _is_authors(one: Shown) -> bool:
    if not one["text"]:
        return False
    spoken = one["what"] in ("author", "itemprop:author", "itemprop:creator")
    titled = one["what"] == "heading" and "author" in one["names"].lower()
    return (spoken or titled) and not _is_others(one["names"])


# The same classes come with every page of a site.
@lru_cache(maxsize=1_000)
def _is_others(names: str) -> bool:
    return _OTHERS.search(names.lower()) is not None


def _headline(document: Document) -> int | None:
    """Where the last main headline above the story stands."""
    found = [
        one["at"] for one in document.signals.get("shown", ())
        if one["tag"] == "h1" and one["at"] <= 1 and one["text"]
    ]  # fmt: skip
    return max(found, default=None)


def _groups(shown: list[Shown], headline: int | None, strangers: list[str]) -> list[tuple[list[str], int]]:
    """The authors named together, nearest to headline or story first."""
    found: list[tuple[int, int, list[str], str]] = []
    others = set(strangers)
    for one in shown:
        names, not_these = _named_by(one)
        others.update(not_these)
        if names:
            at = one["at"]
            near = min(abs(at), abs(at - headline) if headline is not None else NEAR)
            found.append((near, at, names, f"{one['tag']} {one['names']}"))
    if not found:
        return []
    nearest = min(found, key=lambda each: each[0])
    together = [each for each in found if abs(each[1] - nearest[1]) <= 4]
    best: list[str] = []
    for kind in {each[3]: None for each in together}:
        names = list(dict.fromkeys(name for each in together if each[3] == kind for name in each[2]))
        names = [name for name in names if name not in others]
        if len(names) > len(best) and len(names) <= _MOST:
            best = names
    return [(best, nearest[1])] if best else []


def _named_by(one: Shown) -> tuple[list[str], list[str]]:
    text = one["text"]
    words = one["names"].lower().split()
    alone = (
        one["what"].startswith("itemprop:")
        or not _ALONE.isdisjoint(words)
        or (one["tag"] == "a" and bool(_PAGE.search(one["value"])))
    )
    return authors_in(text, alone=alone and one["at"] <= _INTO)


def _agencies(shown: list[Shown]) -> Iterator[Candidate]:
    for one in shown:
        if one["place"] != "after" and one["at"] >= -NEAR:
            for line in one["text"].split("\n"):
                agency = agency_named(line)
                if agency:
                    yield Candidate("agency", agency, "byline")


def _lines(document: Document) -> Iterator[Candidate]:
    """Bylines that only their words tell: above the story, in HTML or plain text; then at its end."""
    signals = document.signals
    signed = signals.get("signed_lines", ())
    lines: list[str] = [*signals.get("bylines", ()), *(one["text"] for one in signed if one["after"] < 0)]
    if document.kind == "text":
        lines += [*signals.get("lead", ()), *(block.text for block in document.blocks[:4])]
    for names in worded(lines):
        yield Candidate("authors", names, "byline", None, "words")
    for line in lines:
        if len(line) < 140 and is_byline(line):
            agency = agency_named(re.sub(r"^\S+\s+", "", line))
            if agency:
                yield Candidate("agency", agency, "byline")
    headline = _headline(document)
    top = 0 if headline is None else max(0, headline + _INTO)
    for one in signed:
        if one["at"] <= (_INTO if one["linked"] else top) and (one["linked"] or one["dated"]):
            names = linked(one["linked"], one["text"]) if one["linked"] else bare(one["text"])
            if names:
                yield Candidate("authors", names, "byline", one["at"], "line")

"""The opening of a wire story: place, date and agency before the first sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.extract.agencies import agency_named
from pipeline.extract.dates import day_and_month, nearest, read_date
from pipeline.model import Block, Dateline

#: "CAPRI (Reuters) – ", "WASHINGTON, April 19 (AP) -- ", "Madrid, 3 mar (EFE).- ", "(Reuters) - "
_WITH_AGENCY = re.compile(
    r"^(?P<before>[^()\[\]:;!?\"“”]{0,80}?)\s*\((?P<agency>[^()]{2,40})\)\s*(?P<dash>\.?\s?[-–—]{1,2}|:"
    r"|\.-)?\s*(?=\S)"
)
#: "(ANSA) - ROMA, 03 MAR - ": the agency first
_AGENCY_FIRST = re.compile(
    r"^\((?P<agency>[A-Z][A-Za-z ]{1,20})\)\s*[-–—]\s*(?"
    r"P<before>[A-Z][^()\[\]:;!?\"“”]{1,50}?)\s*[-–—]\s+(?=\S)"
)
#: "LONDON — ", "KYIV, Ukraine (date) — ": a place in capitals without agency
_PLACE_ONLY = re.compile(
    r"^(?P<before>(?:[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.'’\-]+)(?:[ "
    r"/][A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.'’\-]+){0,3}"
    r"(?:, [A-Z][A-Za-z.\- ]{2,25})?(?:, (?P<date>[A-Za-z]+\.? \d{1,2}|\d{1,2} "
    r"[A-Za-z]+))?)\s*[-–—]{1,2}\s+(?=[\"“A-Z])"
)
_PLACE = re.compile(r"^[^\W\d_][^\d()]{1,60}$")


class Opening(NamedTuple):
    """A dateline, the day and month it names (if any), and the first paragraph without it."""

    dateline: Dateline
    date_text: str
    length: int


def read_opening(text: str) -> Opening | None:
    """The dateline that a paragraph begins with, or None.

    The agency in brackets must be a known one, or stand after a place in capitals and before a
    dash; so "Smith (Labour) - who won - ..." and "(Reuters)" within a story are none.
    """
    match = _AGENCY_FIRST.match(text)
    if match and agency_named(match["agency"], certain=True):
        return _opening(match, agency_named(match["agency"], certain=True))
    match = _WITH_AGENCY.match(text)
    if match:
        agency = agency_named(match["agency"], certain=bool(match["dash"]))
        place, _ = _split(match["before"])
        if (
            agency is None
            and match["dash"]
            and place
            and place.isupper()
            and _looks_like_agency(match["agency"])
        ):
            agency = match["agency"].strip()
        if agency and (match["dash"] or (place or "").isupper()) and _plausible(match["before"]):
            return _opening(match, agency)
    match = _PLACE_ONLY.match(text)
    if match and len(match["before"]) >= 4:
        return _opening(match, None)
    return None


def take_dateline(blocks: list[Block]) -> tuple[Opening | None, list[Block]]:
    """The story's dateline, and its blocks without it. It stands in the first or second paragraph:
    a standfirst may come before."""
    for at, block in enumerate(blocks[:3]):
        if block.kind != "paragraph":
            continue
        opening = read_opening(block.text)
        if opening is None:
            continue
        rest = block.text[opening.length :]
        trimmed = Block(
            kind=block.kind,
            text=rest,
            markup=_without_opening(block, rest, opening.length),
            level=block.level,
        )
        return opening, [*blocks[:at], trimmed, *blocks[at + 1 :]]
    return None, blocks


def resolve_date(opening: Opening, published: str | None, year: int | None) -> Dateline:
    """The dateline with its date, whose year comes from the publication date, else a known year."""
    exact = read_date(opening.date_text) if opening.date_text else None
    found = day_and_month(opening.date_text) if opening.date_text and not exact else None
    if found:
        day, month = found
        if published:
            exact = nearest(day, month, published)
        elif year:
            exact = nearest(day, month, f"{year}-{month:02d}-15")
    line = opening.dateline
    return Dateline(place=line.place, agency=line.agency, date=exact[:10] if exact else None)


def _opening(match: re.Match[str], agency: str | None) -> Opening:
    place, date_text = _split(match["before"])
    return Opening(Dateline(place=place, agency=agency), date_text, match.end())


def _split(before: str) -> tuple[str | None, str]:
    """Place and date of what stands before the agency."""
    before = before.strip(" ,.-–—")
    parts = [part.strip() for part in before.split(",")]
    dates = [part for part in parts if any(char.isdigit() for char in part)]
    place = ", ".join(part for part in parts if part and part not in dates)
    date_text = " ".join(dates)
    if dates and not place:
        # "PARIS 3 mars": no comma between the two
        words = dates[0].split()
        ahead = [word for word in words if not any(char.isdigit() for char in word)]
        if len(words) > 2 and not words[0][0].isdigit() and day_and_month(" ".join(words[1:])):
            place, date_text = ahead[0], " ".join(words[1:])
    return (place if place and _PLACE.match(place) else None), date_text


def _plausible(before: str) -> bool:
    """Whether what stands before the agency can be place and date: few words, no sentence."""
    words = before.replace(",", " ").split()
    lower = [word for word in words if word[0].islower() and not day_and_month(f"1 {word}")]
    return len(words) <= 8 and len(lower) <= 2


def _looks_like_agency(name: str) -> bool:
    return (len(name) <= 25 and name[0].isupper()) or (name.islower() and len(name) <= 5)


def _without_opening(block: Block, rest: str, length: int) -> str:
    """The block's Markdown without the dateline, which may be set in bold or hold a link."""
    if block.markup == block.text:
        return rest
    markup, at = block.markup, 0
    for char in block.text[:length]:
        # Whatever of the Markdown is not the text's next character is a mark, or the end of a link.
        while at < len(markup) and markup[at] != char:
            at = markup.find(")", at) + 1 if markup.startswith("](", at) else at + 1
    cut = markup[at:]
    return (cut if cut.count("**") % 2 == 0 else cut.replace("**", "", 1)).lstrip()

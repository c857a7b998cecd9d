"""The opening of a wire story: place, date and agency before the first sentence."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.extract.dates.reading import day_and_month, nearest, read_date
from pipeline.extract.wire.east import Found
from pipeline.extract.wire.forms import find_opening
from pipeline.model import Block, Dateline

#: paragraphs among which the dateline stands (a standfirst or a caption may come before), and blocks
_PARAGRAPHS, _TOP = 3, 6
#: "3日": a day without month; with one, "3月12日"
_DAY_ALONE = re.compile(r"^(\d{1,2})日?$")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
#: days that a story may be older or younger than its page
_REACH = 15


class Opening(NamedTuple):
    """A dateline, the day and month it names (if any), and how long it is."""

    dateline: Dateline
    date_text: str
    #: characters of the paragraph up to the first sentence
    length: int
    #: names before the place, where byline and dateline are one line; else ""
    byline: str = ""


def read_opening(text: str) -> Opening | None:
    """The dateline that a paragraph begins with, or None.

    The agency must be a known one, or stand in brackets between a place in capitals and a dash; a place alone
    must be in capitals, or a well-known city. So "Smith (Labour) - who won - ..." and "(Reuters)" within a
    story are none.
    """
    found = find_opening(text)
    return None if found is None else _opening(found)


def take_dateline(blocks: list[Block]) -> tuple[Opening | None, list[Block]]:
    """The story's dateline, and its blocks without it. It stands in one of the first paragraphs: a
    standfirst may come before."""
    paragraphs = [at for at, block in enumerate(blocks[:_TOP]) if block.kind == "paragraph"]
    for at in paragraphs[:_PARAGRAPHS]:
        block = blocks[at]
        opening = read_opening(block.text)
        if opening is None:
            continue
        rest = block.text[opening.length :]
        markup = _without_opening(block, rest, opening.length)
        trimmed = [Block(kind=block.kind, text=rest, markup=markup, level=block.level)] if rest else []
        return opening, [*blocks[:at], *trimmed, *blocks[at + 1 :]]
    return None, blocks


def resolve_date(opening: Opening, published: str | None, year: int | None) -> Dateline:
    """The dateline with its date, whose year comes from the publication date, else a known year."""
    exact = _date(unicodedata.normalize("NFKC", opening.date_text), published, year)
    line = opening.dateline
    return Dateline(place=line.place, agency=line.agency, date=exact[:10] if exact else None)


def _date(text: str, published: str | None, year: int | None) -> str | None:
    if not text:
        return None
    exact = read_date(text)
    if exact:
        return exact
    numbers = _MONTH_AND_DAY.search(text)
    found = (int(numbers[2]), int(numbers[1])) if numbers else day_and_month(text)
    if found:
        day, month = found
        if published:
            return nearest(day, month, published)
        return nearest(day, month, f"{year}-{month:02d}-15") if year else None
    alone = _DAY_ALONE.match(text)
    return _nearest_day(int(alone[1]), published) if alone and published else None


def _nearest_day(day: int, published: str) -> str | None:
    """The date with that day of the month within half a month of another."""
    try:
        other = date.fromisoformat(published[:10])
    except ValueError:
        return None
    around = (other + timedelta(days=offset) for offset in range(-_REACH, _REACH + 1))
    found = [one for one in around if one.day == day]
    return min(found, key=lambda one: abs(one - other)).isoformat() if found else None


def _opening(found: Found) -> Opening:
    line = Dateline(place=found.place or None, agency=found.agency)
    return Opening(line, found.date_text, found.length, found.byline)


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

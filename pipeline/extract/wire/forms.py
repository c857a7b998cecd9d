"""The forms that datelines have, by what sets the agency off: brackets, strokes, bars, dashes, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from pipeline.extract.dates.reading import day_and_month, read_date
from pipeline.extract.wire import east as wire_east
from pipeline.extract.wire.agencies import agencies_only, agency_named, agency_spelled, is_ambiguous, may_name
from pipeline.extract.wire.east import Found
from pipeline.extract.wire.places import is_city, is_shouted, may_be_place

#: no dateline is longer (characters)
_LONGEST = 140
#: words of the paragraph behind a place that is told by its name alone
_LEAST_WORDS = 12
#: words of a place in capitals that nothing else makes sure of
_MOST_WORDS = 3
_BRACKETS = re.compile(r"\s*,?\s*\((?P<agency>[^()]{2,40})\)(?P<sep>\s*(?:[.,]?\s?[-–—]{1,3}|[:.,])?)\s*")
_AGENCY_FIRST = re.compile(
    r"\((?P<agency>[^()]{2,25})\)\s*[-–—]\s*(?P<before>[^()\[\]:;!?\"“”]{2,50}?)\s*[-–—]\s+"
)
#: "MOSCOW, March 12. /TASS/. ", "PORT ELLERY, March 12, 2024 /PRNewswire/ -- "
_STROKES = re.compile(
    r"(?P<before>[^()/:;!?\"“”]{2,70}?)[.,]?\s*/(?P<agency>[^/]{3,25})/\s*[.,]?\s*[-–—]{0,2}\s*"
)
#: "LONDON | Reuters - "
_BAR = re.compile(
    r"(?P<before>[^()|:;!?\"“”]{2,50}?)\s*\|\s*(?P<agency>[^|()–—-]{2,25}?)\s*(?:[-–—]{1,2}|\||:)\s+"
)
#: "BERLIN taz | ", "BERLIN dpa/taz | "
_HOUSE_BAR = re.compile(r"(?P<before>[A-ZÀ-Þ][A-ZÀ-Þ/ -]{2,30})\s(?P<agency>[a-z][a-z/-]{1,12})\s\|\s+")
#: "МОСКВА, 12 апр — РИА Новости. ", "Budapest, MTI - "
_DASHES = re.compile(
    r"(?P<before>[^()\[\]:;!?\"“”«»|]{2,60}?)(?:,|\.|:|\s[-–—])\s+(?P<agency>[^\W\d_][^,:;()\[\]–—]{1,24}?)"
    r"(?:\.\s+|\s*[-–—]{1,2}\s+)"
)
#: "AGI - "
_AGENCY_ALONE = re.compile(r"(?P<agency>[^\W\d_a-zß-öø-ÿ][^()\[\]:;!?,.–—-]{1,20}?)\s[-–—]\s+")
_PLACE_ALONE = re.compile(
    r"(?P<before>[^()\[\]:;!?\"“”«»|]{3,70}?)(?:\s[-–—]{1,2}|\s?--|—)\s+(?=[^\W\d_a-zß-öø-ÿ]|[\"“„«'‘])"
)
_BYLINE = re.compile(
    r"(?:By|BY|Von|Par"
    r"|Por)\s+(?P<names>[^\d,]*?[^\W\d_][a-zß-ÿ.]+)\s+(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ /,].*)?)$"
)
_DATES = (
    re.compile(r"\d{4}\.?\s+[^\W\d_]{3,12}\.?\s+\d{1,2}\.?"),
    re.compile(
        r"\d{1,2}(?:\.|er|º|°)?\s*(?:de\s+|of\s+)?[^\W\d_]{3,12}\.?(?:,?\s+(?:de\s+|del\s+)?\d{4}\b)?"
    ),
    re.compile(r"[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4}\b)?"),
    re.compile(r"\d{1,2}[./]\s?\d{1,2}(?:[./]\s?(?:\d{4}|\d\d)?)?|\d{4}-\d\d-\d\d"),
)
_GROUP = re.compile(r"\([^()]{2,30}\)|\[[^\[\]]{2,30}\]")
_NO_BEFORE = re.compile(r"[:;!?\"“”«»|]")
#: what a bracket may hold that is the name of a wire service that the table lacks
_WIRE = re.compile(
    r"\b(?:wire|newswire|press|presse|pers|agency|agence|agencia|agenzia|agência|agentur|news service)\b",
    re.I,
)
#: "International newsroom, 12 March": no place
_NEWSROOM = re.compile(r"^(?:redacción|redaction|rédaction|redazione|redaktion|newsroom)\b", re.I)
#: "JAKARTA, Post.example - ": the paper's site behind the city
_SITE = re.compile(r"\w\.[a-z]{2,}\b")
_SENTENCE_END = re.compile(r"[.!?…。](?:\s|$)")
#: "Berlin – Karlsfurt in vier Stunden: ..."
_HEADING = re.compile(r"[^.!?:\"“„«]{1,60}:\s(?![\"“„«])")
#: "HOLIDAY HOME - PORT ELLERY": a heading goes on in capitals
_SHOUTING = re.compile(r"[A-ZÀ-Þ]{3,}(?:\s\W?\s?[A-ZÀ-Þ]{3,}|\s*$)")
_DASH = re.compile(r"\s[-–—]\s|—")


class _Before(NamedTuple):
    """What stands before an agency, taken apart."""

    place: str
    date_text: str
    byline: str


def find_opening(text: str) -> Found | None:
    """The dateline that a paragraph begins with, or None."""
    head = text[:_LONGEST].replace("\xa0", " ")
    if head[:1].islower() or not any(mark in head for mark in "-–—(/【［[|日社"):
        return None
    found = _in_brackets(head, text)
    if found is None:
        for read in _FORMS:
            found = read(head, text)
            if found is not None:
                break
    if found is None:
        return wire_east.find_opening(head)
    return found if found.length < len(text.rstrip()) or found.place else None


def _in_brackets(head: str, text: str) -> Found | None:
    """ "CAPRI (Reuters) - ", "(ANSA) - ROMA, 12 MAR - ", "San Orbán (España), 12 mar (EFE).- " """
    first = _AGENCY_FIRST.match(head)
    if first and (agency := agency_named(first["agency"], certain=True)):
        before = _taken_apart(first["before"])
        if before and before.place and (before.date_text or before.place.isupper() or is_city(before.place)):
            return Found(before.place, agency, before.date_text, first.end())
    unknown: re.Match[str] | None = None
    for match in _BRACKETS.finditer(head):
        agency = agency_named(match["agency"], certain=True)
        if agency:
            return _judged(head, match, agency, text)
        unknown = unknown or match
    return _of_unknown(head, unknown, text) if unknown else None


def _judged(head: str, match: re.Match[str], agency: str, text: str) -> Found | None:
    """The dateline whose brackets name an agency, if its place, and what follows, can be one's."""
    before = _taken_apart(head[: match.start()])
    if before is None:
        return None
    place, sep, rest = before.place, match["sep"].strip(), text[match.end() :]
    sentence = _starts_sentence(rest)
    doubtful = is_ambiguous(match["agency"])
    if sep in (".", ","):
        fits = sep == "." and bool(place) and sentence and len(place.split()) <= 4
    elif sep:
        fits = sentence or (_is_loud(place) and not doubtful) or not rest
    elif before.date_text or not place:
        fits = sentence and (bool(before.date_text) or len(rest.split()) > 2)
    else:
        fits = sentence and _is_loud(place) and (not doubtful or is_city(place))
    if not fits or (not rest and not (place and sep)):
        return None
    return Found(place, agency, before.date_text, match.end(), before.byline)


def _of_unknown(head: str, match: re.Match[str], text: str) -> Found | None:
    """The dateline of a wire that is not in the table, or of a station: "LOS ANGELES (KXYZ) -- ". The place
    is in capitals there, or a day stands behind it."""
    before = _taken_apart(head[: match.start()])
    dash = bool(set(match["sep"]) & set("-–—"))
    if before is None or not dash or not before.place:
        return None
    city = before.place.split(",")[0]
    if not before.date_text and (not city.isupper() or is_shouted(city)):
        return None
    if not _starts_sentence(text[match.end() :]):
        return None
    inside = match["agency"].strip()
    if inside[-1].isdigit() and read_date(inside):
        return Found(before.place, None, inside, match.end(), before.byline)
    agency = inside if _WIRE.search(inside) else None
    return Found(before.place, agency, before.date_text, match.end(), before.byline)


def _is_loud(place: str) -> bool:
    """Whether a place is in capitals; its country need not be."""
    return place.split(",")[0].isupper()


def _in_strokes(head: str, text: str) -> Found | None:
    match = _STROKES.match(head) if "/" in head else None
    return _set_off(match, text) if match else None


def _behind_bar(head: str, text: str) -> Found | None:
    if "|" not in head:
        return None
    match = _BAR.match(head)
    if match:
        return _set_off(match, text)
    match = _HOUSE_BAR.match(head)
    if match is None or not is_city(match["before"]) or not _starts_sentence(text[match.end() :]):
        return None
    return Found(match["before"], agencies_only(match["agency"]), "", match.end())


def _between_dashes(head: str, text: str) -> Found | None:
    match = _DASHES.match(head) if may_name(head) else None
    return _set_off(match, text) if match else None


def _set_off(match: re.Match[str], text: str) -> Found | None:
    agency = agency_spelled(match["agency"])
    before = _taken_apart(match["before"]) if agency else None
    if before is None or not before.place or not _starts_sentence(text[match.end() :]):
        return None
    if not (before.date_text or before.place.isupper() or is_city(before.place)):
        return None
    return Found(before.place, agency, before.date_text, match.end(), before.byline)


def _agency_alone(head: str, text: str) -> Found | None:
    """ "AGI - ": in capitals or as agencies sign, and no clause between dashes."""
    match = _AGENCY_ALONE.match(head)
    if match is None:
        return None
    agency, rest = agency_spelled(match["agency"]), text[match.end() :]
    signed = match["agency"].isupper() or match["agency"] == agency
    doubtful = is_ambiguous(match["agency"]) and agency != "AGI"
    if agency is None or not signed or doubtful or not _starts_sentence(rest) or _closes_clause(rest):
        return None
    return Found("", agency, "", match.end())


def _place_alone(head: str, text: str) -> Found | None:
    """ "KYIV, Ukraine — ", "HALIFAX, March 13 — ", "Köln/Berlin - " """
    match = _PLACE_ALONE.match(head)
    before = _taken_apart(match["before"]) if match else None
    if match is None or before is None or len(before.place) < 3:
        return None
    city, rest = before.place.split(",")[0], text[match.end() :]
    place = city if _SITE.search(before.place) else before.place
    known = is_city(city)
    if city.isupper():
        sure = known or bool(before.date_text) or city != before.place
        if not sure and len(city.split()) > _MOST_WORDS:
            return None
        fits = not is_shouted(city) and (sure or not _closes_clause(rest)) and not _SHOUTING.match(rest)
    else:
        long = len(rest.split()) >= _LEAST_WORDS and _SENTENCE_END.search(rest) is not None
        fits = known and long and not before.byline and not _closes_clause(rest)
        fits = fits and _HEADING.match(rest) is None
    return Found(place, None, before.date_text, match.end(), before.byline) if fits else None


_FORMS: tuple[Callable[[str, str], Found | None], ...] = (
    _in_strokes, _behind_bar, _between_dashes, _agency_alone, _place_alone,
)  # fmt: skip


def _taken_apart(before: str) -> _Before | None:
    """Place and date of what stands before an agency; None when it cannot be place and date."""
    before = before.strip(" ,-–—")
    byline = _BYLINE.match(before)
    names = byline["names"] if byline else ""
    if byline:
        before = byline["place"]
    elif before.startswith(("By ", "BY ", "Von ", "Par ", "Por ")):
        return _Before("", "", "")
    if _NO_BEFORE.search(_GROUP.sub("", before)):
        return None
    place, date_text = _split(before)
    if _NEWSROOM.match(place):
        place = ""
    if place and not may_be_place(_GROUP.sub("", place).strip()):
        return None
    return _Before(place, date_text, names)


def _split(before: str) -> tuple[str, str]:
    """Place, and the date behind it as written."""
    if not any(map(str.isdigit, before)):
        return before, ""
    for pattern in _DATES:
        for match in pattern.finditer(before):
            if read_date(match[0]) or day_and_month(match[0]):
                return _place_before(before[: match.start()]), match[0].strip(" ,")
    place, _, date_text = before.partition(",")
    return place.strip(), date_text.strip()


def _place_before(text: str) -> str:
    """What stands before a date, without the full stop that parts them: "MOSCOW. March 12"."""
    place = text.rstrip(" -–—")
    if place.endswith("."):
        last = place.split()[-1]
        return place[:-1] if len(last) > 5 or last.isupper() else place
    return place.rstrip(" ,")


def _starts_sentence(text: str) -> bool:
    """Whether a text can be the beginning of a sentence: no word in small letters comes first."""
    first = text.lstrip(" \"'“”„«»‘’(")[:1]
    return bool(first) and not first.islower()


def _closes_clause(text: str) -> bool:
    """Whether the first sentence of a text has one dash more: what stands before it was no dateline, but the
    beginning of a clause between dashes."""
    end = _SENTENCE_END.search(text)
    return len(_DASH.findall(text[: end.start()] if end else text)) % 2 == 1

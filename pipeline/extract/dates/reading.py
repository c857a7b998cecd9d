"""Dates and times as pages write them, to ISO 8601. What is ambiguous is left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from pipeline.extract.dates.calendars import BUDDHIST, ERAS, from_iranian
from pipeline.extract.dates.clock import clock_beside, zone
from pipeline.extract.dates.months import PERSIAN, joined, month_named

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[T\s]|\s?@\s?)\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*(?![ap]\.?m\b)(Z\b|(?:UTC|GMT)?\s?[+-]\d{1,2}:?\d{2}(?!\d)|[+-]\d{2}(?!\d)|[A-Z]{2,4}\b)?(?!\s?[ap]\.?m))?",
    re.I,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$")
#: whatever is a date has two numbers near each other, or one of many digits
_NUMBERS = re.compile(r"\d\D{1,24}\d|\d{6}")
_EPOCH = re.compile(r"^(1[0-9]{9})(\d{3})?$")
#: what programs print: "Wed Apr 03 10:30:00 CEST 2024"
_PRINTED = re.compile(r"\b([A-Za-z]{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (?:([A-Z]{1,4}) )?(\d{4})\b")
_NUMERIC = re.compile(
    r"(?<![\d./:\-–,])(\d{4}|\d{1,2})\s?([./\-–|])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{1,2})(?![\d:]|[./\-–,]\d)"
)
_CJK = re.compile(
    r"(?:(令和|平成|昭和|民國|民国)\s?)?(\d{1,4}|元)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日號号일]?"
)
_TOKEN = re.compile(r"(\d+)|([^\W\d_][^\s\d.,;:!?/|()\[\]{}<>\-–—·•~\"“”'’]*)")
#: what may stand between the parts of a date: ordinals, "of", "the year", "day" in many languages
_GLUE_WORDS = """
    st nd rd th er re ère º ª ° o a e ste de den der des del d of the el la le da do
    året year m mm dd d gada gadu г год года р року рік г. ή da'kı yil yili il ili il. jaar
    tháng năm ngày เดือน วันที่ พศ พ ศ ค ย ค.ศ í i à ي م عام سنة من la no
"""
_GLUE = frozenset(_GLUE_WORDS.split())
#: how many characters may lie between two parts of a date
_GAP = 9
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
#: a year of two digits below this is of this century; the others up to 89 are none that pages have
_CENTURY = 50
_DIGITS = str.maketrans(
    "".join(chr(start + n) for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10) for n in range(10)),
    "0123456789" * 6,
)
_MOST = 300


class Found(NamedTuple):
    """A date in a text."""

    #: ISO 8601: with time and offset where the text has them
    value: str
    start: int
    end: int
    #: the date with day and month the other way round, where the text leaves that open
    other: str | None = None


class _Part(NamedTuple):
    """A number, or a month by name (negative for the Iranian calendar), in a text."""

    number: int
    is_month: bool
    digits: int
    start: int
    end: int


def read_date(text: str, *, month_first: bool | None = None, language: str = "") -> str | None:
    """The first date in a text as ISO 8601: with time and offset where it has them, else the day.

    ``month_first`` says how 3/4/2024 is meant; without it such a date counts only when one of the
    numbers is above 12. ``language`` (two letters) tells apart names of months that differ by language.
    Relative dates and bare years yield None.
    """
    text = text.strip()[:200]
    return _read(text, month_first, language) if text else None


# Pages give the same moment in many places.
@lru_cache(maxsize=1_000)
def _read(text: str, month_first: bool | None, language: str) -> str | None:
    match = _ISO.match(text)
    if match and match.end() == len(text):
        return _from_numbers(*match.groups())
    epoch = _EPOCH.match(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat()
    match = _COMPACT.match(text)
    if match:
        return _from_numbers(*match.groups())
    mail = _from_mail(text)
    if mail:
        return mail
    for found in find_dates(text, month_first=month_first, language=language):
        return found.value if found.other is None else None
    return None


def find_dates(text: str, *, month_first: bool | None = None, language: str = "") -> tuple[Found, ...]:
    """All dates in a text, in order. Of a date that may be read in two ways both are given."""
    return _find(text[:_MOST], month_first, language) if _NUMBERS.search(text) else ()


# The same line is mostly read by two readers, and pages of one day have it in common.
@lru_cache(maxsize=1_000)
def _find(text: str, month_first: bool | None, language: str) -> tuple[Found, ...]:
    if not text.isascii():
        text = joined(text.translate(_DIGITS))
    found: list[Found] = []
    for at_iso in _ISO.finditer(text):
        value = _from_numbers(*at_iso.groups())
        if value:
            found.append(_timed(text, value, at_iso.start(), at_iso.end()))
    for match in _PRINTED.finditer(text):
        month = month_named(match[1]) or 0
        value = _from_numbers(match[7], str(month), match[2], match[3], match[4], match[5], match[6])
        if value:
            found.append(Found(value, match.start(), match.end()))
    found += _numeric(text, month_first, language)
    if "年" in text or "년" in text:
        found += _cjk(text)
    found += _named(text, language)
    return tuple(_apart(found))


def day_and_month(text: str) -> tuple[int, int] | None:
    """(day, month) of a date without year, such as "April 19" or "3 mars"."""
    parts = _parts(text[:_MOST], "")
    for at, part in enumerate(parts):
        if not part.is_month or part.number < 1:
            continue
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(parts) and _is_day(parts[beside]) and _touch(parts, min(at, beside)):
                return parts[beside].number, part.number
    return None


def nearest(day: int, month: int, to: str) -> str | None:
    """The date with that day and month nearest to another (ISO 8601), as ISO 8601."""
    try:
        other = date.fromisoformat(to[:10])
    except ValueError:
        return None
    found = []
    for year in (other.year - 1, other.year, other.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs(one - other)).isoformat() if found else None


def _apart(found: list[Found]) -> list[Found]:
    """In order, without those that overlap an earlier one."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _from_numbers(
    year: str, month: str, day: str, hour: str | None = None, minute: str | None = None,
    second: str | None = None, name: str | None = None,
) -> str | None:  # fmt: skip
    try:
        whole = date(int(year), int(month), int(day))
        if hour is None:
            return _in_range(whole)
        offset = zone(name, whole) if name else None
        return _in_range(
            datetime(whole.year, whole.month, whole.day, int(hour) % 24, int(minute or 0), int(second or 0),
                     tzinfo=offset)
        )  # fmt: skip
    except ValueError:
        return None


def _in_range(moment: date | datetime) -> str | None:
    return moment.isoformat() if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def _from_mail(text: str) -> str | None:
    if (
        text[:3].lower() not in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        or "," not in text[:11]
        or ":" not in text
    ):
        return None
    try:
        return _in_range(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError):
        return None


def _timed(text: str, value: str, start: int, end: int, other: str | None = None) -> Found:
    """With the time of day that stands beside the date."""
    if len(value) > 10:
        return Found(value, start, end, other)
    clock = clock_beside(text, start, end, date.fromisoformat(value))
    if clock is None:
        return Found(value, start, end, other)
    time = f"T{clock.hour:02d}:{clock.minute:02d}:{clock.second:02d}"
    if clock.zone is not None:
        time += datetime(2000, 1, 1, tzinfo=clock.zone).isoformat()[19:]
    return Found(value + time, min(start, clock.start), max(end, clock.end), other and other + time)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return None


def _year(number: int, digits: int) -> int | None:
    """A year as written with two or four digits."""
    if digits == 4:
        return number
    if digits != 2:
        return None
    return number + 2000 if number < _CENTURY else number + 1900 if number >= 90 else None


def _numeric(text: str, month_first: bool | None, language: str) -> list[Found]:
    found = []
    for match in _NUMERIC.finditer(text):
        first, middle, last = match[1], int(match[3]), match[4]
        if len(first) == 4:
            if len(last) == 4:
                continue
            values = [_of_era(text, int(first), middle, int(last))]
        else:
            year = _year(int(last), len(last))
            if year is None or (len(last) == 2 and len(first) + len(match[3]) < 3):
                continue
            values = [_of_era(text, year, middle, int(first))]
            if match[2] != "." or month_first:
                swapped = _of_era(text, year, int(first), middle)
                values = _ordered(values[0], swapped, month_first)
        known = [value for value in values if value]
        if known:
            other = known[1] if len(known) > 1 and known[0] != known[1] else None
            found.append(_timed(text, known[0], match.start(), match.end(), other))
    return found


def _ordered(day_first: str | None, month_first: str | None, is_month_first: bool | None) -> list[str | None]:
    if day_first is None or month_first is None:
        return [day_first, month_first]
    if is_month_first is None:
        return [day_first, month_first]
    return [month_first if is_month_first else day_first]


def _of_era(text: str, year: int, month: int, day: int) -> str | None:
    """A date whose year may be of the Buddhist or the Iranian calendar."""
    if 1300 <= year <= 1500:
        found = from_iranian(year, month, day)
        return _in_range(found) if found else None
    if 2443 <= year <= 2643 and not text.isascii():
        year -= BUDDHIST
    return _day(year, month, day)


def _cjk(text: str) -> list[Found]:
    found = []
    for match in _CJK.finditer(text):
        year = 1 if match[2] == "元" else int(match[2])
        if match[1]:
            year += ERAS[match[1]]
        value = _day(year, int(match[3]), int(match[4]))
        if value:
            found.append(_timed(text, value, match.start(), match.end()))
    return found


def _parts(text: str, language: str) -> list[_Part]:
    """The numbers and months of a text, with what belongs to neither as a part of no digits."""
    parts: list[_Part] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match[1]:
            number = int(match[1]) if end - start <= 4 else 0
            if parts and parts[-1].digits == -1 and 1 <= number <= 12:
                # Vietnamese counts its months.
                parts[-1] = _Part(number, True, 0, parts[-1].start, end)
                continue
            parts.append(_Part(number, False, end - start, start, end))
            continue
        word = match[2]
        month = month_named(word, language)
        if month is None and word in PERSIAN:
            month = -PERSIAN[word]
        if month is not None:
            parts.append(_Part(month, True, 0, start, end))
        elif word.lower() == "tháng":
            parts.append(_Part(0, False, -1, start, end))
        elif word.lower() not in _GLUE:
            parts.append(_Part(0, False, 0, start, end))
    return parts


def _touch(parts: list[_Part], at: int) -> bool:
    """Whether a part and the one behind it can be of one date."""
    return parts[at + 1].start - parts[at].end <= _GAP


def _is_day(part: _Part) -> bool:
    return 1 <= part.digits <= 2 and 1 <= part.number <= 31


def _is_year(part: _Part) -> bool:
    return part.digits == 4 or (part.digits == 2 and not _is_day(part) and part.number < _CENTURY)


def _named(text: str, language: str) -> list[Found]:
    found = []
    parts = _parts(text, language)
    for at, part in enumerate(parts):
        if not part.is_month:
            continue
        for order in ("dmy", "mdy", "ymd", "ydm"):
            first = at - order.index("m")
            if first < 0 or first + 3 > len(parts):
                continue
            three = parts[first : first + 3]
            if not (_touch(parts, first) and _touch(parts, first + 1)):
                continue
            value = _spelled(text, order, three)
            if value:
                found.append(_timed(text, value, three[0].start, three[2].end))
                break
    return found


def _spelled(text: str, order: str, three: list[_Part]) -> str | None:
    by = dict(zip(order, three, strict=True))
    day, month, year = by["d"], by["m"], by["y"]
    if not _is_day(day) or day.is_month or year.is_month:
        return None
    if year.digits == 4:
        if month.number < 0:
            found = from_iranian(year.number, -month.number, day.number)
            return _in_range(found) if found else None
        return _of_era(text, year.number, month.number, day.number)
    # "Apr 3, 24" and "3-Apr-24", but not "3 April 10 o'clock": a full year is missing only where the
    # date is closely written.
    if order == "dmy" and year.digits == 2 and month.number > 0 and _is_short(text, month, year):
        number = _year(year.number, 2)
        return _day(number, month.number, day.number) if number else None
    return None


def _is_short(text: str, month: _Part, year: _Part) -> bool:
    between = text[month.end : year.start]
    return between.strip() in ("-", "/", ".", "'", "’", "‘") and text[year.end : year.end + 1] not in (
        ":",
        "h",
        ".",
    )

"""Dates as feeds write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from pipeline.sources.date_words import MONTHS, NOISE, WEEKDAYS, zone

_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3,9},?\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-]\d{4}|GMT|UTC|Z)"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d.*)?")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
#: the span in which a bare number is taken for seconds since 1970: ten digits, to 2100
_EPOCH_SPAN = (1_000_000_000, 4_102_444_800)

_TIME = re.compile(
    r"(오전|오후)?\s*(?<![\d:.])(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?![\d:])\s*([ap]\.?m\b\.?)?",
    re.I,
)
_OFFSET = re.compile(r"\s*,?\s*(?:GMT|UTC|UT|Z)?\s*([+-])(\d{1,2}):?(\d\d)?(?:Z)?(?=\s|$|\()", re.I)
_ZONE = re.compile(r"\s*,?\s*([A-Za-z]+(?:[/_][A-Za-z_]+)*)\b")
_REMARK = re.compile(r"\([^()]*\)\s*$")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:\s*T)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)")
_KOREAN = re.compile(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_KOREA = timezone(timedelta(hours=9))
_OFFSETS: dict[str, timezone] = {"GMT": UTC, "UTC": UTC, "Z": UTC, "+0000": UTC, "-0000": UTC}
_ENGLISH = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def iso(text: str | None) -> str | None:
    """A feed's date as ISO 8601: with the offset that the feed gave, else the bare local time.

    RFC 822, ISO 8601, seconds since 1970, and what people and systems write instead: names of
    months in other languages, AM and PM, named zones, a time without seconds. None for anything
    that could mean two days: a wrong date is worse than none.
    """
    text = (text or "").strip()
    if not text or len(text) > 100:
        return None
    try:
        if text[4:5] == "-" and _ISO.fullmatch(text):
            try:
                found = datetime.fromisoformat(text)
            except ValueError:
                return _free(text)
            return found.isoformat() if len(text) > 10 else text
        if simple := _RFC_822.fullmatch(text):
            return _rfc_822(simple)
        return _free(text)
    except (ValueError, OverflowError):
        # A day, an hour or an offset that does not exist.
        return None


def _rfc_822(found: re.Match[str]) -> str | None:
    day, name, year, hour, minute, second, offset = found.groups()
    month = _ENGLISH.get(name.lower()) or MONTHS.get(name.lower())
    if month is None:
        return None
    where = _OFFSETS.get(offset)
    if where is None:
        where = _OFFSETS[offset] = _fixed(offset[0], offset[1:3], offset[3:5])
    moment = datetime(int(year), month, int(day), int(hour), int(minute), int(second or 0), tzinfo=where)
    return moment.isoformat()


def _free(text: str) -> str | None:
    """Any other spelling: the time first, then its zone, then the day from what is left."""
    if epoch := _EPOCH.fullmatch(text):
        seconds = int(epoch[1])
        low, high = _EPOCH_SPAN
        return datetime.fromtimestamp(seconds, UTC).isoformat() if low <= seconds < high else None
    text = _REMARK.sub("", text).strip()
    # "2004-07-13T9:15" and the like: the T is no word.
    text = re.sub(r"(?<=\d)T(?=\d)", " ", text)
    time = _TIME.search(text)
    if time is None:
        day = _day(text, american=False)
        return day.isoformat() if day else None
    where, rest, american = _zone_behind(text, time)
    day = _day(f"{text[: time.start()]} {rest}", american or bool(time[5]))
    if day is None:
        return None
    if time[1] or "년" in text:
        where = where or _KOREA
    clock = (_hour(time), int(time[3]), int(time[4] or 0))
    return datetime(day.year, day.month, day.day, *clock, tzinfo=where).isoformat()


def _hour(time: re.Match[str]) -> int:
    hour, half = int(time[2]), (time[5] or "").lower()[:1]
    half = half or {"오전": "a", "오후": "p"}.get(time[1] or "", "")
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def _zone_behind(text: str, time: re.Match[str]) -> tuple[tzinfo | None, str, bool]:
    """The zone, the text behind it, and whether it is one of North America."""
    if offset := _OFFSET.match(text, time.end()):
        sign, hours, minutes = offset.groups()
        return _fixed(sign, hours, minutes or "0"), text[offset.end() :], False
    if name := _ZONE.match(text, time.end()):
        where, american = zone(name[1])
        if where is not None:
            return where, text[name.end() :], american
    return None, text[time.end() :], False


def _fixed(sign: str, hours: str, minutes: str) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset > timedelta(hours=15):
        raise ValueError(f"no such offset: {hours}:{minutes}")
    return timezone(-offset if sign == "-" else offset)


def _day(text: str, american: bool) -> date | None:
    text = text.strip(" ,-\t\r\n")
    weekday = next((WEEKDAYS[word] for word in _words(text) if word in WEEKDAYS), None)
    if found := _KOREAN.search(text):
        return date(int(found[1]), int(found[2]), int(found[3])) if _only(text, found) else None
    if found := _YEAR_FIRST.search(text):
        return date(int(found[1]), int(found[3]), int(found[4])) if _only(text, found) else None
    if found := _YEAR_LAST.search(text):
        return _day_of_numbers(found, american, weekday) if _only(text, found) else None
    return _day_of_words(text)


def _only(text: str, found: re.Match[str]) -> bool:
    """Whether nothing else but names of days and small words is in the text."""
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return not re.search(r"\d", rest) and all(word in WEEKDAYS or word in NOISE for word in _words(rest))


def _day_of_numbers(found: re.Match[str], american: bool, weekday: int | None) -> date | None:
    if len(found[4]) == 2 and found[2] in "- ":
        # Which of three short numbers is the year?
        return None
    first, separator, second, year = int(found[1]), found[2], int(found[3]), _year(found[4])
    either = [(first, second), (second, first)]
    days = {date(year, month, day) for day, month in either if month <= 12 and day <= 31}
    if weekday is not None and len(days) > 1:
        days = {day for day in days if day.weekday() == weekday}
    if len(days) == 1:
        return days.pop()
    if not days or separator == ".":
        return date(year, second, first)
    # Only a zone of North America, or AM and PM, tell which of the two is the month.
    return date(year, first, second) if american and separator == "/" else None


def _day_of_words(text: str) -> date | None:
    month: int | None = None
    numbers: list[str] = []
    ordinal = False
    for token in _TOKEN.findall(text):
        lower = token.lower()
        if token.isdigit():
            numbers.append(token)
            ordinal = True
        elif lower in MONTHS and month is None:
            month = MONTHS[lower]
        elif not (lower in WEEKDAYS or lower in NOISE or (ordinal and lower in ("st", "nd", "rd", "th"))):
            return None
    if month is None or len(numbers) != 2:
        return None
    day, year = numbers
    if len(day) == 4:
        day, year = year, day
    if len(day) > 2 or len(year) not in (2, 4):
        return None
    return date(_year(year), month, int(day))


def _year(text: str) -> int:
    year = int(text)
    # The rule of feedparser, and of RFC 2822 as far as it matters today.
    return year if len(text) > 2 else year + (2000 if year < 90 else 1900)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _TOKEN.findall(text) if not word.isdigit()]

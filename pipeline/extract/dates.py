"""Dates and times as pages write them, to ISO 8601. What is ambiguous is left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT"
    r"|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.I,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$")
_MONTHS: dict[str, int] = {}
for _number, _spellings in enumerate(
    (
        "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari styczeń stycznia ledna",
        "february feb februar febr février févr fevrier febrero febbraio fevereiro fev februari luty "
        "lutego února",
        "march mar märz mär maerz mars marzo março marco maart mrt marzec marca března",
        "april apr avril avr abril abr aprile kwiecień kwietnia dubna",
        "may mai mayo maggio mag maio mei maj maja května",
        "june jun juni juin junio giugno giu junho czerwiec czerwca června",
        "july jul juli juillet juil julio luglio lug julho lipiec lipca července",
        "august aug août aout agosto ago augustus augusti sierpień sierpnia srpna",
        "september sep sept septembre septiembre settembre set setembro wrzesień września září",
        "october oct oktober okt octobre octubre ottobre ott outubro out październik października října",
        "november nov novembre noviembre novembro listopad listopada listopadu",
        "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudzień grudnia "
        "prosince",
    ),
    1,
):
    for _spelling in _spellings.split():
        _MONTHS[_spelling] = _number
_WORD = "(" + "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True)) + r")\b\.?"
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:\.|er|st|nd|rd|th|º|°)?(?:\s+(?:de|of))?[\s\-/]+"
    + _WORD
    + r"(?:\s+(?:de|del))?[,\s\-/]+(\d{4})\b",
    re.I,
)
_MONTH_DAY = re.compile(r"\b" + _WORD + r"\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.I)
_DAY_MONTH_ONLY = re.compile(r"\b(\d{1,2})(?:\.|er|st|nd|rd|th|º|°)?(?:\s+(?:de|of))?\s+" + _WORD, re.I)
_MONTH_DAY_ONLY = re.compile(r"\b" + _WORD + r"\s*(\d{1,2})(?:st|nd|rd|th)?\b", re.I)
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
_SLASHED = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.年]\s?(\d{1,2})[/.月]\s?(\d{1,2})日?(?!\d)")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?::|\.(?=\d\d\s*(?:uhr|h\b))|h)(\d{2})(?!\d)\s*(uhr|am|pm|a\.m\.|p\.m\.)?\s*(utc"
    r"|gmt|z\b|[+-]\d{2}:?\d{2})?",
    re.I,
)
_EPOCH = re.compile(r"^(1[0-9]{9})(\d{3})?$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def read_date(text: str, *, month_first: bool | None = None) -> str | None:
    """The first date in a text as ISO 8601: with time and offset where it has them, else the day.

    ``month_first`` says how 3/4/2024 is meant; without it such a date counts only when one of the
    numbers is above 12. Two-digit years, relative dates and bare years yield None.
    """
    text = text.strip()[:200]
    if not text:
        return None
    epoch = _EPOCH.match(text)
    if epoch:
        return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat()
    for pattern in (_ISO, _COMPACT):
        match = pattern.match(text) if pattern is _COMPACT else pattern.search(text)
        if match:
            found = _from_numbers(*match.groups())
            if found:
                return found
    return _from_mail(text) or _from_words(text, month_first)


def day_and_month(text: str) -> tuple[int, int] | None:
    """(day, month) of a date without year, such as "April 19" or "3 mars"."""
    match = _DAY_MONTH_ONLY.search(text)
    if match:
        return _checked(int(match[1]), _MONTHS[match[2].lower()])
    match = _MONTH_DAY_ONLY.search(text)
    return _checked(int(match[2]), _MONTHS[match[1].lower()]) if match else None


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


def _checked(day: int, month: int) -> tuple[int, int] | None:
    return (day, month) if 1 <= day <= 31 else None


def _from_numbers(
    year: str, month: str, day: str, hour: str | None = None, minute: str | None = None,
    second: str | None = None, zone: str | None = None,
) -> str | None:  # fmt: skip
    try:
        if hour is None:
            return _in_range(date(int(year), int(month), int(day)))
        moment = datetime(
            int(year),
            int(month),
            int(day),
            int(hour) % 24,
            int(minute or 0),
            int(second or 0),
            tzinfo=_zone(zone),
        )
        return _in_range(moment)
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


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


def _from_words(text: str, month_first: bool | None) -> str | None:
    for pattern, order in (
        (_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy"), (_DOTTED, "dmy"), (_YEAR_FIRST, "ymd"), (_SLASHED, "?"),
    ):  # fmt: skip
        match = pattern.search(text)
        if not match:
            continue
        numbers = [_MONTHS.get(group.lower(), 0) or int(group) for group in match.groups()]
        if order == "?":
            order = _slash_order(numbers, month_first)
        if not order:
            return None
        value = dict(zip(order, numbers, strict=True))
        if value["y"] < 100:
            return None
        return _with_clock(
            str(value["y"]), str(value["m"]), str(value["d"]), text[match.end() : match.end() + 40]
        )
    return None


def _slash_order(numbers: list[int], month_first: bool | None) -> str:
    first, second, _ = numbers
    if first > 12 >= second:
        return "dmy"
    if second > 12 >= first:
        return "mdy"
    if month_first is None:
        return "" if first != second else "dmy"
    return "mdy" if month_first else "dmy"


def _with_clock(year: str, month: str, day: str, rest: str) -> str | None:
    clock = _CLOCK.search(rest)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return _from_numbers(year, month, day)
    hour = int(clock[1])
    half = (clock[3] or "").lower().replace(".", "")
    if half == "pm" and hour < 12:
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return _from_numbers(year, month, day, str(hour), clock[2], "0", clock[4])

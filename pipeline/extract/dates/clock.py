"""Times of day beside a date, with their zones: "at 3:05 p.m. EDT", "17.45 Uhr", "10h30", "下午3:05"."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta, timezone
from typing import NamedTuple

#: names of zones whose offset no other zone of that name contests, in minutes (IANA tz database; RFC 5322
#: §4.3 for those of the United States). CST, IST, BST and AST name several and are left out
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180,
    "sast": 120, "cat": 120, "eat": 180, "wat": 60, "trt": 180, "pkt": 300, "npt": 345, "wib": 420,
    "wita": 480, "sgt": 480, "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "acdt": 630,
    "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip
#: zones of the United States that change with daylight saving time: standard offset in minutes
_AMERICAN = {"et": -300, "ct": -360, "mt": -420, "pt": -480}
_OFFSET = r"(?:utc|gmt)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)"
_ZONE = rf"(?P<zone>{_OFFSET}|\b(?:{'|'.join(sorted([*_ZONES, *_AMERICAN], key=len, reverse=True))})\b)"
_HALF = r"(?P<half>[ap]\.?\s?m\b\.?|[πμ]\.?μ\.?)"
_CLOCK = re.compile(
    r"(?:(?P<before>上午|下午|午前|午後|오전|오후|中午|晚上|凌晨|早上)\s?)?(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?:(?:\s?[:：h時时시點点]\s?|[.](?=\d\d\s?(?:uhr\b|h\b|[ap]\.?m)))(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    rf"(?![\d:])|\s?(?:uhr\b|h\b)|(?=\s?[ap]\.?\s?m\b))(?:[.,]\d{{1,9}})?\s?[分분]?(?:\s?(?:uhr|hrs?|h)\b)?"
    rf"\s?{_HALF}?[\s,(]{{0,3}}{_ZONE}?",
    re.I,
)
#: after words that announce a time, a full stop may part hours and minutes
_ANNOUNCED = re.compile(
    r"\b(?:kl|klo|kell|ore|alle|um|om|ob|at|u|o|godz|pukul|saat|ώρα|в|о|г)\b\.?[\s,]*(?P<hour>\d{1,2})"
    rf"[.:](?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?(?![\d.]){'(?P<before>)?'}\s?{_HALF}?[\s,(]{{0,3}}{_ZONE}?",
    re.I,
)
_AFTERNOON = ("下午", "午後", "오후", "晚上", "p", "μ.μ", "μμ")
_YEAR = re.compile(r"\d{4}")
#: characters after a date, and before it, within which its time stands
_NEAR, _NEAR_BEFORE = 40, 32


class Clock(NamedTuple):
    """A time of day with what is known of its zone, and how far its text reaches."""

    hour: int
    minute: int
    second: int
    zone: timezone | None
    start: int
    end: int


def clock_beside(text: str, start: int, end: int, day: date) -> Clock | None:
    """The time that belongs to the date at ``start`` to ``end`` of a text: behind it, else before."""
    after = text[end : end + _NEAR]
    if any(map(str.isdigit, after)):
        for pattern in (_CLOCK, _ANNOUNCED):
            match = pattern.search(after)
            if match and _is_glue(after[: match.start()]):
                return _checked(match, day, end)
    at = max(0, start - _NEAR_BEFORE)
    before = text[at:start]
    # Behind another date it is that one's.
    if any(map(str.isdigit, before)) and not _YEAR.search(text[:start]):
        for match in _CLOCK.finditer(before):
            if _is_glue(before[match.end() :]):
                return _checked(match, day, at)
    return None


def _is_glue(between: str) -> bool:
    """Whether a date and a time with this between them belong together: no digits, few words."""
    return not any(map(str.isdigit, between)) and len(between.split()) <= 4


def _checked(match: re.Match[str], day: date, offset: int) -> Clock | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if hour > 24 or minute > 59:
        return None
    half = (match["half"] or match["before"] or "").lower().replace(" ", "")
    if half.startswith(_AFTERNOON) and hour < 12:
        hour += 12
    elif half and hour == 12 and not half.startswith((*_AFTERNOON, "中午")):
        hour = 0
    second = min(int(match["second"] or 0), 59)
    return Clock(
        hour % 24, minute, second, zone(match["zone"], day), match.start() + offset, match.end() + offset
    )


def zone(text: str | None, day: date) -> timezone | None:
    """The zone of a name or offset on a day, None for what several zones are called."""
    if not text:
        return None
    name = text.strip().lower()
    if name in _ZONES:
        return _of(_ZONES[name])
    if name in _AMERICAN:
        return _of(_AMERICAN[name] + (60 if _is_american_summer(day) else 0))
    sign = -1 if "-" in name or "−" in name else 1
    digits = re.sub(r"[^\d:]", "", name)
    hours, _, minutes = digits.partition(":")
    if not minutes and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    if not hours:
        return None
    total = int(hours) * 60 + int(minutes or 0)
    # The widest offsets in use are UTC-12 and UTC+14.
    return _of(sign * total) if total <= 14 * 60 else None


def _of(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _is_american_summer(day: date) -> bool:
    """Daylight saving time by the Energy Policy Act of 2005: second Sunday in March to first in November."""
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    begins = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return begins <= day < ends

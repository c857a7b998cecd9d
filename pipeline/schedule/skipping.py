"""``skipHours`` and ``skipDays`` of RSS 2.0: hours and days at which nobody need ask (GMT)."""

from __future__ import annotations

from random import Random

from pipeline.model import Hints

_HOUR, _DAY = 3600.0, 86_400.0
#: 1 January 1970 was a Thursday; days count from Monday
_FIRST_WEEKDAY = 3
#: feeds that wait for the same hour come within so many seconds of its beginning, not all at once
_SPREAD = 600.0


def next_allowed(moment: float, hints: Hints | None, random: Random) -> float:
    """The moment itself (Unix seconds), or the beginning of the next hour at which the feed may be
    asked and a little more.

    All hours listed, or all days, mean nothing: the feed would never be asked (section 3).
    """
    if hints is None or not (hints.skip_hours or hints.skip_days):
        return moment
    hours = {hour % 24 for hour in hints.skip_hours}
    days = set(hints.skip_days) & set(range(7))
    hours = hours if len(hours) < 24 else set()
    days = days if len(days) < 7 else set()
    start = moment
    # A week of hours finds one: at least one hour of one day is free.
    for _ in range(7 * 24 + 1):
        if not _is_skipped(start, hours, days):
            break
        start = (start // _HOUR + 1) * _HOUR
    return start if start == moment else start + _SPREAD * random.random()


def _is_skipped(moment: float, hours: set[int], days: set[int]) -> bool:
    hour, day = int(moment // _HOUR % 24), int((moment // _DAY + _FIRST_WEEKDAY) % 7)
    return hour in hours or day in days

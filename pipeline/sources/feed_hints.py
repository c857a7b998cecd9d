"""What a feed asks of those who poll it, from what its XML or JSON says.

Sources: RSS 2.0 (ttl, skipHours, skipDays), http://web.resource.org/rss/1.0/modules/syndication/,
W3C WebSub; tolerances as rss-fetcher's, which has met them all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from pipeline import urls
from pipeline.model import Hints
from pipeline.sources.raw_feed import RawFeed

#: seconds; ``dayly`` is met in the wild, ``always`` is rss-fetcher's
_PERIODS = {
    "hourly": 3600.0,
    "daily": 86_400.0,
    "dayly": 86_400.0,
    "weekly": 604_800.0,
    "monthly": 2_592_000.0,
    "yearly": 31_536_000.0,
    "always": 3600.0,
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: a year in minutes: more is a slip
_MOST_TTL = 525_600.0


def hints_of(raw: RawFeed, url: str | None) -> Hints:
    """Hints of an RSS, RDF or Atom feed. What cannot be understood is left out."""
    return Hints(
        ttl=ttl(raw.ttl),
        update_period=update_period(raw.update_period, raw.update_frequency),
        skip_hours=skip_hours(raw.skip_hours),
        skip_days=skip_days(raw.skip_days),
        hub=_first(raw.links, "hub", url),
        topic=_first(raw.links, "self", url),
    )


def ttl(minutes: str | None) -> float | None:
    """Seconds, from minutes as text; None for what is no length of time."""
    number = _number(minutes)
    return number * 60 if number is not None and 0 < number <= _MOST_TTL else None


def update_period(period: str | None, frequency: str | None) -> float | None:
    """Seconds between two updates: the period (default: daily) by the frequency (default: 1).

    None when neither is given, or the period is unknown.
    """
    if not period and not frequency:
        return None
    seconds = _PERIODS.get((period or "daily").lower())
    times = _number(frequency)
    if seconds is None:
        return None
    return seconds / times if times is not None and times > 0 else seconds


def skip_hours(told: Iterable[str]) -> list[int]:
    """Hours from 0 to 23 (24 is midnight in RSS 0.91); all of them is none: somebody must ask."""
    numbers = {int(number) for one in told if (number := _number(one)) is not None and 0 <= number <= 24}
    hours = sorted({number % 24 for number in numbers})
    return hours if len(hours) < 24 else []


def skip_days(told: Iterable[str]) -> list[int]:
    """Days as numbers, 0 for Monday; all seven is none."""
    days = sorted({_DAYS.index(day) for one in told if (day := one.strip().lower()) in _DAYS})
    return days if len(days) < 7 else []


def _first(links: list[tuple[str, str]], relation: str, url: str | None) -> str | None:
    for name, address in links:
        if relation in name.split() and (found := urls.absolute(address, url)):
            return found
    return None


def _number(text: str | None) -> float | None:
    try:
        number = float((text or "").strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None

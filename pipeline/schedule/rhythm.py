"""How often a feed publishes, told from the dates of its newest entries."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

#: entries that are looked at: "the last ~20 items" (FIELD.md section 3, suggested interval)
NEWEST = 20
#: Entries closer than this (s) came out together: a daily batch of thirty is one publication, and the
#: median of its gaps would be zero.
_TOGETHER = 60.0
#: dates further ahead of our clock than this (s) are announcements or mistakes, not publications
_AHEAD = 3600.0


def rhythm_of(published: Iterable[float], now: float) -> float | None:
    """Median of the seconds between publications; None when fewer than two are known.

    ``published``: Unix seconds in any order; those from the future are left out.
    """
    moments: list[float] = []
    for at in sorted((at for at in published if at <= now + _AHEAD), reverse=True)[:NEWEST]:
        if not moments or moments[-1] - at >= _TOGETHER:
            moments.append(at)
    gaps = [later - earlier for later, earlier in pairwise(moments)]
    return median(gaps) if gaps else None

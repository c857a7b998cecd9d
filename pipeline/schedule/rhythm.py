"""How often a feed publishes: told from the dates of its newest entries, else from what polls brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from pipeline.model import Poll
from pipeline.schedule.history import SUCCESSES

#: entries that are looked at: about the last twenty items
NEWEST = 20
#: Entries closer than this (s) came out together: a daily batch of thirty is one publication, and the
#: median of its gaps would be zero.
_TOGETHER = 60.0
#: dates further ahead of our clock than this (s) are announcements or mistakes, not publications
_AHEAD = 3600.0
#: fewer new entries than this tell no rhythm
_LEAST_ARRIVALS = 3
_DAY = 86_400.0


def rhythm_of(published: Iterable[float], now: float) -> float | None:
    """Median of the seconds between publications; None when fewer than two are known.

    ``published``: Unix seconds in any order; those from the future are left out. Dates without a
    time of day tell nothing of a feed that publishes more than once a day.
    """
    newest = sorted((at for at in published if at <= now + _AHEAD), reverse=True)[:NEWEST]
    moments: list[float] = []
    for at in newest:
        if not moments or moments[-1] - at >= _TOGETHER:
            moments.append(at)
    if len(moments) < len(newest) and all(at % _DAY == 0 for at in newest):
        return None
    gaps = [later - earlier for later, earlier in pairwise(moments)]
    return median(gaps) if gaps else None


def arrivals(history: Sequence[Poll]) -> float | None:
    """Mean of the seconds between entries that came while we polled; None when too few came.

    For feeds without dates. What a first poll brings came before.
    """
    lines = [line for line in history if line.result in SUCCESSES]
    new = sum(line.new for line in lines[1:])
    return (lines[-1].at - lines[0].at) / new if new >= _LEAST_ARRIVALS else None

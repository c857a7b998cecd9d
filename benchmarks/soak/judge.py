"""Whether a series of samples grows: a robust line through its last two thirds.

The first third is warming up: caches fill, pools open their connections, processes load their models.
Of what is left, Theil and Sen's slope (the median of the slopes of all pairs) is taken, which neither a
spike nor a process that was replaced moves. What it rises by from the first to the last of these samples
is held against a bound for its kind, which is stated with it.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: share of the samples that are warming up
WARMING = 1 / 3

#: (seconds since the beginning, value), in order of time
Series = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Bound:
    """What a kind of figure may rise by while it is watched: the larger of a share of its median and
    of so much. With fewer samples than ``fewest`` after warming up nothing is said."""

    share: float
    least: float
    fewest: int = 6


#: by a series' name, or by its last word
BOUNDS: Mapping[str, Bound] = {
    # Python's allocator and the C library keep what they once had: a few per cent come and go.
    "MB": Bound(0.04, 3.0),
    # Each of a dozen connections keeps what it has planned, up to a megabyte or so.
    "postgres MB": Bound(0.04, 8.0),
    "files": Bound(0.0, 2.0),
    "threads": Bound(0.0, 1.0),
    "connections": Bound(0.0, 2.0),
    # They stay open for a while after each request, more or fewer of them as the load falls.
    "host connections": Bound(0.25, 10.0),
    # Keys of items in flight come and go with the load.
    "keys": Bound(0.05, 10.0),
    "KB": Bound(0.05, 300.0),
    "bytes/row": Bound(0.05, 50.0),
    "seconds": Bound(0.0, 10.0),
    # It comes in bursts: only a long run tells.
    "ms/s": Bound(0.5, 20.0, fewest=120),
}


@dataclass(frozen=True)
class Verdict:
    """What became of one series. ``rise``: over the samples that count; None: too few of them."""

    name: str
    median: float
    highest: float
    rise: float | None
    an_hour: float | None
    allowed: float
    grows: bool


def slope(series: Series) -> float:
    """Theil and Sen's: the median of the slopes of all pairs, in units a second."""
    pairs = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for n, earlier in enumerate(series)
        for later in series[n + 1 :]
        if later[0] > earlier[0]
    ]
    return statistics.median(pairs) if pairs else 0.0


def judge(name: str, series: Series) -> Verdict:
    """Raises KeyError when the name's last word has no bound."""
    bound = BOUNDS.get(name) or BOUNDS[name.rpartition(" ")[2]]
    values = [value for _, value in series]
    counted = _after_warming(series)
    median = statistics.median(value for _, value in counted) if counted else 0.0
    allowed = max(bound.share * abs(median), bound.least)
    highest = max(values, default=0.0)
    if len(counted) < bound.fewest:
        return Verdict(name, median, highest, None, None, allowed, grows=False)
    steepness = slope(counted)
    rise = steepness * (counted[-1][0] - counted[0][0])
    return Verdict(name, median, highest, rise, steepness * 3600, allowed, grows=rise > allowed)


def _after_warming(series: Series) -> Series:
    if not series:
        return series
    begins = series[0][0] + WARMING * (series[-1][0] - series[0][0])
    return [sample for sample in series if sample[0] >= begins]

"""What is counted on the way for `/metrics`: how long stages take, and when what they need was away.

Kept in the hash of counters in Redis, so that they are those of all workers together; an emptied
Redis begins them again at zero, as a restarted program would.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.model import STAGES, Step

#: upper bounds of a duration's bucket, in seconds: Prometheus' usual ones, and what fetching may take
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LABELS = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")


class Histogram(NamedTuple):
    """How many items took at most so long, by upper bound and with those below; and seconds in all."""

    buckets: list[tuple[str, float]]
    seconds: float


def durations(steps: Iterable[Step]) -> Counter[str]:
    """What steps add to the counters."""
    counts: Counter[str] = Counter()
    for step in steps:
        counts[f"{step.stage}:le:{_LABELS[bisect_left(BUCKETS, step.seconds)]}"] += 1
        counts[f"{step.stage}:spent_us"] += int(step.seconds * 1e6)
    return counts


def histograms(counters: Mapping[str, int]) -> dict[str, Histogram]:
    """By stage of an item's way, from the counters."""
    found = {}
    for stage in STAGES:
        total, buckets = 0, []
        for label in _LABELS:
            total += counters.get(f"{stage}:le:{label}", 0)
            buckets.append((label, float(total)))
        found[stage] = Histogram(buckets, counters.get(f"{stage}:spent_us", 0) / 1e6)
    return found


__all__ = ["BUCKETS", "Histogram", "durations", "histograms"]

"""What is counted on the way for `/metrics`: how items and polls went, how long stages took, what was away.

Each process counts in `pipeline.tally.TALLY`, and adds that to the hash of counters in Redis, where
they are those of all processes together. Names of counters (`stage` is one of `ALL_STAGES`):

    STAGE:done, STAGE:lost        items that a stage handed on; leases that ended without a report (`lua/`)
    STAGE:le:BOUND, STAGE:spent_us, STAGE:cpu_us     durations of items, and CPU time of pumps
    result:STAGE:RESULT           attempts of a stage by result: `ok`, an outcome or a code
    ended:OUTCOME, tried_again:CODE     what became of items; failures that will be tried again
    polls:RESULT, http:CLASS      polls; answers to requests (`2xx`, `none`)
    error:PART, away:PART         errors of Redis and the database; pumps that stood still for them
    died:STAGE:HOW                pool processes that died (`idle`: with nothing in hand)
    worker_us:NAME                CPU time of workers with their pools, by the name they were given
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import PipelineError
from pipeline.model import STAGES, Finished, Polled, Step
from pipeline.tally import TALLY

if TYPE_CHECKING:
    from workers.stages import Stages

#: upper bounds of a duration's bucket, in seconds: Prometheus' usual ones, and what fetching may take
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LABELS = (*(f"{bound:g}" for bound in BUCKETS), "+Inf")

#: what a poll may bring; put off: its host had asked to be left alone, or had no time
POLL_RESULTS = ("new", "unchanged", "not_modified", "put_off", "failed")
#: answers to requests by their status; none: no answer came
HTTP_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx", "none")


class Histogram(NamedTuple):
    """How many items took at most so long, by upper bound and with those below; and seconds in all."""

    buckets: list[tuple[str, float]]
    seconds: float


def tell(stages: Stages) -> None:
    """Add what this process has counted to the counters of all. What cannot be told is kept until it
    can. Raises PipelineError (`redis`)."""
    counts = TALLY.take()
    try:
        stages.count(counts)
    except PipelineError:
        TALLY.update(counts)
        raise


def durations(steps: Iterable[Step]) -> Counter[str]:
    """What steps add to the counters."""
    counts: Counter[str] = Counter()
    for step in steps:
        counts[f"{step.stage}:le:{_LABELS[bisect_left(BUCKETS, step.seconds)]}"] += 1
        counts[f"{step.stage}:spent_us"] += int(step.seconds * 1e6)
        counts[f"result:{step.stage}:{step.result}"] += 1
    return counts


def endings_of(finished: Iterable[Finished]) -> Counter[str]:
    """What became of items adds this to the counters."""
    return Counter(
        f"ended:{one.outcome}" if one.outcome else f"tried_again:{one.code or 'internal'}" for one in finished
    )


def polls_of(polled: Iterable[Polled], brought: Iterable[int]) -> Counter[str]:
    """What polls add to the counters. ``brought``: how many new entries each gave."""
    return Counter(f"polls:{_poll_result(one, new)}" for one, new in zip(polled, brought, strict=True))


def _poll_result(polled: Polled, new: int) -> str:
    if polled.problem is not None:
        return "put_off" if polled.problem.ours and polled.problem.code == "throttled" else "failed"
    if new:
        return "new"
    return "not_modified" if polled.not_modified else "unchanged"


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


__all__ = [
    "BUCKETS", "HTTP_CLASSES", "POLL_RESULTS", "Histogram", "durations", "endings_of", "histograms",
    "polls_of", "tell",
]  # fmt: skip

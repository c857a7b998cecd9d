"""How long a feed that fails is left alone: ever longer up to a day, and never for good."""

from __future__ import annotations

from pipeline.model import Problem
from pipeline.schedule.interval import DAY, Interval, words

#: A failing feed is asked at least so often (s), unless its server or its user wants it rarer: never
#: given up silently (miniflux stops after three errors, which its users complain of).
LONGEST_BACKOFF = DAY
#: Each failure doubles the wait; those that pass more often than not count less (rss-fetcher, `tasks.py`:
#: hard +1, soft +0.5, temporary DNS +0.25): "active feeds DO return 404 and come back to life".
HARD, SOFT, RESOLVER = 1.0, 0.5, 0.25
_SOFT_CODES = frozenset({"http_server", "timeout"})


def backoff(usual: Interval, problem: Problem, status: int | None, errors: int) -> Interval:
    """The wait after the errors-th failure in a row (from 1), from the usual interval on."""
    most = max(LONGEST_BACKOFF, usual.seconds)
    # 2 ** 40 is far beyond the longest wait: a larger power would only overflow.
    seconds = min(usual.seconds * 2.0 ** min(errors * _weight(problem, status), 40.0), most)
    failures = "the last poll failed" if errors == 1 else f"the last {errors} polls failed"
    if seconds >= most:
        return Interval(seconds=seconds, reason=f"{failures}: asked every {words(seconds)} until it works")
    return Interval(seconds=seconds, reason=f"{failures}: the wait grows from {words(usual.seconds)}")


def _weight(problem: Problem, status: int | None) -> float:
    if problem.code == "dns" and problem.retry_helps:
        return RESOLVER
    return SOFT if status == 404 or problem.code in _SOFT_CODES else HARD

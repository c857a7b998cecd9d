"""What became of items and polls, for the log: failures as warnings, what went well at DEBUG.

Thousands may end in a second: nothing is done for those of which nothing is said.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from pipeline.model import Ending, Feed, Finished, Polled
from pipeline.urls import without_password

logger = logging.getLogger(__name__)


def tell(endings: Sequence[Ending], finished: Sequence[Finished]) -> None:
    """Say how items ended. Of many failures of one code at one host some are written, the others
    counted (see `workers.logs.limits`)."""
    all_of_them = logger.isEnabledFor(logging.DEBUG)
    told = [one for one in finished if all_of_them or one.outcome in (None, "failed")]
    if not told:
        return
    by_item = {ending.item: ending for ending in endings}
    for one in told:
        ending = by_item[one.item]
        message = ending.problem.message if ending.problem else ""
        extra = {
            "stage": ending.trace[-2].stage if len(ending.trace) > 1 else "store",
            "item": one.item,
            "job": one.job,
            "host": one.host or None,
            "code": one.code,
            "outcome": one.outcome,
            "attempt": one.attempts or None,
            "stages": {step.stage: round(step.seconds, 3) for step in ending.trace},
        }
        if one.outcome == "failed":
            logger.warning("item %d failed: %s", one.item, message, extra=extra)
        elif one.outcome is None:
            logger.info("item %d is tried again: %s", one.item, message, extra=extra)
        else:
            logger.debug("item %d: %s", one.item, one.outcome, extra=extra)


def tell_poll(feed: Feed, polled: Polled) -> None:
    """Say that a feed fails, the first time, and that it works again."""
    problem = polled.problem
    if problem is None and feed.problem is not None:
        logger.info("feed %d works again: %s", feed.id, without_password(feed.url))
    elif problem is not None and feed.problem is None:
        told = "feed %d fails (%s): %s"
        extra = {"code": problem.code}
        logger.warning(told, feed.id, without_password(feed.url), problem.message, extra=extra)
    else:
        logger.debug("feed %d polled: %s", feed.id, problem.code if problem else "ok")


def tell_jobs(polled: Sequence[Polled], found: Sequence[tuple[str | None, int]]) -> None:
    """Say which polls brought something new."""
    for one, (job, number) in zip(polled, found, strict=True):
        if job:
            told = "feed %d brought %d new or changed: job %s"
            logger.info(told, one.feed, number, job, extra={"feed": one.feed, "job": job})


__all__ = ["tell", "tell_jobs", "tell_poll"]

"""One attempt at one item in a stage that computes: its time limit, and what its faults become."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable

from pipeline.errors import PipelineError
from pipeline.model import Ending, Problem, Step
from pipeline.store.contract import SKIP_CODES
from workers import payloads
from workers.alarm import OutOfTime, time_limit
from workers.app import SoftTimeLimitExceeded
from workers.pump import Process
from workers.stages import Claimed, Done

logger = logging.getLogger(__name__)

#: an item without a usable payload starts again from its row
RESTART = "fetch"


def restart(claimed: Claimed) -> Done:
    """The payload is gone or damaged (Redis was emptied, or its lifetime ended): begin again."""
    return Done(claimed.id, RESTART)


def end(
    item: int,
    problem: Problem,
    trace: list[Step],
    *,
    digest: str | None = None,
) -> Done:
    """An item that ends with a problem goes straight to `store`."""
    ending = Ending(
        item=item,
        problem=problem,
        skipped=problem.code in SKIP_CODES,
        page_digest=digest,
        trace=trace,
    )
    return Done(item, "store", payloads.pack_ending(ending))


def attempt(
    process: Process,
    stage: str,
    claimed: Claimed,
    trace: list[Step],
    work: Callable[[float], Done],
    digest: str | None = None,
) -> Done:
    """Do the work on one item; whatever it raises becomes that item's ending and no other's.

    work gets the start of the attempt (Unix seconds).
    """
    started = time.time()
    try:
        with time_limit(process.settings.item_seconds):
            return work(started)
    except OutOfTime:
        message = f"{stage} took longer than {process.settings.item_seconds:g} s on this page."
        problem = Problem(code="timeout", message=message)
    except SoftTimeLimitExceeded:
        raise
    except PipelineError as error:
        problem = Problem(code=error.code, message=error.message, retry_helps=error.retry_helps)
    except Exception as error:
        # A bug in a reader, found by one page of thousands: it costs this item, with its trace kept.
        logger.exception("%s of item %d", stage, claimed.id)
        where = traceback.format_exc(limit=-3)
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}")
        step = process.step(stage, started, problem.code, claimed.lost, where)
        return end(claimed.id, problem, [*trace, step], digest=digest)
    step = process.step(stage, started, problem.code, claimed.lost, problem.message)
    return end(claimed.id, problem, [*trace, step], digest=digest)

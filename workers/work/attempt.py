"""One attempt at one item in a stage that computes: its time limit, and what its faults become."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator

from pipeline.errors import PipelineError
from pipeline.model import Ending, Problem, Step
from pipeline.settings import Settings
from pipeline.store.contract import SKIP_CODES
from workers import payloads
from workers.alarm import STRETCH, OutOfTime, time_limit
from workers.app import SoftTimeLimitExceeded
from workers.logs import about
from workers.pump import Process
from workers.stages import Claimed, Done

logger = logging.getLogger(__name__)

#: an item without a usable payload starts again from its row
RESTART = "fetch"
#: codes of what is away for all items: it ends the pump and no item
OUTAGES = frozenset({"redis", "database"})


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


def each(
    process: Process,
    stage: str,
    claimed: list[Claimed],
    work: Callable[[Claimed, float], Done],
) -> Iterator[Done]:
    """Do the work on claimed items one by one; whatever it raises becomes that item's ending and no
    other's. work gets the start of the attempt, in Unix seconds."""
    for one in claimed:
        if one.payload is None:
            yield restart(one)
            continue
        with about(item=one.id):
            done = _attempt(process, stage, one, work)
        yield done


def _attempt(process: Process, stage: str, claimed: Claimed, work: Callable[[Claimed, float], Done]) -> Done:
    started = time.time()
    seconds = process.settings.item_seconds
    told: str | None = None
    try:
        with process.line.at(claimed.id, seconds), time_limit(seconds):
            return work(claimed, started)
    except OutOfTime as error:
        message = f"{stage} took longer than {seconds:g} s on this page."
        if error.waited:
            message = f"{stage} waited for longer than {STRETCH * seconds:g} s on this page."
        problem = Problem(code="timeout", message=message, retry_helps=error.waited)
    except SoftTimeLimitExceeded:
        raise
    except PipelineError as error:
        if error.code in OUTAGES:
            raise
        problem = Problem(code=error.code, message=error.message, retry_helps=error.retry_helps)
    except MemoryError:
        problem = out_of_memory(process.settings, f"{stage} of this page")
    except Exception as error:
        # A bug in a reader, found by one page of thousands: it costs this item, with its trace kept.
        logger.exception("%s of item %d", stage, claimed.id)
        told = traceback.format_exc(limit=-3)
        problem = Problem(code="internal", message=f"{type(error).__name__}: {error}")
    step = process.step(stage, started, problem.code, claimed.lost, told or problem.message)
    trace = payloads.trace_of(stage, claimed.payload)
    return end(claimed.id, problem, [*trace, step], digest=payloads.digest_of(stage, claimed.payload))


def out_of_memory(settings: Settings, what: str) -> Problem:
    """What a MemoryError in a pool process means."""
    size = f"{settings.process_bytes / 1e6:,.0f} MB"
    return Problem(code="memory", message=f"{what} needed more memory than a process may have ({size}).")

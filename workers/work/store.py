"""`store`: what became of items, into their rows; some in one transaction, as many as go in a second."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import msgspec

from pipeline.errors import StoreError
from pipeline.model import Ending, Finished, Problem
from pipeline.tally import TALLY
from workers import payloads
from workers.measures import durations, endings_of
from workers.pump import Process, pump
from workers.stages import Claimed, Done
from workers.work.attempt import restart
from workers.work.telling import tell

logger = logging.getLogger(__name__)

#: a transaction that took longer (s) than this gets half as many items, one that took less twice as many:
#: the lock that all writers share is never held for long, however slow the database is
LONG_SECONDS, SHORT_SECONDS = 2.0, 0.5


def next_bite(bite: int, seconds: float, most: int) -> int:
    """How many items the next transaction takes, after one of ``bite`` items took so long."""
    if seconds > LONG_SECONDS:
        bite //= 2
    elif seconds < SHORT_SECONDS:
        bite *= 2
    return max(1, min(bite, most))


def _work(process: Process, claimed: list[Claimed]) -> Iterator[Done]:
    started = time.time()
    endings: list[Ending] = []
    for one in claimed:
        try:
            ending = payloads.unpack_ending(one.payload or b"")
        except ValueError:
            yield restart(one)
            continue
        step = process.step("store", started, "ok", one.lost)
        endings.append(msgspec.structs.replace(ending, trace=[*ending.trace, step]))
    while endings and not process.is_over():
        bite = min(process.bite, len(endings))
        some, endings = endings[:bite], endings[bite:]
        began = time.monotonic()
        finished = _finish(process, some)
        seconds = time.monotonic() - began
        if bite == process.bite or seconds > LONG_SECONDS:
            process.bite = next_bite(bite, seconds, process.settings.batch)
        # Only what was written now: an item that comes twice is counted once.
        written = {one.item for one in finished}
        TALLY.update(endings_of(finished))
        TALLY.update(durations(step for one in some if one.item in written for step in one.trace))
        # Rows first, then Redis: killed in between, the items come back, and their rows say `done`.
        for ending in some:
            yield Done(ending.item)


def _finish(process: Process, endings: list[Ending]) -> list[Finished]:
    try:
        finished = process.store.finish(endings, time.time())
        tell(endings, finished)
        return finished
    except StoreError as error:
        if error.retry_helps:
            # Perhaps it was too much at once: a database that is too slow for it would never take it.
            process.bite = max(1, len(endings) // 2)
            raise
        logger.warning("batch refused, written one by one: %s", error)
    return [one for ending in endings for one in _finish_alone(process, ending)]


def _finish_alone(process: Process, ending: Ending) -> list[Finished]:
    """A row that the database refuses for what is in it costs this item only."""
    try:
        finished = process.store.finish([ending], time.time())
    except StoreError as error:
        if error.retry_helps:
            raise
        problem = Problem(code="internal", message=f"The database refused the article: {error}")
        ending = Ending(item=ending.item, problem=problem, page_digest=ending.page_digest, trace=ending.trace)
        finished = process.store.finish([ending], time.time())
    tell([ending], finished)
    return finished


run = pump(_work, in_bites=True)

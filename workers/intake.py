"""Intake: sources become rows. What `run`, `enqueue` and the API share."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.errors import JobCancelled, StoreError
from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.sources import read
from pipeline.store.contract import Store

logger = logging.getLogger(__name__)

#: items in one transaction, and bytes of content that start one early
ROWS, BYTES = 500, 8_000_000
#: the first transaction is small: work begins while the rest is still read
FIRST_ROWS = 32
#: what came in slowly is accepted after this long at the latest (s), when the next item comes
AGE = 2.0
#: a job whose intake fell silent for this long may end without it (s)
SILENCE = 60.0


@dataclass(frozen=True)
class Intake:
    """What was accepted."""

    job: str
    items: int


def enqueue(
    store: Store,
    refs: Sequence[str],
    settings: Settings,
    *,
    stdin: BinaryIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Intake:
    """Accept sources as one new job. When it returns, every item has its row.

    Files are read here and handed over as content, so workers on other machines need no path.
    Killed half-way, the items accepted so far are processed, and the job ends with them.
    progress gets the number of items accepted so far, after each transaction: the time to wake
    the coordinator, too. Raises StoreError.
    """
    items = (item for ref in refs for item in read(ref, settings, stdin))
    return accept_items(store, refs, items, progress=progress)


def accept_items(
    store: Store,
    sources: Sequence[str],
    items: Iterator[NewItem],
    *,
    progress: Callable[[int], None] | None = None,
    opener: Callable[[Sequence[str]], str] | None = None,
) -> Intake:
    """The same for items that were read already; sources is what the job says it was given. It may grow
    while items are read. ``opener``: opens the job, for callers with something to say about that.

    Whatever breaks it off, what was accepted by then stays accepted, and the job is closed with it. A
    StoreError, or a KeyboardInterrupt by its note, says how much that is and how to go on; JobCancelled,
    that a person cancelled the job meanwhile.
    """
    named = list(sources)
    if opener is None:
        now = time.time()
        job = store.open_job(named, now, accepting_until=now + SILENCE)
    else:
        job = opener(named)
    count = 0
    try:
        with _kept_open(store, job):
            for batch in _batches(items):
                now = time.time()
                count += store.accept(job, batch, now, accepting_until=now + SILENCE)
                if progress:
                    progress(count)
    except JobCancelled as error:
        leave(store, job)
        raise JobCancelled(f"{error.message} {_taken_before(count)}") from error
    except StoreError as error:
        leave(store, job)
        message = f"{error.message} {_so_far(job, count)}"
        raise StoreError(message, retry_helps=error.retry_helps) from error
    except BaseException as error:
        leave(store, job)
        error.add_note(_so_far(job, count))
        raise
    store.close_job(job, time.time(), sources=None if len(sources) == len(named) else list(sources))
    return Intake(job, count)


def _so_far(job: str, count: int) -> str:
    if not count:
        return "Nothing was accepted."
    return (
        f"{count:,} items were accepted before, as job {job}, and are worked on. Hand the same in again for "
        "the rest: what was stored by then comes out unchanged."
    )


def _taken_before(count: int) -> str:
    if not count:
        return "Nothing was accepted before."
    return f"{count:,} items were accepted before; those that had not ended end as skipped (cancelled)."


def leave(store: Store, job: str) -> None:
    """Close a job whose reader breaks off; where that fails, it ends by itself."""
    try:
        store.close_job(job, time.time())
    except StoreError as error:
        logger.info("job %s ends by itself %g s from now: %s", job, SILENCE, error)


@contextmanager
def _kept_open(store: Store, job: str) -> Iterator[None]:
    """While this process lives, a job does not end because its sources are read slowly: a pipe that gives
    a line a minute is none that fell silent."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(SILENCE / 4):
            now = time.time()
            try:
                store.accept(job, [], now, accepting_until=now + SILENCE)
            except JobCancelled as error:
                logger.info("%s", error)
                leave(store, job)  # though its reader may be waiting for what never comes
                return
            except StoreError as error:
                # The next part opens the job again, should it have ended meanwhile.
                logger.info("job %s could not be kept open: %s", job, error)

    thread = threading.Thread(target=keep, daemon=True, name=f"intake {job}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _batches(items: Iterator[NewItem]) -> Iterator[list[NewItem]]:
    batch: list[NewItem] = []
    size = 0
    rows = FIRST_ROWS
    began = time.monotonic()
    for item in items:
        batch.append(item)
        size += len(item.content or b"")
        if len(batch) >= rows or size >= BYTES or time.monotonic() - began > AGE:
            yield batch
            batch, size, rows, began = [], 0, ROWS, time.monotonic()
    if batch:
        yield batch

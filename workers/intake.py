"""Intake: sources become rows. What `run`, `enqueue` and the API share."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.sources import read
from pipeline.store.contract import Store

#: items in one transaction, and bytes of content that start one early
ROWS, BYTES = 500, 8_000_000
#: the first transaction is small: work begins while the rest is still read
FIRST_ROWS = 32
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
) -> Intake:
    """The same for items that were read already; sources is what the job says it was given."""
    now = time.time()
    job = store.open_job(list(sources), now, accepting_until=now + SILENCE)
    count = 0
    for batch in _batches(items):
        now = time.time()
        count += store.accept(job, batch, now, accepting_until=now + SILENCE)
        if progress:
            progress(count)
    store.close_job(job, time.time())
    return Intake(job, count)


def _batches(items: Iterator[NewItem]) -> Iterator[list[NewItem]]:
    batch: list[NewItem] = []
    size = 0
    rows = FIRST_ROWS
    for item in items:
        batch.append(item)
        size += len(item.content or b"")
        if len(batch) >= rows or size >= BYTES:
            yield batch
            batch, size, rows = [], 0, ROWS
    if batch:
        yield batch

"""What becomes of the items of cancelled jobs, wherever they wait; the coordinator sees to it.

pending in the database ------------------------------------------> skipped (cancelled)
in a stage's or a host's queue in Redis --under lease, no pump's--> skipped (cancelled), forgotten in Redis
in a worker's hands ----> it ends, or waits again, and is found there by the next look
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence

from pipeline.model import STAGES
from pipeline.store.contract import Store
from pipeline.tally import TALLY
from workers.frontier import forget_bookings
from workers.stages import Done, Stages

logger = logging.getLogger(__name__)

#: how long one look may take (s): other work goes on between two
SECONDS = 0.5
#: ids that are looked for in Redis at once
IDS = 500


def carry_out(store: Store, stages: Stages | None, now: float) -> bool:
    """Look once. Whether pending items are left for the next look. Without stages nothing is in Redis, and
    no worker has anything. Safe to do from several places at once. Raises StoreError, PipelineError
    (`redis`)."""
    ends = time.monotonic() + SECONDS
    left = store.being_cancelled()
    number = sum(_end_in_flight(store, stages, job, now) for job in left)
    while left:
        # In turn: a job of a million items holds up no other.
        told = {job: store.end_pending(job, now) for job in left}
        number += sum(told.values())
        left = [job for job in left if told[job]]
        if time.monotonic() > ends:
            break
    if number:
        TALLY.add("ended:skipped", number)
        logger.info("%d items of cancelled jobs have ended", number)
        if stages is not None and not left:
            forget_bookings(stages)
    return bool(left)


def _end_in_flight(store: Store, stages: Stages | None, job: str, now: float) -> int:
    flying = store.job_items_in_flight(job)
    if stages is None:
        return len(store.end_in_flight(job, flying, now))
    number = 0
    for first in range(0, len(flying), IDS):
        for stage, ids in _seized(stages, flying[first : first + IDS]):
            # Rows first, then Redis: killed in between, the items come back, and their rows say `done`.
            ended = store.end_in_flight(job, ids, now)
            stages.done(stage, [Done(one) for one in ended])
            stages.release(stage, sorted(set(ids).difference(ended)))
            number += len(ended)
    return number


def _seized(stages: Stages, ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """Ids that wait, by stage, now under lease. In the order of the stages: what is handed on meanwhile is
    found further on."""
    for stage in STAGES:
        keys = [stages.key(name, stage) for name in ("q", "solo", "in", "routed", "hosts")]
        args = [stages.lease_ms, stages.key("hostq", stage, ""), *ids]
        if found := stages.run("seize", keys, args):
            yield stage, [int(one) for one in found]


__all__ = ["carry_out"]

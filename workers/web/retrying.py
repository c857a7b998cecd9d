"""Dead letters back to work, as the API and the pages order it."""

from __future__ import annotations

import time

from fastapi import HTTPException

from pipeline.store.contract import Chosen
from workers.web.backend import Backend
from workers.web.problems import missing


def retry(backend: Backend, chosen: Chosen, *, everything: bool = False, dry_run: bool = False) -> int:
    """How many failed items are tried again (or would be). Raises HTTPException: 422 for an order
    that names nothing, or everything and something; 404 for a job that is not there."""
    if (chosen != Chosen()) == everything:
        raise HTTPException(
            422,
            "Say what to try again: job, item, code, stage, host, since or before; or all of it, alone.",
        )
    if chosen.job is not None and backend.store.job_status(chosen.job) is None:
        raise missing("job", chosen.job)
    if dry_run:
        return backend.store.retryable(chosen)
    number = backend.store.retry(time.time(), chosen)
    if number:
        backend.wake()
    return number


__all__ = ["retry"]

"""Dead letters back to work, as the API and the pages order it."""

from __future__ import annotations

import time

from fastapi import HTTPException

from workers.web.backend import Backend
from workers.web.problems import missing


def retry(
    backend: Backend,
    *,
    job: str | None = None,
    item: int | None = None,
    code: str | None = None,
    host: str | None = None,
    everything: bool = False,
) -> int:
    """How many failed items are tried again. Raises HTTPException: 422 for an order that names
    nothing, or everything and something; 404 for a job that is not there."""
    named = any(one is not None for one in (job, item, code, host))
    if named == everything:
        raise HTTPException(422, "Say what to try again: job, item, code or host; or all of it, alone.")
    if job is not None and backend.store.job_status(job) is None:
        raise missing("job", job)
    number = backend.store.retry(time.time(), job=job, item=item, code=code, host=host, everything=everything)
    if number:
        backend.wake()
    return number


__all__ = ["retry"]

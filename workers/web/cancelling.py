"""A job ended before its time, as the API and the pages order it."""

from __future__ import annotations

import time

from workers.web.backend import Backend
from workers.web.problems import Refused, missing


def cancel(backend: Backend, job: str) -> bool:
    """Mark a job: the coordinator ends what is left of it. False: it was cancelled before. Raises
    HTTPException: 404 for a job that is not there, 409 (`ended`) for one that has ended by itself."""
    if backend.store.cancel(job, time.time()):
        backend.wake()
        return True
    status = backend.store.job_status(job)
    if status is None:
        raise missing("job", job)
    if status.cancelled_at is None:
        raise Refused("ended", f"Job {job} has ended already: nothing of it is left to cancel.")
    return False


__all__ = ["cancel"]

"""Dead letters: see them by cause, and try them again."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pipeline.store.contract import Chosen
from workers import desk
from workers.web import retrying
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["failures"])

#: most groups of one answer
MOST_GROUPS = 10_000

Code = Annotated[str | None, Field(max_length=100, description="A stable error code.")]
Stage = Annotated[
    str | None, Field(max_length=20, description="Where it failed; read: when it was handed in.")
]
Host = Annotated[str | None, Field(max_length=300, description="At which host; empty: at none.")]
Job = Annotated[str | None, Field(max_length=100, description="Of which job.")]
Moment = Annotated[
    datetime | None, Field(strict=False, description="ISO 8601; UTC where no offset is given.")
]


class Retry(BaseModel):
    """Which failed items: those that meet everything named here, or all of them."""

    model_config = ConfigDict(extra="forbid", strict=True)
    job: Job = None
    item: Id | None = None
    code: Code = None
    stage: Stage = None
    host: Host = None
    since: Moment = None
    before: Moment = None
    all: bool = False
    dry_run: bool = Field(False, description="Only say how many.")


class Retried(BaseModel):
    """What came of it."""

    retried: int = Field(description="Items that are tried again.")
    matching: int = Field(description="Items that met the order, also those of a dry run.")


@router.get("/failures")
def failures(
    backend: Here,
    code: Annotated[Code, Query()] = None,
    stage: Annotated[Stage, Query()] = None,
    host: Annotated[Host, Query()] = None,
    job: Annotated[Job, Query()] = None,
    since: Annotated[Moment, Query()] = None,
    before: Annotated[Moment, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_GROUPS)] = 1000,
) -> dict[str, Any]:
    """What failed, grouped by code, stage and host, the largest first, with what can be done about
    it and the order that retries each group; and what waits to be tried again by itself."""
    chosen = Chosen(
        code=code, stage=stage, host=host, job=job, since=_seconds(since), before=_seconds(before)
    )
    found = backend.store.failures(chosen, limit=limit)
    waiting = backend.store.waiting(time.time(), job=job)
    return desk.failures_document(found, backend.settings) | {"waiting": desk.waiting_document(waiting)}


@router.get("/failures/policy")
def policy(backend: Here) -> dict[str, Any]:
    """Which codes are tried again by themselves, how often, and after which waits (seconds)."""
    return {"policy": desk.policy_document(backend.settings)}


@router.post("/retry")
def retry(order: Retry, backend: Here) -> Retried:
    """Try failed items again. What could not be read when it was handed in stays failed."""
    chosen = Chosen(
        job=order.job,
        item=order.item,
        code=order.code,
        stage=order.stage,
        host=order.host,
        since=_seconds(order.since),
        before=_seconds(order.before),
    )
    number = retrying.retry(backend, chosen, everything=order.all, dry_run=order.dry_run)
    return Retried(retried=0 if order.dry_run else number, matching=number)


def _seconds(at: datetime | None) -> float | None:
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()

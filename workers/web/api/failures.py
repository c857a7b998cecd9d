"""Dead letters: see them by cause, and try them again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from workers.documents import failure_document
from workers.web import retrying
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["failures"])


class Retry(BaseModel):
    """Which failed items: those that meet everything named here, or all of them."""

    model_config = ConfigDict(extra="forbid", strict=True)
    job: str | None = Field(None, max_length=100)
    item: Id | None = None
    code: str | None = Field(None, max_length=100)
    host: str | None = Field(None, max_length=300)
    all: bool = False


@router.get("/failures")
def failures(
    backend: Here,
    code: Annotated[str | None, Query(max_length=100)] = None,
    host: Annotated[str | None, Query(max_length=300)] = None,
) -> dict[str, Any]:
    """What failed, grouped by cause, with what can be done about it."""
    return {"failures": [failure_document(group) for group in backend.store.failures(code=code, host=host)]}


@router.post("/retry")
def retry(order: Retry, backend: Here) -> dict[str, int]:
    """Try failed items again. What could not be read when it was handed in stays failed."""
    named = order.model_dump(exclude={"all"})
    return {"retried": retrying.retry(backend, **named, everything=order.all)}

"""Dead letters: see them by cause, and try them again."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue
from starlette.responses import Response

from pipeline.store.contract import Chosen
from workers import desk
from workers.web import retrying
from workers.web.api.answers import page, told
from workers.web.api.parameters import ISO, Cursor, Moment, seconds_of
from workers.web.api.shapes import failures as shapes
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["failures"])

#: most groups of one answer
MOST_GROUPS = 1_000


def _whole(value: object) -> object:
    # JSON has one kind of number: 35.0 is 35.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[Id, BeforeValidator(_whole)]
Code = Annotated[str | None, Field(max_length=100, description="A stable error code.")]
Stage = Annotated[
    str | None, Field(max_length=20, description="Where it failed; read: when it was handed in.")
]
Host = Annotated[str | None, Field(max_length=300, description="At which host; empty: at none.")]
Job = Annotated[str | None, Field(max_length=100, description="Of which job.")]

_NAMED = ("job", "item", "code", "stage", "host", "since", "before")
#: something is named, or else all of it is meant. Generators of clients pass over conditions, but make
#: strange types of alternatives
_ORDERS: dict[str, JsonValue] = {
    "if": {"properties": {"all": {"const": True}}, "required": ["all"]},
    "then": {"properties": {name: {"type": "null"} for name in _NAMED}},
    "else": {
        "anyOf": [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in _NAMED]
    },
    "examples": [{"code": "gone", "host": "news.example"}, {"all": True, "dry_run": True}],
}


class Retry(BaseModel):
    """Which failed items: those that meet everything named here, or all of them."""

    model_config = ConfigDict(extra="forbid", strict=True, json_schema_extra=_ORDERS)
    job: Job = None
    item: Number | None = None
    code: Code = None
    stage: Stage = None
    host: Host = None
    since: Annotated[Moment, Field(description="Failed at or after. " + ISO)] = None
    before: Annotated[Moment, Field(description="Failed before. " + ISO)] = None
    all: bool = False
    dry_run: bool = Field(False, description="Only say how many.")


@router.get("/failures", response_model=shapes.Failures)
def list_failures(
    request: Request,
    backend: Here,
    code: Annotated[Code, Query()] = None,
    stage: Annotated[Stage, Query()] = None,
    host: Annotated[Host, Query()] = None,
    job: Annotated[Job, Query()] = None,
    since: Annotated[Moment, Query(description="Failed at or after. " + ISO)] = None,
    before: Annotated[Moment, Query(description="Failed before. " + ISO)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_GROUPS, description="Most groups of one page.")] = 1000,
    cursor: Cursor = None,
) -> Response:
    """What failed, grouped by code, stage and host, the largest first, with what can be done about
    it and the order that retries each group; and what waits to be tried again by itself."""
    chosen = Chosen(
        code=code, stage=stage, host=host, job=job, since=seconds_of(since), before=seconds_of(before)
    )
    found = backend.store.failures(chosen, limit=limit, cursor=cursor)
    waiting = desk.waiting_document(backend.store.waiting(time.time(), job=job))
    document = desk.failures_document(found, backend.settings) | {"waiting": waiting}
    return page(request, document, found.next)


@router.get("/failures/policy", response_model=shapes.Policies)
def get_retry_policy(backend: Here) -> Response:
    """Which codes are tried again by themselves, how often, and after which waits (seconds)."""
    return told({"policy": desk.policy_document(backend.settings)})


@router.post("/retry", response_model=shapes.Retried, responses={404: {}})
def retry_failures(order: Retry, backend: Here) -> Response:
    """Try failed items again. What could not be read when it was handed in stays failed."""
    chosen = Chosen(
        job=order.job,
        item=order.item,
        code=order.code,
        stage=order.stage,
        host=order.host,
        since=seconds_of(order.since),
        before=seconds_of(order.before),
    )
    number = retrying.retry(backend, chosen, everything=order.all, dry_run=order.dry_run)
    return told({"retried": 0 if order.dry_run else number, "matching": number})

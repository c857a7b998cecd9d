"""``/failures``: dead letters by cause; ``/retry``: the buttons that try them again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.policy import policies, policy_of
from pipeline.store.contract import Chosen
from workers import desk
from workers.web import retrying
from workers.web.backend import Backend, Here
from workers.web.numbers import Id
from workers.web.rendering import page

router = APIRouter()

#: failed items that one button tries again without asking back
UNASKED = 100
#: set by the form that was asked back
Confirmed = Annotated[str, Form(max_length=1)]
#: groups of one page; the API has more. Items of one
MOST_GROUPS, MOST_ITEMS = 100, 100


@router.get("/failures")
def failures(
    request: Request,
    backend: Here,
    code: Annotated[str | None, Query(max_length=100)] = None,
    host: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """What failed, grouped by cause, with what can be done about it."""
    now, settings = time.time(), backend.settings
    # An empty field of the form asks for nothing.
    chosen = Chosen(code=code or None, host=host or None)
    found = backend.store.failures(chosen, limit=MOST_GROUPS)
    groups = [
        (group, desk.where_words(group.stage, group.host), desk.policy_words(policy_of(group.code, settings)))
        for group in found.groups
    ]
    return page(
        request,
        "failures.html",
        found=found,
        groups=groups,
        chosen=chosen,
        codes=found.codes if chosen == Chosen() else backend.store.failures(limit=0).codes,
        waiting=desk.waiting_words(backend.store.waiting(now), now),
        policies=[(one, desk.policy_words(one)) for one in policies(settings)],
        retried=request.query_params.get("retried"),
    )


@router.get("/failures/items")
def letters(
    request: Request,
    backend: Here,
    code: Annotated[str, Query(max_length=100)],
    at: Annotated[str, Query(max_length=301)],
    stage: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """The items of one group, those that failed last first. ``at``: as in `retry_group`."""
    host = at.removeprefix("@")
    found = backend.store.dead_letters(
        Chosen(code=code, stage=stage, host=host), limit=MOST_ITEMS, cursor=cursor or None
    )
    group = {"code": code, "at": at, "stage": stage}
    older = f"?{urlencode(group | {'cursor': found.next})}" if found.next else None
    where = desk.where_words(stage, host)
    return page(
        request, "failed_items.html", found=found, code=code, where=where, older=older, first=not cursor,
        address=f"?{urlencode(group)}",
    )  # fmt: skip


@router.post("/retry")
def retry_everything(request: Request, backend: Here, confirmed: Confirmed = "") -> Response:
    """Everything that failed."""
    if not confirmed:
        return _asked_back(request, backend, Chosen(), "/failures")
    return _back("/failures", retrying.retry(backend, Chosen(), everything=True))


@router.post("/retry/group")
def retry_group(
    request: Request,
    backend: Here,
    code: Annotated[str, Form(max_length=100)],
    at: Annotated[str | None, Form(max_length=301)] = None,
    stage: Annotated[str | None, Form(max_length=20)] = None,
    job: Annotated[str | None, Form(max_length=100)] = None,
    confirmed: Confirmed = "",
) -> Response:
    """One group of the page, or, with neither ``at`` nor stage, all of one cause; of one job, or of all.
    ``at`` is an @ and the host, which may be empty: the framework takes an empty field for one that was
    not sent."""
    host = None if at is None else at.removeprefix("@")
    chosen, back = (
        Chosen(code=code, host=host, stage=stage, job=job),
        "/failures" if job is None else f"/jobs/{job}",
    )
    if not confirmed and _is_large(backend, chosen):
        sent = (("code", code), ("at", at), ("stage", stage), ("job", job))
        return _asked_back(request, backend, chosen, back, sent)
    return _back(back, retrying.retry(backend, chosen))


@router.post("/jobs/{job}/retry")
def retry_job(request: Request, backend: Here, job: str, confirmed: Confirmed = "") -> Response:
    """What failed in a job."""
    chosen = Chosen(job=job)
    if not confirmed and _is_large(backend, chosen):
        return _asked_back(request, backend, chosen, f"/jobs/{job}")
    return _back(f"/jobs/{job}", retrying.retry(backend, chosen))


@router.post("/items/{item}/retry")
def retry_item(backend: Here, item: Id) -> Response:
    """One failed item."""
    retrying.retry(backend, Chosen(item=item))
    return RedirectResponse(f"/items/{item}", 303)


def _is_large(backend: Backend, chosen: Chosen) -> bool:
    return backend.store.retryable(chosen) > UNASKED


def _asked_back(
    request: Request,
    backend: Backend,
    chosen: Chosen,
    back: str,
    sent: Sequence[tuple[str, str | None]] = (),
) -> Response:
    """The same form once more, which says how many it is about. ``sent``: its fields."""
    number = retrying.retry(backend, chosen, everything=chosen == Chosen(), dry_run=True)
    if not number:
        return _back(back, 0)
    told = [f"with the code {chosen.code}"] if chosen.code else []
    told += [where] if (where := desk.where_words(chosen.stage or "", chosen.host or "")) else []
    told += [f"of job {chosen.job}"] if chosen.job else []
    fields = [(name, value) for name, value in sent if value is not None]
    return page(request, "retry.html", number=number, chosen=told, fields=fields, back=back)


def _back(path: str, retried: int) -> Response:
    return RedirectResponse(f"{path}?{urlencode({'retried': retried})}", 303)

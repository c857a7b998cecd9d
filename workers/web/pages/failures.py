"""``/failures``: dead letters by cause; ``/retry``: the buttons that try them again."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from workers.web import retrying
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.rendering import page

router = APIRouter()


@router.get("/failures")
def failures(request: Request, backend: Here) -> Response:
    """What failed, grouped by cause, with what can be done about it."""
    groups = backend.store.failures()
    return page(request, "failures.html", groups=groups, retried=request.query_params.get("retried"))


@router.post("/retry")
def retry_everything(backend: Here) -> Response:
    """Everything that failed."""
    return _back("/failures", retrying.retry(backend, everything=True))


@router.post("/retry/group")
def retry_group(
    backend: Here, code: Annotated[str, Form(max_length=100)], at: Annotated[str, Form(max_length=300)]
) -> Response:
    """One group of the page. ``at`` is an @ and the host, which may be empty: the framework takes
    an empty field for one that was not sent."""
    return _back("/failures", retrying.retry(backend, code=code, host=at.removeprefix("@")))


@router.post("/jobs/{job}/retry")
def retry_job(backend: Here, job: str) -> Response:
    """What failed in a job."""
    return _back(f"/jobs/{job}", retrying.retry(backend, job=job))


@router.post("/items/{item}/retry")
def retry_item(backend: Here, item: Id) -> Response:
    """One failed item."""
    retrying.retry(backend, item=item)
    return RedirectResponse(f"/items/{item}", 303)


def _back(path: str, retried: int) -> Response:
    return RedirectResponse(f"{path}?{urlencode({'retried': retried})}", 303)

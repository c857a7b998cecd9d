"""``/jobs``: all of them; ``/jobs/{id}``: one job as it goes on, with its items."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from pipeline.store.contract import ItemRow, Listing
from workers.web.backend import Here
from workers.web.jobs import JobLooks, Look, Seen, Wanted, wanted
from workers.web.live import Live, View
from workers.web.overview import line
from workers.web.problems import missing
from workers.web.rendering import fragments, may_write, page, refresh_seconds
from workers.wording import count

router = APIRouter()

#: jobs of one page
JOBS = 50

_TEMPLATE = "job_parts.html"
#: ids of the parts that are kept live: macros of the template
_PARTS = (
    "job_state",
    "job_cancel",
    "job_conservation",
    "job_stages",
    "job_failures",
    "job_outcomes",
    "job_items",
)
_NOTHING: Listing[ItemRow] = Listing()
_Text = Annotated[str, Query(max_length=2_000)]


def _wanted(
    outcome: _Text = "", state: _Text = "", code: _Text = "", host: _Text = "", part: _Text = "",
    cursor: _Text = "",
) -> Wanted:  # fmt: skip
    return wanted(outcome, state, code, host, part, cursor)


#: which items the address of a page asks for
Narrowed = Annotated[Wanted, Depends(_wanted)]


@router.get("/jobs")
def jobs(
    request: Request,
    backend: Here,
    state: Literal["", "running", "done", "cancelled"] = "",
    cursor: _Text = "",
) -> Response:
    """The jobs, newest first, a page at a time."""
    found = backend.store.jobs(JOBS, state=state or None, cursor=cursor or None)
    told = {"state": state, "cursor": cursor, "next": found.next}
    return page(request, "jobs.html", jobs=[line(one) for one in found], **told)


@router.get("/jobs/{job}")
def one(request: Request, job: str, narrowed: Narrowed) -> Response:
    """A job's progress, what failed in it, and its items, newest first: all, or those that are asked for."""
    looks = _looks(request)
    found = looks.look(job)
    if found is None:
        raise missing("job", job)
    return page(
        request,
        "job.html",
        j=found,
        seen=looks.items(job, narrowed),
        stream=f"/jobs/{found.status.job}/events{narrowed.query()}",
        refresh=refresh_seconds(request) if found.status.state == "running" else 0,
        retried=request.query_params.get("retried"),
    )


@router.post("/jobs/{job}/cancel")
def cancel(backend: Here, job: str) -> Response:
    """End what waits of a job. One that has ended stays as it is: its page says how."""
    if backend.store.job_status(job) is None:
        raise missing("job", job)
    if backend.store.cancel(job, time.time()):
        backend.wake()
    return RedirectResponse(f"/jobs/{job}", 303)


@router.get("/jobs/{job}/events")
def events(request: Request, backend: Here, job: str, narrowed: Narrowed) -> Response:
    """The same as it changes, for those who watch, until the job is done."""
    if backend.store.job_status(job) is None:
        raise missing("job", job)
    streams: Live = request.app.state.live
    looks, writes = _looks(request), may_write(request)
    return streams.answer((job, narrowed, writes), lambda: _view(looks, job, narrowed, may_write=writes))


def _view(looks: JobLooks, job: str, narrowed: Wanted, *, may_write: bool) -> View:
    found = looks.look(job)
    if found is None:
        raise missing("job", job)
    # Whoever reads on in older pages, or looks for a name, is not to be disturbed, nor to cost a search.
    still = narrowed.cursor or narrowed.part
    seen = Seen(narrowed, _NOTHING, {}) if still else looks.items(job, narrowed)
    parts = _PARTS[:-1] if still else _PARTS
    told = {"j": found, "seen": seen, "may_write": may_write}
    title = fragments(_TEMPLATE, ["title"], **told)["title"]
    over = found.status.state != "running"
    return View(fragments(_TEMPLATE, parts, **told), f"{title} · Feedmill", _said(found), over)


def _said(found: Look) -> str:
    """What a screen reader is told: each quarter, and the end."""
    failed = f", {count(found.status.outcomes.failed, 'item')} failed" if found.status.outcomes.failed else ""
    if found.status.state == "running" and found.status.cancelled_at is not None:
        return "The job is cancelled: what waits is being ended."
    if found.status.state != "running":
        return f"The job is {found.status.state}: {count(found.ended, 'item')} ended{failed}."
    return f"{int(found.percent // 25) * 25} % have ended." if found.percent >= 25 else ""


def _looks(request: Request) -> JobLooks:
    looks: JobLooks = request.app.state.jobs
    return looks

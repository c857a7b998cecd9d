"""``/``: what goes on, in one look."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from workers.web.backend import Here
from workers.web.live import Live, View
from workers.web.overview import Overview, Overviews
from workers.web.rendering import fragments, page, refresh_seconds

router = APIRouter()

_TEMPLATE = "dashboard_parts.html"
#: ids of the parts that are kept live: macros of the template
_PARTS = ("state", "conservation", "stages", "charts", "workers", "feeds", "jobs")


@router.get("/")
def dashboard(request: Request, backend: Here) -> Response:
    """Stages, workers, outcomes, feeds, the conservation line, and the newest jobs."""
    return page(
        request,
        "dashboard.html",
        o=_overviews(request).look(),
        refresh=refresh_seconds(request),
        most_bytes=backend.settings.max_upload_bytes,
    )


@router.get("/events")
def events(request: Request) -> Response:
    """The same as it changes, for those who watch."""
    streams: Live = request.app.state.live
    overviews = _overviews(request)
    return streams.answer("dashboard", lambda: _view(overviews.look()))


def _view(found: Overview) -> View:
    title = fragments(_TEMPLATE, ["title"], o=found)["title"]
    return View(fragments(_TEMPLATE, _PARTS, o=found), f"{title} · Feedmill", _said(found))


def _said(found: Overview) -> str:
    """What a screen reader is told: when work begins and ends, and what is wrong; no figures that run."""
    if found.idle:
        return f"No worker serves {', '.join(one.stage for one in found.idle)}."
    if found.parts is None or found.parts.scheduler is None:
        return "Nothing is taken up: no scheduler ticks."
    at_work = found.totals.pending + found.totals.in_flight
    return f"{found.standing.headline} {'Work goes on.' if at_work else 'Idle.'}"


def _overviews(request: Request) -> Overviews:
    overviews: Overviews = request.app.state.overviews
    return overviews

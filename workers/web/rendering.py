"""Templates: everything is escaped, and an unknown name in one is an error, not an empty string."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from pipeline.errors import CODES
from pipeline.model import OUTCOMES, STAGES
from pipeline.urls import is_url, without_password
from workers.feed_health import WORDS
from workers.web.keeper import Visitor
from workers.wording import count, doubt, from_now, line, moment, pieces, published, span, sureness

FOLDER = Path(__file__).parent
#: where a request's scope says who sent it
VISITOR = "feedmill.visitor"


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page made of a template. What changes things is shown to who may change them only."""
    visitor: Visitor = request.scope[VISITOR]
    told = {
        "path": request.url.path,
        "may_write": may_write(request),
        "signed_in": visitor.signed_in,
        "zone": datetime.now().astimezone().tzname(),
    }
    body = _templates.get_template(template).render(**told, **context)
    return HTMLResponse(body, status, headers)


def may_write(request: Request) -> bool:
    """Whether who asks may change things from a page."""
    visitor: Visitor = request.scope[VISITOR]
    return not request.app.state.backend.settings.api_token or visitor.signed_in


def fragments(template: str, names: Iterable[str], **context: Any) -> dict[str, str]:
    """Parts of a page, by the names of the macros that the page makes them with: each is given
    what the context says of its arguments."""
    module = _templates.get_template(template).module
    found = {}
    for name in names:
        macro = getattr(module, name)
        found[name] = str(macro(**{argument: context[argument] for argument in macro.arguments}))
    return found


def when(at: float | str | None) -> Markup:
    """A moment, Unix seconds or ISO 8601, as people and programs read it."""
    if at is None:
        return Markup("")
    seconds = datetime.fromisoformat(at).timestamp() if isinstance(at, str) else at
    exact = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, moment(seconds))


def relative(at: float | None, now: float) -> Markup:
    """A moment as people tell it, ``in 25 min``, with the exact one for programs and on the pointer."""
    if at is None:
        return Markup("")
    exact = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    words = from_now(at, now, roughly=True)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, moment(at), words)


def refresh_seconds(request: Request) -> int:
    """How often the reader asked to have a page shown anew (s); 0: not at all."""
    return 3 if request.query_params.get("refresh") else 0


def href(address: str | None) -> str | None:
    """An address from outside that may be linked to; None for any other, scripts among them."""
    return address if address and is_url(address) else None


def rate(per_second: float) -> str:
    """How fast something goes, in the unit that makes it easy to read: ``45/s``, ``1.5/s``, ``12/min``."""
    if per_second >= 9.95:
        return f"{per_second:,.0f}/s"
    if per_second >= 0.995:
        return f"{per_second:.1f}/s"
    return f"{per_second * 60:.1f}/min" if 0 < per_second * 60 < 9.95 else f"{per_second * 60:.0f}/min"


def roughly(seconds: float) -> str:
    """A length of time that changes from look to look, in one unit."""
    told = span(max(1, round(seconds)))
    return " ".join(told.split(" ")[:2]).replace(".0 ", " ")


def megabytes(number: int) -> str:
    return f"{number / 1e6:,.0f} MB" if number < 1e10 else f"{number / 1e9:,.1f} GB"


def percent(share: float) -> str:
    """0 to 100, cut and not rounded: only all is 100 %."""
    return f"{int(share)} %"


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        when=when,
        href=href,
        masked=without_password,
        span=span,
        relative=relative,
        count=count,
        line=line,
        pieces=pieces,
        published=published,
        doubt=doubt,
        sureness=sureness,
        number="{:,}".format,
        rate=rate,
        roughly=roughly,
        megabytes=megabytes,
        percent=percent,
    )
    made.globals.update(OUTCOMES=OUTCOMES, STAGES=STAGES, CODES=CODES, HEALTH=WORDS)
    return made


_templates = _environment()

__all__ = [
    "FOLDER",
    "VISITOR",
    "fragments",
    "href",
    "may_write",
    "page",
    "refresh_seconds",
    "relative",
    "when",
]

"""Parameters that several endpoints take."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Header, HTTPException, Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import BeforeValidator, Field, WithJsonSchema

from pipeline.store.paging import LONGEST

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: an offset whose plus sign was sent as it is: in a query that means a space
_LOST_PLUS = re.compile(r"(.{11}[0-9:.,]+) ([0-9]{2}(?::?[0-9]{2})?)")
#: the second that is put in now and then (RFC 3339, section 5.6)
_LEAP = re.compile(r"(:[0-9]{2}:)60")
#: most rows of one page
MOST_ROWS = 1000

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of one page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=LONGEST, description="`next` of the page before, as it is; with the same filters."),
]
#: what an address looks like, for the API document; how it is read is the pipeline's, which also takes
#: international names of hosts
ADDRESS = (
    "^[Hh][Tt][Tt][Pp][Ss]?://([A-Za-z0-9._~%!$&*+=:-]*@)?[A-Za-z0-9_-][A-Za-z0-9._-]*"
    "(:([0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?([/?#]|$)"
)
ISO = "A date, or a date and a time, in ISO 8601; UTC where no offset is given."


def _iso(value: object) -> object:
    if value is None or isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.match(value):
        text = _LEAP.sub(r"\g<1>59", value.strip().upper())
        return datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", text))
    raise ValueError("not a date or a time in ISO 8601, such as 2026-03-01 or 2026-03-01T10:00:00Z")


_MOMENT = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
#: a moment that a client names; numbers are none: seconds and milliseconds are easily taken for each other
Moment = Annotated[
    Annotated[datetime, Field(strict=False), BeforeValidator(_iso), WithJsonSchema(_MOMENT)] | None, Field()
]
#: compared with the answer's ETag: 304 when it is the same
IfNoneMatch = Annotated[
    str | None, Header(max_length=2000, description="`ETag` of what you have; 304: it is still so.")
]

_TEXT = {"schema": {"type": "string"}}
#: what endpoints with an ETag may answer too
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is what you have already"}}


async def only_known(request: Request) -> None:
    """Refuse what an endpoint does not ask for: a filter with a slip in its name would find everything.
    Raises HTTPException (422)."""
    known = _asked(request.scope["route"].dependant)
    strange = [name for name in request.query_params if name not in known]
    if strange:
        takes = f"It takes {', '.join(known)}" if known else "It takes none"
        raise HTTPException(
            422, f"There is no parameter {strange[0][:100]!r} at {request.url.path}. {takes}."
        )


def _asked(dependant: Dependant) -> list[str]:
    names = [field.alias for field in dependant.query_params]
    return names + [name for further in dependant.dependencies for name in _asked(further)]


def seconds_of(at: datetime | None) -> float | None:
    """A moment that a client named, in Unix seconds; without an offset it is UTC."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def text_answer(media: str, says: str) -> dict[int | str, dict[str, Any]]:
    """The entry of an answer that is text of a media type."""
    return {200: {"description": says, "content": {media: _TEXT}}}


__all__ = [
    "ADDRESS", "ISO", "MOST_ROWS", "NOT_MODIFIED", "Cursor", "IfNoneMatch", "Limit", "Moment", "only_known",
    "seconds_of", "text_answer",
]  # fmt: skip

"""Parameters that several endpoints take."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Header, Query
from pydantic import BeforeValidator, Field

from pipeline.store.paging import LONGEST

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: most rows of one page
MOST_ROWS = 1000

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows of one page.")]
Cursor = Annotated[
    str | None,
    Query(max_length=LONGEST, description="`next` of the page before, as it is; with the same filters."),
]
#: what an address looks like at least, for the API document; how it is read is the pipeline's
ADDRESS = "^https?://[a-z0-9]+([.-][a-z0-9]+)*(:[1-9][0-9]{0,3})?(/[A-Za-z0-9/._~%?=&-]*)?$"
ISO = "ISO 8601; UTC where no offset is given."


def _iso(value: object) -> object:
    if isinstance(value, str) and _DATE.match(value):
        return value
    raise ValueError("not a date or a time in ISO 8601")


#: a moment that a client names; numbers are none: seconds and milliseconds are easily taken for each other
Moment = Annotated[Annotated[datetime, Field(strict=False), BeforeValidator(_iso)] | None, Field()]
#: compared with the answer's ETag: 304 when it is the same
IfNoneMatch = Annotated[
    str | None, Header(max_length=2000, description="`ETag` of what you have; 304: it is still so.")
]

_TEXT = {"schema": {"type": "string"}}
#: what endpoints with an ETag may answer too
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is what you have already"}}


def seconds_of(at: datetime | None) -> float | None:
    """A moment that a client named, in Unix seconds; without an offset it is UTC."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def text_answer(media: str, says: str) -> dict[int | str, dict[str, Any]]:
    """The entry of an answer that is text of a media type."""
    return {200: {"description": says, "content": {media: _TEXT}}}


__all__ = [
    "ADDRESS", "ISO", "MOST_ROWS", "NOT_MODIFIED", "Cursor", "IfNoneMatch", "Limit", "Moment", "seconds_of",
    "text_answer",
]  # fmt: skip

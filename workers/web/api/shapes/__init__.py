"""The answers of the API as schemas: what openapi.json says of them, in one place.

They describe; they do not check at run time. Answers are made in `workers.documents`, `workers.status`
and `workers.desk`, which the command line shares, and tests hold that each is what its shape says.
Clients have to put up with further members: later versions may add some.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

Moment = Annotated[str, Field(description="ISO 8601, in UTC.", json_schema_extra={"format": "date-time"})]
Next = Annotated[
    str | None,
    Field(
        description="Cursor of the next page: hand it in as `cursor`, with the same filters. Null: this is "
        "the last page. The same is in the header `Link` (RFC 8288)."
    ),
]
#: a stable code: see docs/failures.md
Code = Annotated[str, Field(description="Stable, for programs; docs/failures.md lists them all.")]


class Shape(BaseModel):
    """Base of the schemas."""


__all__ = ["Code", "Moment", "Next", "Shape"]

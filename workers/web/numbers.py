"""Numbers that name rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

#: a row's id; neither database holds larger ones
Id = Annotated[int, Field(ge=1, lt=1 << 63)]

__all__ = ["Id"]

"""Numbers that name rows."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from starlette.convertors import StringConvertor, register_url_convertor

#: a row's id: up to the numbers that every reader of JSON takes exactly (RFC 8259, section 6)
Id = Annotated[int, Field(ge=1, le=(1 << 53) - 1)]


class _Digits(StringConvertor):
    """A number in a path, as it is written: it may be larger than any row's."""

    regex = "[0-9]+"


#: ``{article:digits}`` in a path: so "7.md" is no number of an article
register_url_convertor("digits", _Digits())

__all__ = ["Id"]

"""One file out of a request; `workers.web.gate` bounds what comes in."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.datastructures import UploadFile
from starlette.requests import Request


async def sent_list(request: Request) -> bytes:
    """The bytes of a list that was sent: the body itself, or the first file of a form, or the text of its
    field ``file``. Raises HTTPException (422) when there is none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_files=1, max_fields=10) as form:
            files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
            text = form.get("file")
            body = await files[0].read() if files else text.encode() if isinstance(text, str) else b""
    else:
        body = await request.body()
    if not body.strip():
        raise HTTPException(422, "No list was sent: choose an OPML file.")
    return body


__all__ = ["sent_list"]

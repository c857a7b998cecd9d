"""Addresses and uploads become a job. Paths of this machine are not taken from the web."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated, Any

import msgspec
from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.sources import links, read, read_upload, upload
from workers.intake import Intake, accept_items
from workers.web.backend import Backend

#: most files and most other fields in one request
MOST_FILES, MOST_FIELDS = 2_000, 100
#: most addresses in one request, and longest one (characters); longer lists come as OPML or JSONL
MOST_ADDRESSES, LONGEST_ADDRESS = 10_000, 8_000


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an enqueueing request that brings no files."""

    sources: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MOST_ADDRESSES)]


async def submitted(request: Request, backend: Backend) -> Intake:
    """The job that a request asks for: JSON (`Order`), or a form with fields `sources` (addresses,
    one a line) and `files`. Raises HTTPException 400, 415 or 422, and StoreError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return await run_in_threadpool(accept, backend, _order(await request.body()).sources, [])
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise HTTPException(415, "Send JSON, or a form with addresses in `sources` and files in `files`.")
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        addresses, files = _addresses(form), _files(form)
        return await run_in_threadpool(accept, backend, addresses, files)


def accept(backend: Backend, addresses: Sequence[str], files: Sequence[UploadFile]) -> Intake:
    """Addresses and files as one job; refused as a whole when an address is none. Raises
    HTTPException (422), StoreError."""
    if not addresses and not files:
        raise HTTPException(422, "Nothing was handed in: name an address, or choose a file.")
    if len(addresses) > MOST_ADDRESSES:
        raise HTTPException(422, f"At most {MOST_ADDRESSES} addresses at once. Send longer lists as a file.")
    refused = [one for one in addresses if not links.claims(one) or len(one) > LONGEST_ADDRESS]
    if refused:
        shown = ", ".join(repr(upload.label(one)) for one in refused[:3])
        raise HTTPException(422, f"Not an http or https address: {shown}. Files are uploaded, not named.")
    names = [*addresses, *(upload.label(file.filename) for file in files)]
    items = chain(_linked(addresses, backend.settings), _uploaded(files, backend.settings))
    intake = accept_items(backend.store, names, items)
    backend.wake()
    return intake


def _linked(addresses: Sequence[str], settings: Settings) -> Iterator[NewItem]:
    for address in addresses:
        yield from read(address, settings)


def _uploaded(files: Sequence[UploadFile], settings: Settings) -> Iterator[NewItem]:
    for file in files:
        yield from read_upload(file.file, file.filename, file.content_type, settings)


def _order(body: bytes) -> Order:
    try:
        return msgspec.json.decode(body, type=Order)
    except msgspec.ValidationError as error:
        raise HTTPException(422, f"{error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(400, f"The body is no JSON: {error}.") from error


def _addresses(form: FormData) -> list[str]:
    fields = [value for value in form.getlist("sources") if isinstance(value, str)]
    return [line.strip() for field in fields for line in field.splitlines() if line.strip()]


def _files(form: FormData) -> list[UploadFile]:
    """Uploads under any name; a browser sends an empty one for a field without a choice."""
    sent = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    return [file for file in sent if file.filename or file.size]


#: how the API document describes the request, which the framework cannot read off the code
BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["sources"],
                "additionalProperties": False,
                "properties": {
                    "sources": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_ADDRESSES,
                        "items": {"type": "string", "format": "uri"},
                    }
                },
            },
            "example": {"sources": ["https://example.org/feed.xml"]},
        },
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "sources": {"type": "string", "description": "addresses, one a line"},
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                },
            }
        },
    },
}

__all__ = ["BODY", "MOST_ADDRESSES", "MOST_FILES", "Order", "accept", "submitted"]

"""Addresses and uploads become a job. Paths of this machine are not taken from the web.

Uploads are accepted while they come in: however large one is, some megabytes of it are held at once. What
breaks off leaves a job with what was accepted by then, and an item that says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Annotated

import msgspec
from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request

from pipeline.sources import upload
from pipeline.store.contract import Order
from workers.intake import SILENCE, Intake, accept_items
from workers.web.addresses import linked, refuse_others
from workers.web.backend import Backend
from workers.web.delivery import Delivery
from workers.web.forms import Part, PartEnd, parts

#: most bytes of all fields of a form that are no files
FIELD_BYTES = 2_000_000
#: the header by which a client says that a request is the same as one before, and its longest value
KEY, LONGEST_KEY = "idempotency-key", 255
#: kinds of raw bodies that are JSON lines, whatever they are called
_LINES = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Sources(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an enqueueing request that brings no files."""

    sources: Annotated[list[str], msgspec.Meta(min_length=1)]


async def submitted(request: Request, backend: Backend, name: str = "") -> Intake:
    """The job that a request asks for: JSON (`Sources`), a form with fields `sources` (addresses, one a
    line) and files, or a single file as the body, whose name is ``name``.

    With an Idempotency-Key, the job that was opened for the same key before, if there is one. Raises
    HTTPException 400, 409, 413, 415 or 422, and StoreError.
    """
    key, kind = _key(request), media_type(request.headers.get("content-type", ""))
    addresses: list[str] = []
    is_file = kind == _FORMS[0] or kind not in ("", "application/json", *_FORMS)
    if kind == "application/json":
        addresses = _sources(await request.body())
    elif kind == _FORMS[1]:
        async with request.form(max_files=0, max_fields=100) as form:
            addresses = _addresses(form)
    elif not is_file:
        raise HTTPException(415, "Say with Content-Type what is sent: JSON, a form, or a file.")
    digest = _digest(request, [kind, name, *addresses], is_file=not addresses)
    if key is not None:
        before = await run_in_threadpool(backend.store.order, key, time.time())
        if before is not None:
            return replayed(before, digest)
    opener = _opener(backend, key, digest)
    if is_file:
        delivery = Delivery(backend, opener)
        await (_form(request, delivery) if kind == _FORMS[0] else _raw(request, delivery, kind, name))
        intake = await delivery.intake()
    else:
        intake = await run_in_threadpool(accept, backend, addresses, opener)
    if key is not None:
        await run_in_threadpool(backend.store.order_done, key, intake.items)
    return intake


def accept(backend: Backend, addresses: Sequence[str], opener: Callable[[Sequence[str]], str]) -> Intake:
    """Addresses as one job; refused as a whole when one is none. Raises HTTPException (422), StoreError."""
    if not addresses:
        raise HTTPException(422, "Nothing was handed in: name an address, or choose a file.")
    refuse_others(addresses)
    items = chain.from_iterable(linked(one, backend.settings) for one in addresses)
    intake = accept_items(backend.store, addresses, items, opener=opener)
    backend.wake()
    return intake


def media_type(content_type: str) -> str:
    """The type that a Content-Type names, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def replayed(order: Order, digest: str) -> Intake:
    """What the first request with a key was answered. Raises HTTPException 409: with a time to come back
    while it is under way, without one for another request with the same key. (For the latter
    draft-ietf-httpapi-idempotency-key-header, section 2.7, has 422, which here tells of a request that is
    wrong by itself.)"""
    if order.accepted is None:
        told = (
            f"The first request with this Idempotency-Key is under way, as job {order.job}. Ask again later."
        )
        raise HTTPException(409, told, {"retry-after": "5"})
    if digest and order.digest and digest != order.digest:
        raise HTTPException(
            409,
            f"This Idempotency-Key was used for other sources, which became job {order.job}. Take a new one.",
        )
    return Intake(order.job, order.accepted)


def _opener(backend: Backend, key: str | None, digest: str) -> Callable[[Sequence[str]], str]:
    if key is None:
        return partial(_open, backend)
    return partial(_open_once, backend, key, digest)


def _open(backend: Backend, sources: Sequence[str]) -> str:
    now = time.time()
    return backend.store.open_job(sources, now, accepting_until=now + SILENCE)


def _open_once(backend: Backend, key: str, digest: str, sources: Sequence[str]) -> str:
    now = time.time()
    order = backend.store.open_order(key, digest, sources, now, accepting_until=now + SILENCE)
    if not order.fresh:
        # Both came at once, and the other was first.
        replayed(msgspec.structs.replace(order, accepted=None), digest)
    return order.job


def _digest(request: Request, told: list[str], *, is_file: bool) -> str:
    """What tells requests apart that come under one key: for files, what is known before they come."""
    if is_file:
        told.append(request.headers.get("content-length", ""))
    return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()


def _key(request: Request) -> str | None:
    key = request.headers.get(KEY)
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise HTTPException(422, f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
    return key


async def _form(request: Request, delivery: Delivery) -> None:
    """Hand a form's files on while they come in, and its addresses when they are complete."""
    field: bytearray | None = None
    size = 0
    async with delivery:
        async for event in parts(request):
            if isinstance(event, Part):
                field = bytearray() if event.filename is None and event.name == "sources" else None
                if event.filename is not None:
                    await delivery.begin(event.filename, event.content_type)
                elif field is None:
                    delivery.skip()
            elif isinstance(event, PartEnd):
                if field is not None:
                    delivery.add(_lines(field.decode("utf-8", "replace")))
                field = None
            elif field is not None:
                field += event
                size += len(event)
                if size > FIELD_BYTES:
                    raise HTTPException(413, "The fields of the form are too large. Send lists as files.")
            else:
                await delivery.send(event)


async def _raw(request: Request, delivery: Delivery, kind: str, name: str) -> None:
    """Hand a body on as one file."""
    name = upload.label(name)
    if kind in _LINES and not name.lower().endswith((".gz", ".jsonl", ".ndjson")):
        name += ".jsonl"
    async with delivery:
        await delivery.begin(name, request.headers.get("content-type"))
        async for chunk in request.stream():
            await delivery.send(chunk)


def _sources(body: bytes) -> list[str]:
    try:
        return msgspec.json.decode(body, type=Sources).sources
    except msgspec.ValidationError as error:
        raise HTTPException(422, f"{error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(400, f"The body is no JSON: {error}.") from error


def _addresses(form: FormData) -> list[str]:
    return [line for value in form.getlist("sources") if isinstance(value, str) for line in _lines(value)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


__all__ = ["FIELD_BYTES", "KEY", "LONGEST_KEY", "Sources", "media_type", "submitted"]

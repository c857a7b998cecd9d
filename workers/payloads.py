"""What waits in Redis before each stage: one kind of payload for each, packed.

Before `clean` the page's bytes keep the zstd frame in which the database holds them, behind a
small packed head: nothing is unpacked and packed again on the way.
"""

from __future__ import annotations

import struct

from pipeline.model import Document, Ending, Entry, Fetched, Page, Step, Value
from pipeline.packing import decompress, pack, unpack

_LENGTH = struct.Struct("<I")


class PageHead(Value, frozen=True, kw_only=True):
    """A page without its bytes, and what happened so far."""

    digest: str
    key: str
    url: str | None = None
    content_type: str | None = None
    fetched: Fetched | None = None
    entry: Entry | None = None
    trace: list[Step] = []
    #: of the item, for the log
    job: str = ""

    def page(self, body: bytes) -> Page:
        return Page(
            body=body,
            digest=self.digest,
            key=self.key,
            url=self.url,
            content_type=self.content_type,
            fetched=self.fetched,
            entry=self.entry,
        )


class Cleaned(Value, frozen=True, kw_only=True):
    """A document on its way to `extract`."""

    document: Document
    digest: str
    trace: list[Step]
    #: of the item, for the log
    job: str = ""


def pack_page(head: PageHead, frame: bytes) -> bytes:
    """The payload of `clean`: frame is the page's body as `pipeline.packing.compress` made it."""
    packed = pack(head)
    return _LENGTH.pack(len(packed)) + packed + frame


def unpack_page(payload: bytes) -> tuple[PageHead, bytes]:
    """Head and body. Raises ValueError when the payload is damaged."""
    head, end = _unpack_head(payload)
    return head, decompress(payload[end:])


def _unpack_head(payload: bytes) -> tuple[PageHead, int]:
    if len(payload) < _LENGTH.size:
        raise ValueError("payload of clean is cut short")
    (size,) = _LENGTH.unpack_from(payload)
    end = _LENGTH.size + size
    return unpack(payload[_LENGTH.size : end], PageHead), end


def pack_document(head: PageHead, document: Document, step: Step) -> bytes:
    """The payload of `extract`: the document of a page, and the step that made it."""
    trace = [*head.trace, step]
    return pack(Cleaned(document=document, digest=head.digest, trace=trace, job=head.job))


def unpack_document(payload: bytes) -> Cleaned:
    return unpack(payload, Cleaned)


def pack_ending(ending: Ending) -> bytes:
    """The payload of `store`."""
    return pack(ending)


def unpack_ending(payload: bytes) -> Ending:
    return unpack(payload, Ending)


def trace_of(stage: str, payload: bytes | None) -> list[Step]:
    """What happened to an item so far, from the payload of the stage it is in; [] if unreadable."""
    if not payload:
        return []
    try:
        if stage == "clean":
            return _unpack_head(payload)[0].trace
        if stage == "extract":
            return unpack_document(payload).trace
        return unpack_ending(payload).trace if stage == "store" else []
    except ValueError:
        return []


def digest_of(stage: str, payload: bytes | None) -> str | None:
    """The digest of an item's page, from the payload of `clean` or `extract`; None if unreadable."""
    if not payload:
        return None
    try:
        if stage == "clean":
            return _unpack_head(payload)[0].digest
        return unpack_document(payload).digest if stage == "extract" else None
    except ValueError:
        return None

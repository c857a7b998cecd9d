"""A single article: an HTML page or a plain text. What no other kind understands is one of these."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.packing import digest
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading


def understands(content: Content) -> bool:
    return True


def items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """One item with the bytes as they are: `clean` finds out encoding and structure.

    Raises SourceError: `empty`, `not_text`, or `too_large` beyond FEEDMILL_MAX_PAGE_BYTES.
    """
    if content.kind == "binary":
        raise SourceError(f"{content.name} is not text.", code="not_text")
    body = content.body(reading.settings.max_page_bytes, "FEEDMILL_MAX_PAGE_BYTES")
    if content.kind == "empty" and not body.strip():
        raise SourceError(f"{content.name} is empty.", code="empty")
    yield NewItem(
        key=content.key if content.path else f"stdin:{digest(body)}",
        name=content.name,
        source=reading.source,
        content=body,
        content_type=content.content_type or ("text/html" if content.kind == "html" else "text/plain"),
    )

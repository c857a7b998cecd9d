"""`-`: standard input, one document of any kind."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from typing import BinaryIO, cast

from pipeline.model import NewItem
from pipeline.packing import digest
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading, reason

NAME = "standard input"
_GZIP = b"\x1f\x8b"


def claims(ref: str) -> bool:
    return ref == "-"


def read(ref: str, reading: Reading) -> Iterator[NewItem]:
    """What comes in until its end: an article, a feed, a list, or JSONL, told by its look."""
    stream = reading.stdin or sys.stdin.buffer
    try:
        content = Content(stream, key="", name=NAME)
        if content.head.startswith(_GZIP):
            unzipped = cast(BinaryIO, gzip.GzipFile(fileobj=content.stream()))
            content = Content(unzipped, key="", name=NAME)
    except (OSError, EOFError) as error:
        # EOFError: a gzip stream that ends in its first bytes.
        told = reason(NAME, error) if isinstance(error, OSError) else f"{NAME} ends too early."
        yield reading.problem(f"stdin:{digest(str(error).encode())}", NAME, "unreadable", told)
        return
    content.key = f"stdin:{digest(content.head)}"
    yield from reading.content(content)

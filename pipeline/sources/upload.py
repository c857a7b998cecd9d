"""Content that was handed over by itself, as a browser's upload is: no file of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from pipeline import urls
from pipeline.model import NewItem
from pipeline.packing import digest
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading

#: the media types that tell something; senders that do not know give others for anything
_TELLING = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
#: longest name that is kept (characters); file systems allow 255 bytes
_LONGEST_NAME = 300


def label(name: str | None) -> str:
    """What an upload is called: for people, and for the ending that tells JSONL. Never a path."""
    return urls.printable((name or "").strip())[:_LONGEST_NAME] or "upload"


def items_in(
    stream: BinaryIO, name: str | None, content_type: str | None, reading: Reading
) -> Iterator[NewItem]:
    """The items of one upload, known by their bytes, as standard input is: a sender's name for a
    file says nothing of where it lies. What cannot be used gives an item that says why."""
    mime = (content_type or "").split(";")[0].strip().lower()
    told = content_type if mime in _TELLING else None
    content = Content(stream, key="", name=label(name), content_type=told)
    content.key = f"stdin:{digest(content.head)}"
    yield from reading.content(content)


__all__ = ["items_in", "label"]

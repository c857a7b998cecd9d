"""Content that was handed over by itself, as a browser's upload is: no file of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, cast

from pipeline import urls
from pipeline.model import NewItem
from pipeline.packing import digest
from pipeline.sources import jsonl
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading, reason

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
    cut = _Cut(stream)
    content = Content(cast(BinaryIO, cut), key="", name=label(name), content_type=told)
    cut.begins = False
    if cut.error is not None and not jsonl.understands(content):
        # Of lines, what came is taken; the first bytes of anything else are not the whole.
        key = f"stdin:{digest(content.head)}"
        yield reading.problem(key, content.name, "unreadable", reason(content.name, cut.error))
        return
    content.key = f"stdin:{digest(content.head)}"
    yield from reading.content(content)


class _Cut:
    """A stream that may break off in its first bytes: they are had nevertheless, and the error by who asks
    for more."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        #: nobody has got the first bytes yet
        self.begins = True

    def read(self, size: int = -1) -> bytes:
        if self.error is not None and not self.begins:
            raise self.error
        try:
            return self._stream.read(size) or b""
        except OSError as error:
            if not self.begins:
                raise
            self.error = error
            return b""


__all__ = ["items_in", "label"]

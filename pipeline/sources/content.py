"""Bytes at hand whose kind is still to be found out: a file, standard input, a fetched body.

Also the two protocols by which a new kind of source joins (see `pipeline.sources`):

- a *reference kind* knows what a user may type (`-`, an address, a path) and leads to contents;
- a *content kind* knows one format by its first bytes and turns it into items.

A module is such a kind when it has the protocol's two functions at its top level.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from pipeline import gzipped, sniff
from pipeline.errors import SourceError

if TYPE_CHECKING:
    from pipeline.model import NewItem
    from pipeline.sources.reading import Reading


class Content:
    """One piece of content: its first bytes, and the rest on demand, never more than asked for."""

    __slots__ = ("_size", "_stream", "content_type", "head", "key", "kind", "name", "path", "url")

    def __init__(
        self,
        stream: BinaryIO,
        *,
        key: str,
        name: str,
        path: str | None = None,
        url: str | None = None,
        content_type: str | None = None,
        size: int | None = None,
    ) -> None:
        """Reads the head at once. ``size``: bytes in all, where that is known beforehand."""
        self._stream = stream
        self._size = size
        #: identity of the whole: a ``file://`` key, a canonical URL, or ``stdin:`` and a digest
        self.key = key
        #: for people, printable
        self.name = name
        #: where the file lies; None when it is no file
        self.path = path
        #: the address it was fetched from, the base of relative links; None when unknown
        self.url = url
        self.content_type = content_type
        #: the first `sniff.HEAD` bytes, or all there are
        self.head = _exactly(stream, sniff.HEAD)
        self.kind = sniff.sniff(self.head, content_type, name)

    def body(self, limit: int, setting: str) -> bytes:
        """All bytes; those of a gzipped list unfolded. Content can be taken once.

        Raises SourceError: `too_large` beyond limit, having read and unfolded no more than that
        (``setting`` names the limit in the message), `bad_feed` for damaged gzip.
        """
        whole = self._whole(limit, setting)
        if not (self.kind in sniff.LISTS and gzipped.is_gzip(whole)):
            return whole
        try:
            unfolded = gzipped.unfold(whole, limit + 1)
        except gzipped.Damaged as error:
            raise SourceError(f"{self.name} is damaged gzip ({error}).", code="bad_feed") from error
        if len(unfolded) > limit:
            raise self._too_large(limit, setting)
        return unfolded

    def _whole(self, limit: int, setting: str) -> bytes:
        whole = self.head
        if len(whole) == sniff.HEAD and not (self._size and self._size > limit):
            whole += _exactly(self._stream, max(0, limit + 1 - len(whole)))
        if max(len(whole), self._size or 0) > limit:
            raise self._too_large(limit, setting)
        return whole

    def _too_large(self, limit: int, setting: str) -> SourceError:
        return SourceError(f"{self.name} is larger than {limit} bytes ({setting}).", code="too_large")

    def stream(self) -> BinaryIO:
        """The content from its beginning, to be read piece by piece. Content can be taken once."""
        return cast(BinaryIO, io.BufferedReader(_Rejoined(self.head, self._stream), 1 << 18))


class ReferenceKind(Protocol):
    """A way in which users name sources."""

    def claims(self, ref: str) -> bool:
        """Whether this kind reads ref. Looks at the text and at the file system, opens nothing."""

    def read(self, ref: str, reading: Reading) -> Iterator[NewItem]:
        """The items of ref. What cannot be read becomes an item with a problem."""


class ContentKind(Protocol):
    """A format that holds one article or many."""

    def understands(self, content: Content) -> bool:
        """Whether content is of this kind, told from its head, name and sniffed kind."""

    def items(self, content: Content, reading: Reading) -> Iterator[NewItem]:
        """The items in content. May raise SourceError when nothing of it can be used."""


class _Rejoined(io.RawIOBase):
    """The head that was already taken from a stream, and then the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._head[: len(buffer)] or self._stream.read(len(buffer)) or b""
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    # An unbuffered stream may return less than asked for before its end; one read is the rule.
    first = stream.read(size) or b""
    if not first or len(first) >= size:
        return first
    pieces, missing = [first], size - len(first)
    while missing > 0:
        piece = stream.read(missing) or b""
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces) if len(pieces) > 1 else first

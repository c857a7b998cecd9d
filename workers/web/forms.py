"""A form of files as it comes in, part by part: nothing of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import HTTPException
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

#: most parts of one form; longest head of a part in bytes
MOST_PARTS, LONGEST_HEAD = 2_100, 16_384


@dataclass(frozen=True)
class Part:
    """The head of a part."""

    name: str
    #: None: a field, not a file
    filename: str | None
    content_type: str | None


@dataclass(frozen=True)
class PartEnd:
    """The part that was begun last is complete."""


#: what a form consists of: a head, pieces of its body, and its end, for each part
Event = Part | bytes | PartEnd


async def parts(request: Request) -> AsyncIterator[Event]:
    """The parts of a multipart form (RFC 7578) while it comes in.

    Raises HTTPException (400) for what is none, or ends before its last boundary; and what reading the
    body raises.
    """
    _, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise HTTPException(400, "The form has no boundary: its Content-Type must name one.")
    reader = _Reader(boundary)
    async for chunk in request.stream():
        for event in reader.feed(chunk):
            yield event
    if not reader.complete:
        raise HTTPException(400, "The form ends too early: its last boundary is missing.")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FormParserError as error:
        raise HTTPException(400, f"The form cannot be read: {error}.") from error


class _Reader:
    """Turns the callbacks of the parser into events."""

    def __init__(self, boundary: bytes) -> None:
        self.complete = False
        self._found: list[Event] = []
        self._parts = 0
        self._name, self._value, self._head_size = b"", b"", 0
        self._head: dict[bytes, bytes] = {}
        with _told():
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers_finished,
                    "on_part_data": self._data,
                    "on_part_end": lambda: self._found.append(PartEnd()),
                    "on_end": self._end,
                },
            )

    def feed(self, chunk: bytes) -> list[Event]:
        with _told():
            self._parser.write(chunk)
        found, self._found = self._found, []
        return found

    def _begin(self) -> None:
        self._parts += 1
        self._head, self._head_size = {}, 0
        if self._parts > MOST_PARTS:
            raise HTTPException(413, f"The form has more than {MOST_PARTS} parts. Send more of them.")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += self._counted(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += self._counted(data[start:end])

    def _counted(self, piece: bytes) -> bytes:
        self._head_size += len(piece)
        if self._head_size > LONGEST_HEAD:
            raise HTTPException(400, "A part of the form has too long a head.")
        return piece

    def _header_end(self) -> None:
        self._head[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._head.get(b"content-disposition", b""))
        if b"name" not in options:
            raise HTTPException(400, "A part of the form has no name.")
        filename = options.get(b"filename")
        kind = self._head.get(b"content-type")
        self._found.append(
            Part(
                name=options[b"name"].decode("utf-8", "replace"),
                filename=None if filename is None else filename.decode("utf-8", "replace"),
                content_type=None if kind is None else kind.decode("latin-1"),
            )
        )

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._found.append(data[start:end])

    def _end(self) -> None:
        self.complete = True


__all__ = ["LONGEST_HEAD", "MOST_PARTS", "Event", "Part", "PartEnd", "parts"]

"""JSONL: one article a line, plain or gzipped, of any length in all.

A line is an object with ``url`` or ``path`` (what it is), ``html`` or ``text`` (what is in it), and
a ``title`` if there is one. Other members are passed over.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry, NewItem, Problem, Value
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading

_ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
#: the beginning of an object whose first member is one of ours
_OBJECT = re.compile(rb'\{\s*"(?:url|path|html|text)"\s*:\s*"')
#: a letter outside ASCII takes up to three times its UTF-8 bytes as \\u escapes, and the other
#: members of the line need room too
_ESCAPED = 3
_MARGIN = 65_536
_GZIP = b"\x1f\x8b"


class _Line(Value, frozen=True, kw_only=True):
    url: str | None = None
    path: str | None = None
    html: str | None = None
    text: str | None = None
    title: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def understands(content: Content) -> bool:
    """By the ending of the name; without one, by the look of the first line."""
    if content.name.lower().endswith(_ENDINGS):
        return True
    return content.kind in ("text", "html", "json_feed") and bool(
        _OBJECT.match(content.head.removeprefix(b"\xef\xbb\xbf").lstrip())
    )


def items(content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item a line; a line that cannot be used gives an item that says why (`bad_line`,
    `too_large`, `empty`), and the others go on. No more than one line is held in memory."""
    plain = content.stream()
    zipped = content.head.startswith(_GZIP)
    stream = cast(BinaryIO, gzip.GzipFile(fileobj=plain)) if zipped else plain
    most = reading.settings.max_page_bytes * _ESCAPED + _MARGIN
    number, found = 0, False
    try:
        while line := stream.readline(most + 1):
            number += 1
            complete = len(line) <= most
            if not complete:
                _skip_line(line, stream, most)
            if line.strip(b" \t\r\n\xef\xbb\xbf"):
                found = True
                yield _item(line, complete, f"line {number}", content, reading)
    except (EOFError, OSError, zlib.error) as error:
        name = f"{content.name}, after line {number}"
        key = f"{content.key}#after-{number}"
        yield reading.problem(key, name, "unreadable", f"{name}: the rest could not be read ({error}).")
        return
    if not found:
        raise SourceError(f"{content.name} is empty.", code="empty")


def _skip_line(line: bytes, stream: BinaryIO, size: int) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(size)


def _item(line: bytes, complete: bool, place: str, content: Content, reading: Reading) -> NewItem:
    name = f"{content.name}, {place}"
    try:
        if not complete:
            raise SourceError(f"{name} is too long (FEEDMILL_MAX_PAGE_BYTES).", code="too_large")
        return _of(_parsed(line, name), name, content, reading)
    except SourceError as error:
        key = f"{content.key}#{place.replace(' ', '-')}"
        told = Problem(code=error.code, message=error.message)
        return NewItem(key=key, name=name, source=reading.source, problem=told)


def _parsed(line: bytes, name: str) -> _Line:
    line = line.removeprefix(b"\xef\xbb\xbf")
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The standard library also takes lone surrogates, which old exports hold.
        try:
            return msgspec.convert(json.loads(line), _Line)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{name} cannot be read: {error}", code="bad_line") from error


def _of(line: _Line, name: str, content: Content, reading: Reading) -> NewItem:
    body = line.html if line.html is not None else line.text
    if body is None:
        raise SourceError(f"{name} has neither html nor text.", code="bad_line")
    if not body.strip():
        raise SourceError(f"{name} has no content.", code="empty")
    raw = body.encode("utf-8", "replace")
    if len(raw) > reading.settings.max_page_bytes:
        raise SourceError(f"{name} is too large (FEEDMILL_MAX_PAGE_BYTES).", code="too_large")
    key, shown, url = _identity(line, name, content)
    title = line.title.strip() if line.title else None
    return NewItem(
        key=key,
        name=shown,
        source=reading.source,
        url=url,
        content=raw,
        content_type="text/plain; charset=utf-8" if line.html is None else "text/html; charset=utf-8",
        entry=Entry(key=key, link=url, title=title) if title else None,
    )


def _identity(line: _Line, name: str, content: Content) -> tuple[str, str, str | None]:
    """Key, name and URL of a line's article."""
    if line.url and line.url.strip():
        url = line.url.strip()
        try:
            return urls.canonical(url), urls.printable(urls.without_password(url)), url
        except SourceError as error:
            raise SourceError(f"{name}: {error.message}", code="bad_line") from error
    if line.path and line.path.strip() and "\0" not in line.path:
        path = line.path.encode("utf-8", "replace").decode()
        folder = (content.path or "").rpartition("/")[0]
        return urls.file_key(Path(folder, path)), urls.printable(path), None
    raise SourceError(f"{name} has neither url nor path.", code="bad_line")

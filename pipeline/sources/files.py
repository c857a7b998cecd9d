"""Files, folders and glob patterns: whatever is a path.

A folder gives all its files, in the order of their names, at any depth. Left out are hidden names
(a leading dot, which covers the folders of version control) and what is no regular file. Links
are followed, but each real file is read once: a link to something that the walk reads anyway is
passed over, so that a loop of links ends.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO, cast

from pipeline import sniff, urls
from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.sources.content import Content
from pipeline.sources.folders import is_folder, listed
from pipeline.sources.glob_pattern import is_pattern, matches
from pipeline.sources.reading import Reading, reason
from pipeline.sources.roots import real_path, refuse_outside

_FOREIGN_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def claims(ref: str) -> bool:
    return True


def read(ref: str, reading: Reading) -> Iterator[NewItem]:
    """Items of a file, of every file in a folder, or of everything that a pattern matches.

    An existing path is taken as such even where it looks like a pattern.
    """
    path = str(urls.file_path(ref)) if ref.startswith("file:///") else ref
    try:
        if os.path.lexists(path):
            return _walk([path], reading)
    except ValueError:
        # A NUL inside: no file system has such a name.
        return iter([_missing(ref, reading)])
    if is_pattern(path):
        return _matching(path, reading)
    return iter([_missing(ref, reading)])


def _missing(ref: str, reading: Reading) -> NewItem:
    shown = urls.printable(ref)
    if _FOREIGN_SCHEME.match(ref):
        message = f"{shown} is no address that can be read: only http, https and file are."
        return reading.problem(shown, shown, "bad_url", message)
    key = shown if "\0" in ref or not ref else urls.file_key(Path(ref))
    return reading.problem(key, shown or "''", "not_found", f"There is no file or folder {shown!r}.")


def _matching(pattern: str, reading: Reading) -> Iterator[NewItem]:
    found = False
    for item in _walk(matches(pattern), reading):
        found = True
        yield item
    if not found:
        shown = urls.printable(pattern)
        yield reading.problem(shown, shown, "not_found", f"No file matches {shown!r}.")


def _walk(paths: Iterable[str], reading: Reading) -> Iterator[NewItem]:
    seen = _Seen()
    for path in paths:
        if os.path.isdir(path):
            yield from _folder(path, reading, seen)
        elif seen.first_link(os.path.realpath(path)):
            yield from read_file(path, urls.file_key(Path(path)), reading)


class _Seen:
    """Which real files and folders a walk has come by. Plain files cost no entry: a folder that is
    walked once gives each of its files once."""

    def __init__(self) -> None:
        self._folders: set[str] = set()
        self._links: set[str] = set()

    def first_folder(self, real: str) -> bool:
        if real in self._folders:
            return False
        self._folders.add(real)
        return True

    def first_link(self, real: str) -> bool:
        """For a file that was reached by a link, or named alone."""
        folder, _, name = real.rpartition("/")
        walked = folder in self._folders and not name.startswith(".") and os.path.lexists(real)
        if walked or real in self._links:
            return False
        self._links.add(real)
        return True

    def was_linked(self, real: str) -> bool:
        return bool(self._links) and real in self._links


def _folder(root: str, reading: Reading, seen: _Seen) -> Iterator[NewItem]:
    real_root = os.path.realpath(root)
    # Folders still to be walked: path as found, real path, key. The last one is the next.
    waiting = [(root, real_root, urls.file_key(Path(root)))]
    while waiting:
        path, real, key = waiting.pop()
        if not seen.first_folder(real):
            continue
        try:
            refuse_outside(real, urls.printable(path), reading.settings.file_roots)
            entries = listed(path)
        except SourceError as error:
            yield reading.refuse(key, urls.printable(path), error)
            continue
        except OSError as error:
            shown = urls.printable(path)
            yield reading.problem(key, shown, "unreadable", reason(shown, error))
            continue
        folders = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            child_key = f"{key.rstrip('/')}/{urls.escape_path(entry.name)}"
            child_real = f"{real.rstrip('/')}/{entry.name}"
            linked = entry.is_symlink()
            if linked:
                child_real = os.path.realpath(entry.path)
                if _is_below(child_real, real_root):
                    continue
            if is_folder(entry):
                folders.append((entry.path, child_real, child_key))
            elif seen.first_link(child_real) if linked else not seen.was_linked(child_real):
                yield from read_file(entry.path, child_key, reading)
        waiting.extend(reversed(folders))


def _is_below(real: str, root: str) -> bool:
    """Whether the walk of root comes by real on its own."""
    inside = real == root or real.startswith(root.rstrip("/") + "/")
    return inside and "/." not in real[len(root) - 1 :] and os.path.lexists(real)


def _without_waiting(path: str, flags: int) -> int:
    # Opening a FIFO that nobody writes to would block for ever.
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)


def read_file(path: str, key: str, reading: Reading, only: Collection[sniff.Kind] = ()) -> Iterator[NewItem]:
    """Items of one file, whatever is in it: one for an article, many for a list or a feed.

    ``only``: the kinds that are accepted, where not all are; others give `bad_feed`.
    """
    name = urls.printable(path)
    try:
        with FileIO(path, "r", opener=_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                message = f"{name} is no regular file."
                yield reading.problem(key, name, "unreadable", message)
                return
            refuse_outside(real_path(file.fileno(), path), name, reading.settings.file_roots)
            stream = cast(BinaryIO, file)
            content = Content(stream, key=key, name=name, path=path, size=status.st_size)
            if only and content.kind not in only:
                yield reading.problem(key, name, "bad_feed", f"{name} is no feed.")
                return
            yield from reading.content(content)
    except SourceError as error:
        yield reading.refuse(key, name, error)
    except FileNotFoundError:
        yield reading.problem(key, name, "not_found", f"{name} was gone when it was to be read.")
    except OSError as error:
        yield reading.problem(key, name, "unreadable", reason(name, error))

"""Glob patterns (`*`, `?`, `[…]`, and `**` for folders at any depth).

Not the standard library's: that one follows every loop of links forty times over.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator

from pipeline.sources.folders import is_folder, listed

_MAGIC = re.compile(r"[*?\[]")


def is_pattern(ref: str) -> bool:
    """Whether ref holds a wildcard."""
    return bool(_MAGIC.search(ref))


def matches(pattern: str) -> Iterator[str]:
    """Existing paths that match, sorted within each folder.

    As in a shell, a wildcard matches no leading dot unless the pattern has one there, and `**`
    enters no hidden folder. Links to folders are followed where the pattern names them one by
    one, not by `**`. What cannot be listed matches nothing.
    """
    parts = pattern.split("/")
    start = "/" if pattern.startswith("/") else ""
    yield from _below(start, [part for part in parts if part])


def _below(folder: str, parts: list[str]) -> Iterator[str]:
    if not parts:
        yield folder.rstrip("/") or "/"
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        while rest[:1] == ["**"]:
            rest = rest[1:]
        for each in _folders_at_any_depth(folder):
            yield from _below(each, rest or ["*"])
    elif not _MAGIC.search(part):
        if os.path.lexists(folder + part):
            yield from _below(f"{folder}{part}/" if rest else folder + part, rest)
    else:
        fits = re.compile(fnmatch.translate(part)).match
        for entry in _entries(folder):
            if entry.name.startswith(".") and not part.startswith("."):
                continue
            if fits(entry.name) and (not rest or is_folder(entry)):
                yield from _below(folder + entry.name + ("/" if rest else ""), rest)


def _folders_at_any_depth(folder: str) -> Iterator[str]:
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        yield current
        inner = [
            f"{current}{entry.name}/"
            for entry in _entries(current)
            if not entry.name.startswith(".") and is_folder(entry, follow_symlinks=False)
        ]
        waiting.extend(reversed(inner))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        return listed(folder or ".")
    except OSError:
        return []

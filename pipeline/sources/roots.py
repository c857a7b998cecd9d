"""From which folders files may be read (FEEDMILL_FILE_ROOTS)."""

from __future__ import annotations

import os
from contextlib import suppress

from pipeline.errors import SourceError


def refuse_outside(real: str, shown: str, roots: str) -> None:
    """Raises SourceError (`unreadable`) for a real path that lies in none of the folders.

    ``shown``: the path as people know it. ``roots``: the setting; empty allows every path.
    """
    folders = [os.path.realpath(root) for root in roots.split(":") if root.strip()]
    if folders and not any(real == one or real.startswith(one.rstrip("/") + "/") for one in folders):
        message = f"{shown} lies outside of the folders that may be read (FEEDMILL_FILE_ROOTS)."
        raise SourceError(message, code="unreadable")


def real_path(descriptor: int, path: str) -> str:
    """Where an open file lies. By the descriptor where the system tells (Linux): what a name leads
    to may have changed since it was opened."""
    with suppress(OSError):
        return os.readlink(f"/proc/self/fd/{descriptor}")
    return os.path.realpath(path)


__all__ = ["real_path", "refuse_outside"]

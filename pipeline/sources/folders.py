"""What lies in a folder."""

from __future__ import annotations

import os


def listed(path: str) -> list[os.DirEntry[str]]:
    """The entries of a folder in the order of their names. Raises OSError."""
    with os.scandir(path) as found:
        return sorted(found, key=lambda entry: entry.name)


def is_folder(entry: os.DirEntry[str], *, follow_symlinks: bool = True) -> bool:
    """Whether an entry is a folder. A link that leads in a circle is none."""
    try:
        return entry.is_dir(follow_symlinks=follow_symlinks)
    except OSError:
        return False

"""Log files of child processes, kept within bounds."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: a log file is set aside when it is larger than this (bytes); one that was set aside is kept
MOST_BYTES = 5_000_000


def keep_bounded(path: Path, most: int = MOST_BYTES) -> None:
    """Set a log file that grew too large aside as ``NAME.1``, and let it begin anew.

    For files that processes have open for appending: they go on at its new end. What they write just
    between copy and cut is lost. A file that cannot be set aside is cut all the same: it must not fill
    the disk.
    """
    try:
        if path.stat().st_size <= most:
            return
        part = path.with_name(path.name + ".part")
        try:
            shutil.copyfile(path, part)
            part.replace(path.with_name(path.name + ".1"))
        except OSError:
            part.unlink(missing_ok=True)
        os.truncate(path, 0)
    except OSError:
        # Not there yet, or not ours any more: the next look comes in a second.
        return


__all__ = ["MOST_BYTES", "keep_bounded"]

"""What the user handed in, looked at before anything is started."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import BinaryIO

import click


def refuse_if_nothing_there(sources: Sequence[str]) -> None:
    """Raises click.UsageError when every source is a path and none leads to anything.

    With one that does, the others become items that say `not_found`.
    """
    missing = [source for source in sources if not _leads_somewhere(source)]
    if len(missing) < len(sources):
        return
    from workers.wording import line

    names = ", ".join(line(source) for source in missing[:5]) + (", ..." if len(missing) > 5 else "")
    hint = "" if any(os.sep in source for source in missing) else " (An address begins with https://.)"
    raise click.UsageError(f"No such file or folder: {names}.{hint} Nothing was started.")


def standard_input(sources: Sequence[str]) -> BinaryIO | None:
    """The stream to read when ``-`` is among the sources."""
    return click.get_binary_stream("stdin") if "-" in sources else None


def _leads_somewhere(source: str) -> bool:
    from pipeline.sources.glob_pattern import is_pattern, matches
    from pipeline.urls import is_url

    if source == "-" or is_url(source) or os.path.lexists(source):
        return True
    return is_pattern(source) and next(matches(source), None) is not None


__all__ = ["refuse_if_nothing_there", "standard_input"]

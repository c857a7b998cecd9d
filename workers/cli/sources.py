"""What the user handed in, looked at before anything is started."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from typing import BinaryIO

import click

from workers.cli.refusals import NotThere, nearest

#: how an address begins, of whatever scheme
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def refuse_if_nothing_there(sources: Sequence[str]) -> None:
    """Raises NotThere when no source is an address or a path that leads to anything.

    With one that does, the others become items that say what is wrong with each.
    """
    missing = [source for source in sources if not _leads_somewhere(source)]
    if len(missing) < len(sources):
        return
    from workers.wording import line

    names = ", ".join(line(source) for source in missing[:5]) + (", ..." if len(missing) > 5 else "")
    raise NotThere(f"{_what_is_wrong(missing)}: {names}. {_way_out(missing)} Nothing was started.")


def _what_is_wrong(missing: Sequence[str]) -> str:
    from pipeline.sources.glob_pattern import is_pattern
    from pipeline.urls import is_url

    if all(_SCHEME.match(source) or is_url(source) for source in missing):
        return "Not an http or https address"
    if all(is_pattern(source) for source in missing):
        return "No file matches"
    return "No such file or folder"


def _way_out(missing: Sequence[str]) -> str:
    from pipeline.urls import is_url

    if any(is_url(source) for source in missing):
        return "It is to look like https://example.org/news/story.html."
    if any(_SCHEME.match(source) for source in missing):
        return "Other schemes are not fetched: name its https:// address, or a file that you have saved."
    near = [path for source in missing[:5] if (path := _nearest_path(source))]
    told = f"Did you mean {' '.join(map(shlex.quote, near))}?" if near else f"Looked in {os.getcwd()}."
    return f"{told} An address begins with https://."


def _nearest_path(source: str) -> str:
    """A path whose names are like those of one that is not there, each looked for in the folder before it."""
    found = os.sep if os.path.isabs(source) else ""
    for name in filter(None, source.split(os.sep)):
        if not os.path.lexists(os.path.join(found, name)):
            try:
                # Nobody who did not name one means a hidden file.
                there = [one for one in os.listdir(found or os.curdir) if name[0] == "." or one[0] != "."]
                name = nearest(name, there)
            except OSError:
                return ""  # a file, or a folder that may not be read: nothing below it is known
            if not name:
                return ""
        found = os.path.join(found, name)
    return found


def standard_input(sources: Sequence[str]) -> BinaryIO | None:
    """The stream to read when ``-`` is among the sources."""
    return click.get_binary_stream("stdin") if "-" in sources else None


def _leads_somewhere(source: str) -> bool:
    from pipeline.errors import SourceError
    from pipeline.sources.glob_pattern import is_pattern, matches
    from pipeline.urls import canonical, is_url

    if source == "-" or os.path.lexists(source):
        return True
    if is_url(source):
        try:
            return bool(canonical(source))
        except SourceError:
            return False
    return is_pattern(source) and next(matches(source), None) is not None


__all__ = ["refuse_if_nothing_there", "standard_input"]

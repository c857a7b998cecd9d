"""The short lines right below a story: where credits, sources and signatures stand that are no part of it.

What they say is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable

#: lines below the last one of the story, and characters
_REACH, _LONGEST = 6, 400


def below(lines: list[str], body: list[str]) -> list[str]:
    """Of a plain text's lines: the short ones below the story, whose last paragraph is ``body[-1]``."""
    if not body:
        return []
    end = next((at for at in range(len(lines) - 1, -1, -1) if body[-1].endswith(lines[at])), len(lines))
    return short(lines[end + 1 : end + 1 + _REACH])


def short(texts: Iterable[str]) -> list[str]:
    """The first texts, as lines, without those that are long."""
    found = []
    for text in texts:
        line = " ".join(text.split())
        if line and len(line) <= _LONGEST:
            found.append(line)
        if len(found) == _REACH:
            break
    return found

"""Plain text to paragraphs, also when its lines were wrapped at a fixed width."""

from __future__ import annotations

from itertools import pairwise

#: text is wrapped at a width between these, in characters
_NARROWEST, _WIDEST = 40, 110
#: share of neighbouring lines that must show the wrap; verse and lists show it by chance only
_SHOWS = 0.3
#: where blank lines separate paragraphs, a line goes on even if a word this long would have fitted (share
#: of the width): hands and some programs wrap loosely
_SLACK = 0.12
#: share of lines that may be longer: a notice or address that was pasted in below
_LONG = 0.1
_BULLETS = ("- ", "* ", "• ", "– ", "> ")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line, without blank ones.

    Blank lines always separate. Otherwise every line is a paragraph, except in wrapped text:
    there a line goes on when the first word of the next would not have fitted into it.
    """
    lines = [
        line.strip()
        for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    ]
    width = _width(lines)
    if not width:
        return [" ".join(line.split()) for line in lines if line]
    if _is_spaced(lines):
        width -= round(width * _SLACK)
    joined: list[list[str]] = []
    previous = ""
    for line in lines:
        if line and previous and _goes_on(previous, line, width):
            # A hyphen at a line's end is kept: it belongs to the word more often than not on wires.
            gap = "" if previous[-2:-1].isalpha() and previous.endswith("-") and line[0].islower() else " "
            joined[-1] += (gap, line)
        elif line:
            joined.append([line])
        previous = line
    return [" ".join("".join(parts).split()) for parts in joined]


def _width(lines: list[str]) -> int:
    """The width at which the lines were wrapped, or 0 when they were not."""
    lengths = [len(line) for line in lines if line]
    narrow = [length for length in lengths if length <= _WIDEST]
    if len(lengths) - len(narrow) > max(2, len(lengths) * _LONG):
        return 0
    width = max(narrow, default=0)
    if width < _NARROWEST:
        return 0
    pairs = [(line, after) for line, after in pairwise(lines) if line and after]
    full = sum(1 for line, after in pairs if _goes_on(line, after, width))
    return width if pairs and full >= max(2, len(pairs) * _SHOWS) else 0


def _is_spaced(lines: list[str]) -> bool:
    """Whether most paragraphs of wrapped lines are set apart by blank lines."""
    groups = "\n".join(lines).strip().split("\n\n")
    return len(groups) > 2 and len(lines) < 12 * len(groups)


def _goes_on(line: str, after: str, width: int) -> bool:
    if len(line) > _WIDEST or after.startswith(_BULLETS):
        return False
    return len(line) + 1 + len(after.split(None, 1)[0]) > width

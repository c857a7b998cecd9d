"""Plain text to paragraphs, also when its lines were wrapped at a fixed width."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

#: text is wrapped at a width between these, in columns: a wide character (East Asian Width W and F) takes two
_NARROWEST, _WIDEST = 40, 110
#: share of neighbouring lines that must show the wrap; verse and lists show it by chance only
_SHOWS = 0.3
#: pairs of neighbouring lines in a text too short to show a wrap twice
_FEW = 4
#: where blank lines separate paragraphs, a line goes on even if a word this long would have fitted (share
#: of the width): hands and some programs wrap loosely
_SLACK = 0.12
#: share of lines that may be longer: a notice or address that was pasted in below
_LONG = 0.1
_BULLETS = ("- ", "* ", "• ", "– ", "> ")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60"
    "\uffe0-\uffe6\U00020000-\U0003fffd]"
)
#: all of these but Hangul's parts stand above
_HIGH, _HANGUL = 0x2E80, (0x1100, 0x115F)
#: scripts without spaces, and their punctuation: a line may end after any character of them
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
    "\U00020000-\U0003134f]"
)
#: columns that may stay free in them: a character, and a stop that must not begin a line
_FREE = 4
#: white space that no paragraph holds: all but a single blank, and the ends of lines
_ODD_SPACES = (
    "  ",
    *"\t\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009",
    *"\u200a\u2028\u2029\u202f\u205f\u3000",
)
_ODD_ASCII = tuple(space for space in _ODD_SPACES if space.isascii())
Columns = Callable[[str], int]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line, without blank ones.

    Blank lines always separate. Otherwise every line is a paragraph, except in wrapped text:
    there a line goes on when the first word of the next would not have fitted into it.
    """
    lines = [
        line.strip()
        for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    ]
    lengths = list(map(len, lines))
    columns: Columns = len
    # Columns are no fewer than characters: what is too long by these needs no look at wide ones.
    if not _is_long(lengths) and _is_wide(text):
        columns = _columns
        lengths = list(map(columns, lines))
    width = _width(lines, lengths, columns)
    if not width:
        if any(space in text for space in (_ODD_ASCII if text.isascii() else _ODD_SPACES)):
            return [" ".join(line.split()) for line in lines if line]
        return [line for line in lines if line]
    if _is_spaced(lines):
        width -= round(width * _SLACK)
    joined: list[list[str]] = []
    previous = ""
    for line in lines:
        if line and previous and _goes_on(previous, line, width, columns):
            joined[-1] += (gap(previous, line), line)
        elif line:
            joined.append([line])
        previous = line
    return [" ".join("".join(parts).split()) for parts in joined]


def _is_wide(text: str) -> bool:
    if text.isascii():
        return False
    # Most texts have no character this high, which is told ten times as fast.
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    high = (codes >= _HIGH) | ((codes >= _HANGUL[0]) & (codes <= _HANGUL[1]))
    return bool(high.any()) and _WIDE.search(text) is not None


def _is_long(lengths: list[int]) -> bool:
    """Whether too many lines, but for empty ones, are longer than any wrapped ones."""
    count = len(lengths) - lengths.count(0)
    return sum(1 for length in lengths if length > _WIDEST) > max(2, count * _LONG)


def _columns(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))


def gap(previous: str, line: str) -> str:
    """What stands between two lines of a paragraph once they are one: a space, or nothing."""
    # A hyphen at a line's end is kept: it belongs to the word more often than not on wires.
    if previous[-2:-1].isalpha() and previous.endswith("-") and line[0].islower():
        return ""
    return "" if _UNSPACED.match(previous[-1]) and _UNSPACED.match(line) else " "


def _width(lines: list[str], lengths: list[int], columns: Columns) -> int:
    """The width at which the lines were wrapped, or 0 when they were not."""
    if _is_long(lengths):
        return 0
    width = max((length for length in lengths if length <= _WIDEST), default=0)
    if width < _NARROWEST:
        return 0
    pairs, full = 0, []
    for at in range(len(lines) - 1):
        length, following = lengths[at], lengths[at + 1]
        if length and following:
            pairs += 1
            # Not even the whole next line would fill it.
            if length + 1 + following + _FREE > width and _goes_on(lines[at], lines[at + 1], width, columns):
                full.append(lines[at + 1])
    # A flash of two lines shows its wrap but once: there the next line must go on in lower case.
    least = 1 if pairs <= _FEW and any(after[0].islower() for after in full) else 2
    return width if len(full) >= max(least, pairs * _SHOWS) else 0


def _is_spaced(lines: list[str]) -> bool:
    """Whether most paragraphs of wrapped lines are set apart by blank lines."""
    groups = "\n".join(lines).strip().split("\n\n")
    return len(groups) > 2 and len(lines) < 12 * len(groups)


def _goes_on(line: str, after: str, width: int, columns: Columns) -> bool:
    length = columns(line)
    if length > _WIDEST or after.startswith(_BULLETS):
        return False
    word = after.split(None, 1)[0]
    if _UNSPACED.match(word) and _UNSPACED.match(line[-1]):
        return length + _FREE > width
    return length + 1 + columns(word) > width

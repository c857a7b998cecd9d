"""Characters that readers do not see, taken out of text that is kept."""

from __future__ import annotations

import re

#: never meant for readers: controls (white space aside), soft hyphen, word joiner and the invisible
#: operators after it, byte order mark, the place holder of an embedded object
_ALWAYS = "\x00-\x08\x0e-\x1e\x7f-\x84\x86-\x9f\xad\u2060-\u2064\ufeff\ufffc"
_SPACE = "\u200b"
_JOINERS = "\u034f\u200c\u200d"
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_ALWAYS}{_SPACE}{_JOINERS}{_DIRECTIONS}]")

#: Thai, Lao, Burmese, Khmer: a space of no width is where words end
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
#: scripts whose letters change shape with a joiner, and emoji, which are put together by one
_SHAPED = re.compile(
    r"[\u0590-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\u2600-\u27bf\U0001f000-\U0001faff]"
)
_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_OPEN_DIRECTION = re.compile("[\u202a\u202b\u202d\u202e\u2066-\u2068]")
_CLOSE_DIRECTION = re.compile("[\u202c\u2069]")


def unseen(text: str) -> re.Pattern[str] | None:
    """What to take out of a text: a pattern that matches each such character; None for nothing.

    Joiners stay where the script needs them, the space of no width where it ends words, direction
    marks in text that is written from right to left; embeddings that are not closed in the text
    would turn what follows, and go.
    """
    # One pass in C over what nearly every text is.
    if text.isprintable() or not _UNSEEN.search(text):
        return None
    kept = ""
    if _UNSPACED.search(text):
        kept += _SPACE
    if _SHAPED.search(text):
        kept += _JOINERS
    if _RIGHT_TO_LEFT.search(text):
        balanced = len(_OPEN_DIRECTION.findall(text)) == len(_CLOSE_DIRECTION.findall(text))
        kept += _DIRECTIONS if balanced else "\u061c\u200e\u200f"
    return _pattern(kept)


def visible(text: str) -> str:
    """The text without what readers do not see; white space collapsed again where that left two."""
    gone = unseen(text)
    if gone is None:
        return text
    lines = (" ".join(line.split()) for line in gone.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def _pattern(kept: str) -> re.Pattern[str]:
    found = _PATTERNS.get(kept)
    if found is None:
        taken = f"[{_ALWAYS}{_SPACE}{_JOINERS}{_DIRECTIONS}]"
        found = _PATTERNS[kept] = re.compile(f"(?![{kept}]){taken}" if kept else taken)
    return found


_PATTERNS: dict[str, re.Pattern[str]] = {}

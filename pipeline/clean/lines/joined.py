"""Texts whose paragraphs were joined into one line, as sentences that can be judged."""

from __future__ import annotations

import re

from pipeline.words import count_words

#: a line of so many words that holds this share of a text's words is a text whose breaks were lost
_JOINED_WORDS = 120
_JOINED_SHARE = 0.6
#: a sentence of fewer words is left with the next: most are initials and abbreviations
_LEAST_WORDS = 4
#: after a stop and what closes it; before a dateline ("PORT ELLERY (Reuters) - "), which follows a headline
#: without one; and before the credits and notices of wires
_BREAK = re.compile(
    r"(?<=[.!?…])(?P<closing>[\"”’»)\]]*)\s+(?=[\"“„‘«(\[]*[^\W\d_a-zß-öø-ÿ])"
    r"|(?<=[。！？])(?P<wide>[」』”）]*)(?=\S)"
    r"|\s(?=[A-Z][A-Z.'’ -]{2,30}(?:, [^()]{2,30})? \([A-Z][^()]{1,30}\) ?[-–—] )"
    r"|\s(?=\((?:Reporting|Writing|Editing) by |©|Copyright \d)"
)


def parted(lines: list[str]) -> tuple[list[str], list[int]]:
    """The lines, those that hold a whole text as sentences; and for each the number of its line."""
    counts = [len(line) for line in lines]
    total = sum(counts)
    if max(counts, default=0) < _JOINED_SHARE * total:
        return lines, list(range(len(lines)))
    pieces: list[str] = []
    origin: list[int] = []
    for at, line in enumerate(lines):
        whole = counts[at] >= _JOINED_SHARE * total and count_words(line) >= _JOINED_WORDS
        found = _sentences(line) if whole else [line]
        pieces += found
        origin += [at] * len(found)
    return pieces, origin


def _sentences(line: str) -> list[str]:
    found: list[str] = []
    start = 0
    for match in _BREAK.finditer(line):
        end = match.end("closing") if match["closing"] is not None else match.start()
        end = match.end("wide") if match["wide"] is not None else end
        if count_words(line[start:end]) >= _LEAST_WORDS:
            found.append(line[start:end])
            start = match.end()
    return [*found, line[start:]] if line[start:] else found

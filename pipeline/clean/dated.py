"""Short lines with a date in them near an article: evidence where no element and no name says "date"."""

from __future__ import annotations

import re
from typing import Any

from pipeline.clean.choosing import Choice
from pipeline.clean.walk import hints

#: pieces around the article's start and end that are looked at
_ABOVE, _BELOW_START, _ABOVE_END, _BELOW = 60, 12, 6, 45
_LONGEST = 140
#: the most letters of a text ahead that may be the date's label
_LABEL = 40
#: lines at the top of a longer text of several lines that are looked at
_MOST_LINES = 4
_MOST = 40
#: a year, a date in figures, or figures of other scripts; what it is exactly is not asked here. All begin
#: with the same class of characters, for which the engine scans texts at once.
_REST = (
    r"(?:(?<!\d\d)(?:(?<=1)[3489]|(?<=2)[0456])\d\d(?!\d)|[./\-–]\s?\d{1,2}[./\-–]\s?\d\d|\s?[年년]"
    r"|(?<=[٠-٩۰-۹०-९০-৯๐-๙])|[-/ .]?[^\W\d]{3,9}[-/ .'’]{1,2}\d\d(?!\d))"
)
DATED = re.compile(r"\d" + _REST)
#: the same of text that is all ASCII, which is scanned at twice the speed
DATED_ASCII = re.compile(r"[0-9]" + _REST, re.ASCII)
_FIGURE = re.compile(r"\d")


#: a story that opens with its date, set off by a mark; pieces from the start within which it may
_OPENS = re.compile(
    r"(?:\w{4,20} vom )?[(\[]?(?:[^\W\d]{2,12},? )?(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2,4}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}\S{0,3} [^\W\d]{3,12}\.?,? \d{4}|[^\W\d]{3,12}\.? \d{1,2}\w{0,2}, \d{4})"
    r"(?:\s?[|–—:)\]„»“]|\s-\s)"
)
#: the most characters of an opening ahead of its first figure
_AHEAD = 60
_OPENING = 6
#: what blogs write below a story, in a sentence
_POSTED = re.compile(
    r"[PpFfVvGg](?<!\w.)(?:(?<=[Pp])(?i:osted (?:on|by|in)|ublished|ublié|ublicado)|(?<=[Ff])(?i:iled under)"
    r"|(?<=[Vv])(?i:er[öo]ffentlicht)|(?<=[Gg])(?i:epostet))"
)
_LONGEST_NOTE = 400


def date_lines(choice: Choice, first: int, last: int) -> list[dict[str, Any]]:
    """The lines with a date around an article's first and last piece, in page order: {text, before,
    place, opens, at, after, linked}.

    ``before`` is the short text ahead, which may say whose date it is; ``at`` counts the pieces from the
    article's start, ``after`` those from its end; ``opens`` tells the date that a story opens with.
    """
    pieces, families, kept = choice.tree.pieces, choice.families, set(choice.chosen)
    unwanted = hints.OUTSIDE & ~hints.META
    top, bottom = first + _BELOW_START, last + 1 + _BELOW
    search, search_ascii, longest = DATED.search, DATED_ASCII.search, _LONGEST
    lines: list[dict[str, Any]] = []
    for start, stop in ((max(0, first - _ABOVE), top), (max(top, last - _ABOVE_END), bottom)):
        for at, piece in enumerate(pieces[start:stop], start):
            text = piece.text
            if len(text) > longest:
                text = _dated_part(text, at - first, at - last)
            if not text or not (search_ascii(text) if text.isascii() else search(text)):
                continue
            ahead = pieces[at - 1].text if at else ""
            # Below an article whatever holds a link is the line of another one.
            linked = piece.link_letters * 2 > len(text) if at <= last else piece.link_letters > 0
            lines.append(
                {"text": text, "before": ahead if len(ahead) <= _LABEL else "",
                 "place": "outside" if families[piece.box] & unwanted else "inside" if at in kept
                 else "before" if at < first else "after" if at > last else "between",
                 "opens": text is not piece.text and _OPENS.match(text) is not None,
                 "at": at - first, "after": at - last, "linked": linked}
            )  # fmt: skip
            if len(lines) == _MOST:
                return lines
    return lines


def _dated_part(text: str, at: int, after: int) -> str:
    """Of a longer text: its first lines with a date; the opening of a story; a note of when it was posted."""
    if "\n" in text:
        first = text.split("\n", _MOST_LINES)[:_MOST_LINES]
        return "\n".join([line for line in first if len(line) <= _LONGEST and DATED.search(line)])
    if -_OPENING <= at <= _OPENING and _FIGURE.search(text, 0, _AHEAD) and (opening := _OPENS.match(text)):
        return opening[0]
    if after > 0 and len(text) <= _LONGEST_NOTE and _FIGURE.search(text) and (note := _POSTED.search(text)):
        return text[note.start() : note.start() + _LONGEST]
    return ""

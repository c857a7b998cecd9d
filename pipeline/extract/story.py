"""The story itself: its blocks without what fields repeat, as text and as Markdown."""

from __future__ import annotations

import re

from pipeline.extract.dates.reading import read_date
from pipeline.extract.merge import Merge
from pipeline.extract.titles import alike, plain
from pipeline.model import Block
from pipeline.words import count_words

#: blocks at the top that may repeat the headline or hold the byline
_TOP = 6
#: in Markdown: what begins an item of a list, and an empty line inside a quote
_BULLET = re.compile(r"(?P<indent>(?:> | )*)(?:[-*]|(?P<number>\d{1,9})[.)]) ")
_QUOTED_BLANK = re.compile(r"[> ]*>\n")
#: share of words that makes a line a headline once more
_REPEATED = 0.85


def without_top(blocks: list[Block], merge: Merge) -> list[Block]:
    """The blocks without what is repeated above the story: headlines, section, byline, date."""
    headlines = [merge.fields.get("title") or "", *merge.fields.get("subtitles", [])]
    section = plain(merge.fields.get("section") or "")
    authors = merge.fields.get("authors", [])
    top = []
    for block in blocks[:_TOP]:
        text = block.text
        repeated = block.kind in ("heading", "paragraph", "item") and is_repeated(text, headlines)
        short = len(text) < 100
        byline = short and any(name in text for name in authors) and count_words(text) <= 4 + 3 * len(authors)
        dated = short and count_words(text) <= 8 and not text.endswith(".") and read_date(text) is not None
        if text and (repeated or byline or dated or (section and short and plain(text) == section)):
            continue
        top.append(block)
    return top + blocks[_TOP:]


def markdown(blocks: list[Block]) -> str:
    """Blocks as Markdown: a blank line between them, but not between the items of a list, nor where a
    block brings the quoted blank line that keeps it in the quote of the one before."""
    out: list[str] = []
    last: Block | None = None
    for block in blocks:
        if last is not None:
            attached = last.kind == "item" and _is_new_item(last.markup, block.markup)
            quoted = block.markup[:1] in (">", " ") and _QUOTED_BLANK.match(block.markup)
            out.append("\n" if attached or quoted else "\n\n")
        out.append(block.markup)
        last = block
    return "".join(out)


def _is_new_item(last: str, markup: str) -> bool:
    """Whether a block begins an item that may follow at once. A further paragraph of an item may not, nor
    an inner list with another number than 1, which would read as text (CommonMark 5.3)."""
    bullet = _BULLET.match(markup)
    if bullet is None:
        return False
    outer = _BULLET.match(last)
    return bullet["number"] in (None, "1") or (
        outer is not None and bullet.end("indent") <= outer.end("indent")
    )


def is_repeated(line: str, headlines: list[str]) -> bool:
    """Whether a line at the top of a text is one of the headlines once more."""
    # Paragraphs are told by their length alone: comparing letters costs more than all the rest.
    near = [headline for headline in headlines if len(line) <= 2 * len(headline) + 20]
    return any(
        plain(line) == plain(headline)
        or (len(line) > 30 and abs(len(line) - len(headline)) < 12 and alike(line, headline) >= _REPEATED)
        for headline in near
    )

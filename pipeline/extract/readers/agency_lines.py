"""Candidates from the lines around a story that say from which agency it is, and who wrote it for her."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.agencies import agency_named
from pipeline.extract.candidate import Candidate
from pipeline.extract.copyrights import read_copyright
from pipeline.extract.names import people
from pipeline.extract.sources import byline_agency, closing_sign, end_of_story
from pipeline.extract.wire import read_opening
from pipeline.model import Block, Document

TRUST = 90

#: blocks at the top that may be a byline, and at the end that may be a credit
_TOP, _TAIL = 3, 6
#: lines below the story of a page that may name its agency
_BELOW = 4
#: classes of those whom pictures are by
_PICTURE = re.compile(r"media|photo|image|picture|caption|credit|figure|video", re.I)
#: no byline is longer (characters)
_LONGEST = 140
_BY = ("By ", "BY ", "Von ", "Par ", "Por ")


def read(document: Document) -> Iterator[Candidate]:
    """Agency from bylines, from credits and signatures below, and from copyright lines; authors from a byline
    in one line with the dateline."""
    yield from _above(document)
    yield from _below(document)


def _above(document: Document) -> Iterator[Candidate]:
    signals = document.signals
    for line in signals.get("bylines", ()):
        yield from _agency(byline_agency(line, certain=True), "byline")
    for one in signals.get("shown", ()):
        if (
            one["what"] == "author"
            and one["place"] in ("before", "inside")
            and not _PICTURE.search(one["names"])
        ):
            yield from _agency(byline_agency(one["text"], certain=True), "byline")
    short = [
        one.text for one in document.blocks[:_TOP] if len(one.text) < _LONGEST and one.text[-1:] not in ".?!"
    ]
    # Of the lines above a plain text the first is the headline; an agency's name may stand alone in others.
    for line in (
        *signals.get("labels", ()),
        *signals.get("headlines", ())[1:],
        *signals.get("lead", ()),
        *short,
    ):
        yield from _agency(byline_agency(line, certain=document.kind == "text"), "byline")
    for block in document.blocks[:_TOP]:
        if block.text.startswith(_BY) and (opening := read_opening(block.text)) and opening.byline:
            yield Candidate("authors", people(opening.byline), "dateline")


def _below(document: Document) -> Iterator[Candidate]:
    last = [block for block in document.blocks[-_TAIL:] if block.kind not in ("caption", "code", "table")]
    for block in last:
        yield from _of_line(block.text, inside=True)
    text = document.kind == "text"
    # Farther below the story of a page, sources are those of other stories' pictures.
    for line in document.signals.get("closing", ())[: None if text else _BELOW]:
        yield from _of_line(line, inside=text, bare=text)
    for line in document.signals.get("notices", ()):
        yield from _of_line(line, inside=False, bare=text)
    for signed in _signed(last):
        yield from _agency(signed, "credits")


def _signed(last: list[Block]) -> Iterator[str | None]:
    """The agency that signs the last sentence of a story; credits and notices may follow it."""
    for block in reversed(last):
        signed = end_of_story(block.text)
        if signed is not None:
            yield signed[0].agency
            return
        if len(block.text) > 2 * _LONGEST:
            return


def _of_line(line: str, *, inside: bool, bare: bool = True) -> Iterator[Candidate]:
    """The agency that a line at the end of a story, or below it, names. Outside the article a notice must
    state a year, too: a picture's has none."""
    sign = closing_sign(line, bare=bare)
    if sign is not None:
        yield from _agency(sign.agency, "credits")
        return
    rights = read_copyright(line)
    if rights is not None and rights.holder and (inside or rights.year):
        yield from _agency(agency_named(rights.holder), "copyright line")


def _agency(agency: str | None, source: str) -> Iterator[Candidate]:
    if agency:
        yield Candidate("agency", agency, source)

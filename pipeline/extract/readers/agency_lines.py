"""Candidates from the lines around a story that say from which agency it is, and who wrote it for her."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.people.names import people
from pipeline.extract.wire.agencies import agency_named, may_name
from pipeline.extract.wire.copyrights import read_copyright
from pipeline.extract.wire.datelines import read_opening
from pipeline.extract.wire.sources import byline_agency, closing_sign, end_of_story
from pipeline.model import Block, Document

TRUST = 90

#: blocks at the top that may be a byline, and at the end that may be a credit
_TOP, _TAIL = 3, 6
#: lines below the story of a page that may name its agency
_BELOW = 2
#: classes of those whom pictures are by
_PICTURE = re.compile(r"media|photo|image|picture|caption|credit|figure|video", re.I)
#: no byline, and no line that names an agency below, is longer (characters)
_LONGEST = 300
_BY = ("By ", "BY ", "Von ", "Par ", "Por ")


def read(document: Document) -> Iterator[Candidate]:
    """Agency from bylines, from credits and signatures below, and from copyright lines; authors from a byline
    in one line with the dateline."""
    yield from _above(document)
    yield from _below(document)


def _above(document: Document) -> Iterator[Candidate]:
    text = document.kind == "text"
    certain = [*document.signals.get("bylines", ()), *_shown_bylines(document)]
    # Of the lines above a plain text the first is the headline; an agency's name may stand alone in others.
    lines = [
        *document.signals.get("labels", ()), *document.signals.get("headlines", ())[1:],
        *document.signals.get("lead", ()), *(block.text for block in document.blocks[:_TOP]),
    ]  # fmt: skip
    lines = [line for line in lines if len(line) < _LONGEST and line[-1:] not in ".?!"]
    # Asked of all at once, since most pages name none.
    if may_name("\n".join((*certain, *lines))):
        for line in certain:
            yield from _agency(byline_agency(line, certain=True), "byline")
        for line in lines:
            yield from _agency(byline_agency(line, certain=text), "byline")
    for block in document.blocks[:_TOP]:
        if block.text.startswith(_BY) and (opening := read_opening(block.text)) and opening.byline:
            yield Candidate("authors", people(opening.byline), "dateline")


def _shown_bylines(document: Document) -> Iterator[str]:
    """Texts of elements that name authors; a stroke between agency and name makes a picture's of them."""
    for one in document.signals.get("shown", ()):
        if one["what"] == "author" and one["place"] in ("before", "inside"):
            text = one["text"]
            if len(text) < _LONGEST and "/" not in text and not _PICTURE.search(one["names"]):
                yield text


def _below(document: Document) -> Iterator[Candidate]:
    text = document.kind == "text"
    last = [block for block in document.blocks[-_TAIL:] if block.kind not in ("caption", "code", "table")]
    inside = [block.text for block in last]
    # Farther below the story of a page, sources are those of other stories' pictures.
    below = list(document.signals.get("closing", ())[: None if text else _BELOW])
    notices = [line for line in document.signals.get("notices", ()) if line not in below]
    near = [line for line in (*inside, *below, *notices) if len(line) < _LONGEST]
    if not (may_name("\n".join(near)) or any("gen" in line for line in near)):
        near = []
    for line in near:
        yield from _of_line(
            line, inside=line in inside or (text and line in below), bare=text or line in inside
        )
    for signed in _signed(last):
        yield from _agency(signed, "credits")


def _signed(last: list[Block]) -> Iterator[str | None]:
    """The agency that signs the last sentence of a story; credits and notices may follow it."""
    for block in reversed(last):
        signed = end_of_story(block.text)
        if signed is not None:
            yield signed[0].agency
            return
        if len(block.text) > _LONGEST:
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

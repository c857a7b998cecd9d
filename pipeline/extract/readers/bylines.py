"""Candidates from bylines on show, and from lines that only their words make one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.agencies import agency_named
from pipeline.extract.candidate import Candidate
from pipeline.extract.names import people, person
from pipeline.extract.on_show import NEAR, Shown, on_show
from pipeline.model import Document

TRUST = 40

_BYLINE = re.compile(
    r"^(?:(?:written |reported |posted |story |text )?by|von|par|por|di|door|av|af|autor(?:in)?:|auteur:"
    r"|author:)\s*:?\s+\S",
    re.I,
)


def read(document: Document) -> Iterator[Candidate]:
    """Authors and agency from elements, then from lines above the story."""
    yield from _bylines(on_show(document))
    yield from _lines(document)


def _bylines(shown: list[Shown]) -> Iterator[Candidate]:
    by_rel: list[str] = []
    by_class: list[str] = []
    for one in shown:
        text = one["text"]
        if not text or len(text) > 200 or one["place"] == "after" or one["at"] < -NEAR:
            continue
        if one["what"] in ("itemprop:author", "itemprop:creator") or (
            one["what"] == "author" and "author" in one["names"].split()
        ):
            alone = person(text)
            by_rel += [name for name in ([alone] if alone else people(text)) if name and name not in by_rel]
        elif one["what"] == "author":
            by_class += [name for name in people(text) if name not in by_class]
        if one["what"] in ("author", "itemprop:author"):
            for line in text.split("\n"):
                agency = agency_named(line)
                if agency:
                    yield Candidate("agency", agency, "byline")
    if by_rel:
        yield Candidate("authors", by_rel[:10], "byline")
    if by_class:
        yield Candidate("authors", by_class[:10], "byline")


def _lines(document: Document) -> Iterator[Candidate]:
    """Bylines that only their words tell: above the story, in HTML or plain text."""
    signals = document.signals
    lines: list[str] = [*signals.get("bylines", ()), *signals.get("lead", ())]
    lines += [block.text for block in document.blocks[:3] if len(block.text) < 120]
    for line in lines:
        if len(line) < 140 and _BYLINE.match(line):
            names = people(line)
            if names:
                yield Candidate("authors", names, "byline")
            agency = agency_named(re.sub(r"^\S+\s+", "", line))
            if agency:
                yield Candidate("agency", agency, "byline")

"""Texts to train on: from pages with a true body, and from pages on which three extractors agree."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import trafilatura
from readability import Document as Readable
from resiliparse.extract.html2text import extract_plain_text
from selectolax.lexbor import LexborHTMLParser

from pipeline.clean.encoding.decode import decode
from training.corpora import FLATTENED, Labelled, read
from training.text_pages import Line, flatten, matched, shares
from training.text_styles import styled


class Sample(NamedTuple):
    """One text: lines with their shares of story."""

    corpus: str
    id: str
    domain: str
    language: str | None
    type: str
    style: str
    lines: list[Line]
    #: the true body, where known: scores are against it
    body: str | None
    #: snippets that a text must and must not hold, where known
    wanted: list[str]
    unwanted: list[str]
    #: weight of the whole text in training
    weight: float


class Source(NamedTuple):
    """A page as lines."""

    page: Labelled
    lines: list[Line]
    body: str | None


#: Beside its whole page and its story alone, each page is trained on in one other style (with wrapping or
#: not), drawn by its name: more forms of the same page teach less than all lines of it.
_OTHERS = (
    ("region", False),
    ("region", True),
    ("sparse", False),
    ("sparse", True),
    ("part", False),
    ("part", True),
)
_CLEAN_WEIGHT = 0.8
_OTHER_WEIGHT = 0.7
#: how far a collection's truth is trusted
_TRUST = {
    FLATTENED: 1.5,
    "wcxb-dev": 0.8,
    "fundus": 1.5,
    "trafilatura": 0.7,
    "trafilatura-realworld": 0.7,
    "htmldate": 0.7,
    "readability": 0.5,
    "newspaper4k": 0.5,
}


def samples(folder: Path) -> Iterator[Sample]:
    """All texts, in a fixed order."""
    for source in sources(folder):
        yield from variants(source)


def variants(source: Source) -> Iterator[Sample]:
    """One page in the styles in which it is trained on."""
    page = source.page
    for style, wrapped, weight in _styles(page):
        lines = styled(source.lines, style, wrapped, f"{page.corpus}/{page.id}")
        if lines:
            yield Sample(
                page.corpus, page.id, page.domain, page.language, page.type,
                style + ("-wrapped" if wrapped else ""), lines,
                source.body if style == "flat" else None,
                page.truth.get("with") or [], page.truth.get("without") or [], weight,
            )  # fmt: skip


def _styles(page: Labelled) -> Iterator[tuple[str, bool, float]]:
    # The articles of WCXB are in the flattened collection already.
    if page.corpus == "wcxb-dev" and page.type == "article":
        return
    trust = _TRUST[page.corpus]
    yield "flat", False, trust
    if page.corpus != "wcxb-dev":
        drawn = zlib.crc32(f"{page.corpus}/{page.id}/style".encode())
        yield "clean", drawn % 3 == 0, trust * _CLEAN_WEIGHT
        style, wrapped = _OTHERS[(drawn >> 8) % len(_OTHERS)]
        yield style, wrapped, trust * _OTHER_WEIGHT


def sources(folder: Path) -> Iterator[Source]:
    """The pages of all collections as lines."""
    for page in read(folder, FLATTENED):
        lines = [line for line in page.content.decode("utf-8").split("\n") if line.strip()]
        yield _aligned(page, lines, page.truth["body"])
    for corpus in ("wcxb-dev", "fundus", "readability", "newspaper4k"):
        for page in read(folder, corpus):
            body = page.truth.get("body") or _text_of(page.truth.get("body_html"))
            lines = flatten(decode(page.content, None), hidden=corpus == "wcxb-dev")
            if body and lines:
                yield _aligned(page, lines, body)
    for corpus in ("trafilatura", "trafilatura-realworld", "htmldate"):
        for page in read(folder, corpus):
            source = _agreed(page)
            if source is not None:
                yield source


def _aligned(page: Labelled, lines: list[str], body: str) -> Source:
    found = shares(lines, body)
    return Source(page, [Line(line, share) for line, share in zip(lines, found, strict=True)], body)


def _text_of(html: str | None) -> str | None:
    return "\n".join(flatten(html)) if html else None


def _agreed(page: Labelled) -> Source | None:
    """A page without a true body: what three extractors agree on counts, and its snippets."""
    html = decode(page.content, None)
    lines = flatten(html, hidden=False)
    if len(lines) < 3 or len(html) > 1_500_000 or LexborHTMLParser(html).body is None:
        return None
    votes = [matched(lines, text) for text in _peers(html)]
    if len(votes) < 3:
        return None
    wanted = [" ".join(one.split()) for one in page.truth.get("with") or () if one.strip()]
    unwanted = [" ".join(one.split()) for one in page.truth.get("without") or () if one.strip()]
    found = []
    for line, *said in zip(lines, *votes, strict=True):
        yes = sum(1 for share in said if share >= 0.5)
        story, weight = float(yes >= 2), 1.0 if yes in (0, 3) else 0.3
        if any(one in line for one in wanted):
            story, weight = 1.0, 1.5
        elif any(one in line for one in unwanted):
            story, weight = 0.0, 1.5
        found.append(Line(line, story, weight))
    return Source(page, found, None)


def _peers(html: str) -> list[str]:
    texts = [
        trafilatura.extract(html, include_comments=False, fast=True),
        extract_plain_text(html, main_content=True, alt_texts=False),
    ]
    try:
        texts.append(_text_of(Readable(html).summary()))
    except Exception as error:  # noqa: BLE001 - it raises whatever its parser does: the page is left out
        print(f"readability: {type(error).__name__}")
    return [text for text in texts if text and len(text) > 200]

"""Feedmill's own texts: from the real code, or from held-out folds of its training."""

from __future__ import annotations

import lzma
from pathlib import Path

import msgspec

from pipeline.clean import clean
from pipeline.model import Document, Page
from pipeline.packing import digest
from training.corpora import FLATTENED, Labelled

NAME = "Feedmill"


class Kept(msgspec.Struct, frozen=True):
    """What is kept of one page, and how sure the cut is (0 to 1; None: not told)."""

    text: str
    confidence: float | None = None
    #: what the code raised, which it never should; the text is then empty
    error: str | None = None


class _Record(msgspec.Struct, frozen=True):
    corpus: str
    id: str
    text: str
    confidence: float | None = None


class IncompleteError(Exception):
    """The held-out texts lack pages of a collection that they cover."""


class HeldOut:
    """Texts from cross-validation: each page by a model that saw no page of its registered domain.

    The file holds a JSON record a line (``corpus``, ``id``, ``text``, ``confidence``), plain or .xz.
    """

    def __init__(self, path: Path) -> None:
        opener = lzma.open if path.suffix == ".xz" else Path.open
        with opener(path, "rb") as lines:
            records = [msgspec.json.decode(line, type=_Record) for line in lines]
        self._kept = {(one.corpus, one.id): Kept(one.text, one.confidence) for one in records}
        #: the collections that it covers
        self.corpora = {one.corpus for one in records}

    def of(self, page: Labelled) -> Kept:
        """
        Raises:
            IncompleteError: the page is missing.
        """
        try:
            return self._kept[page.corpus, page.id]
        except KeyError:
            raise IncompleteError(f"No held-out text of page {page.id} of {page.corpus}.") from None


def as_page(page: Labelled) -> Page:
    """A labelled page as the pipeline would get it."""
    kind = "text/plain; charset=utf-8" if page.corpus == FLATTENED else "text/html"
    return Page(body=page.content, digest=digest(page.content), key=page.id, url=page.url, content_type=kind)


def kept(page: Labelled) -> Kept:
    """By the shipped models, which may have seen the page."""
    try:
        document = clean(as_page(page))
    except Exception as raised:  # noqa: BLE001 - a defect on one page is counted like a peer's, and told
        return Kept("", error=f"{type(raised).__name__}: {raised}")
    return Kept(text(document), document.confidence)


def text(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)

"""Labelled pages as the cleaner sees them: walked, numbered, and each piece with its share of the truth."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from selectolax.lexbor import LexborHTMLParser

from pipeline.clean.encoding.decode import to_utf8
from pipeline.clean.scoring.page_numbers import PageNumbers, number
from pipeline.clean.walk.boxes import Tree
from pipeline.clean.walk.nesting import tame
from pipeline.clean.walk.tree import read_tree
from training.corpora import PAGES, Labelled, read
from training.labels import aligned, by_snippets

Floats = NDArray[np.float32]

FOLDS = 5
#: how far a collection's truth is trusted: people's, a publisher's parser, another tool's output
TRUST = {"wcxb-dev": 1.0, "fundus": 1.5, "trafilatura": 1.0, "trafilatura-realworld": 1.0,
         "readability": 0.5, "newspaper4k": 0.5}  # fmt: skip
#: articles are what the cleaner is for
_ARTICLE = 2.0
#: pages with more pieces than this are left out of training: one page must not be a model
_MOST_PIECES = 6_000


class PageData(msgspec.Struct, frozen=True):
    """One page; rows follow its pieces."""

    page: Labelled
    tree: Tree
    numbers: PageNumbers
    #: the true text; None where the collection only has snippets
    truth: str | None
    #: share of the truth from 0 to 1, nan where unknown
    label: Floats
    #: what a piece counts in training; 0 where its label is unknown
    weight: Floats
    fold: int


def fold_of(domain: str) -> int:
    """The fold of a registered domain: the same on every machine."""
    return zlib.crc32(domain.encode()) % FOLDS


def truth_of(page: Labelled) -> str | None:
    """The true text of a page, or None where its collection has only snippets."""
    if page.truth.get("body"):
        return str(page.truth["body"])
    if page.truth.get("body_html"):
        body = LexborHTMLParser(page.truth["body_html"]).body
        return body.text(separator="\n") if body is not None else None
    return None


def load(folder: Path, corpora: tuple[str, ...] = PAGES) -> Iterator[PageData]:
    """Every page of the collections that shows any text."""
    for corpus in corpora:
        for page in read(folder, corpus):
            tree = read_tree(tame(to_utf8(page.content)))
            if tree.pieces and len(tree.pieces) <= _MOST_PIECES:
                yield _labelled(page, tree)


def _labelled(page: Labelled, tree: Tree) -> PageData:
    numbers = number(tree)
    texts = [piece.text for piece in tree.pieces]
    truth = truth_of(page)
    if truth is not None:
        label = aligned(texts, truth)
        size = max(20.0, float(np.nansum(label * numbers.words)))
        weight = (numbers.words + 1) / np.sqrt(size)
    else:
        label = by_snippets(texts, page.truth.get("with") or [], page.truth.get("without") or [])
        weight = (numbers.words + 1) / np.sqrt(300.0)
    weight = weight * TRUST[page.corpus] * (_ARTICLE if page.type in ("article", "page") else 1.0)
    weight = np.where(np.isnan(label), 0, weight).astype(np.float32)
    return PageData(page, tree, numbers, truth, label, weight, fold_of(page.domain))

"""CPU time a page, as `benchmarks.cleaning.speed` measures it: systems take turns on the same pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.cleaning.ours import as_page
from benchmarks.cleaning.peers import Peer
from benchmarks.cleaning.speed import Timing, Work, measure, sample
from benchmarks.metadata import ours
from pipeline.clean import clean
from pipeline.extract import extract
from pipeline.model import Document, Page
from training.corpora import Labelled


def timings(
    folder: Path, corpora: Iterable[str], chosen: Mapping[str, Peer], count: int, seed: int
) -> list[Timing]:
    """From a page's bytes to text and metadata, beside the peers; and metadata from a document alone."""
    pages = sample(folder, corpora, count, seed)
    documents = {(page.corpus, page.id): clean(as_page(page)) for page in pages}
    whole: dict[str, Work] = {f"{ours.NAME}, bytes to article": _article}
    whole |= {name: _work(one) for name, one in chosen.items()}
    alone: dict[str, Work] = {f"{ours.NAME}, document to article": _extract(documents)}
    return [
        measure("pages of all collections", pages, whole),
        *(measure(f"documents, round {turn + 1}", pages, alone) for turn in range(3)),
    ]


def _article(labelled: Labelled, page: Page) -> object:
    return extract(clean(page))


def _extract(documents: Mapping[tuple[str, str], Document]) -> Work:
    return lambda labelled, page: extract(documents[labelled.corpus, labelled.id])


def _work(peer: Peer) -> Work:
    return lambda labelled, page: peer.extract(labelled.content, labelled.url)

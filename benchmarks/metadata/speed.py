"""CPU time a page, as `benchmarks.cleaning.speed` measures it: systems take turns on the same pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.cleaning.ours import as_page
from benchmarks.cleaning.peers import TIMED, Peer
from benchmarks.cleaning.speed import Timing, Work, measure, sample
from benchmarks.metadata import ours
from pipeline.clean import clean
from pipeline.extract import extract
from pipeline.model import Page
from training.corpora import Labelled

#: timed beside the peers: trafilatura's one call for all that an article is, and what no way is cheaper than
_BESIDE = ("trafilatura + metadata", "trafilatura fast + metadata", "bare lexbor parse")


def timing(folder: Path, corpora: Iterable[str], chosen: Mapping[str, Peer], count: int, seed: int) -> Timing:
    """From bytes to article; its last part, from document to article; and the peers, from bytes."""
    pages = sample(folder, corpora, count, seed)
    documents = {(page.corpus, page.id): clean(as_page(page)) for page in pages}

    def article(labelled: Labelled, page: Page) -> object:
        return extract(clean(page))

    def last(labelled: Labelled, page: Page) -> object:
        return extract(documents[labelled.corpus, labelled.id])

    def readers(labelled: Labelled, page: Page) -> object:
        return ours.candidates(documents[labelled.corpus, labelled.id])

    works: dict[str, Work] = {
        f"{ours.NAME}, bytes to article": article,
        f"{ours.NAME}, document to article": last,
        f"{ours.NAME}, readers alone": readers,
    }
    beside = {name: TIMED[name] for name in _BESIDE if chosen}
    works |= {name: _work(one) for name, one in (dict(chosen) | beside).items()}
    return measure("pages of all collections", pages, works)


def _work(peer: Peer) -> Work:
    return lambda labelled, page: peer.extract(labelled.content, labelled.url)

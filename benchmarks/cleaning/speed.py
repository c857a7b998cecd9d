"""CPU time a page, of all systems on the same pages in the same run.

Systems take turns page by page, in an order that turns from page to page, so that a machine that slows down
slows all of them. The clock is this process's CPU time. The first pages are run once untimed.
"""

from __future__ import annotations

import gc
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import fmean, median

import msgspec

from benchmarks.cleaning import ours
from benchmarks.cleaning.peers import Peer
from pipeline.clean import clean
from pipeline.extract import extract
from pipeline.model import Page
from training.corpora import FLATTENED, PAGES, Labelled, read

#: run once before the clock counts: imports, tables and caches are then filled
WARM_UP = 8

#: does a system's work on a page once; what it answers is not looked at
Work = Callable[[Labelled, Page], object]


class Cost(msgspec.Struct, frozen=True):
    """CPU milliseconds a page."""

    mean: float
    median: float
    slowest: float
    #: times Feedmill's mean
    ratio: float
    raised: int


class Timing(msgspec.Struct, frozen=True):
    name: str
    pages: int
    #: mean size of a page
    kilobytes: float
    systems: dict[str, Cost]


def sample(folder: Path, corpora: Iterable[str], count: int, seed: int) -> list[Labelled]:
    """Pages drawn at random over all collections together, each page as likely as any other.

    Collections that the folder does not have are left out.
    """
    rng = random.Random(seed)
    drawn: list[Labelled] = []
    seen = 0
    for corpus in corpora:
        if not (folder / f"{corpus}.jsonl.xz").exists():
            continue
        for page in read(folder, corpus):
            seen += 1
            if len(drawn) < count:
                drawn.append(page)
            elif (place := rng.randrange(seen)) < count:
                drawn[place] = page
    rng.shuffle(drawn)
    return drawn


def html_timing(folder: Path, peers: Mapping[str, Peer], count: int, seed: int) -> Timing:
    """Pages of all collections through Feedmill and its peers."""
    pages = sample(folder, PAGES, count, seed)
    return measure(
        "HTML, pages of all collections", pages, _own() | {name: _work(one) for name, one in peers.items()}
    )


def plain_timing(folder: Path, count: int, seed: int) -> Timing:
    """Flattened pages through Feedmill alone: no peer reads plain text."""
    return measure("plain text", sample(folder, [FLATTENED], count, seed), _own())


def measure(name: str, pages: list[Labelled], works: Mapping[str, Work]) -> Timing:
    """The first of ``works`` is what the others are divided by."""
    spent: dict[str, list[float]] = defaultdict(list)
    raised: dict[str, int] = defaultdict(int)
    turns = list(works.items())
    gc.collect()
    gc.freeze()
    for number, page in enumerate([*pages[:WARM_UP], *pages]):
        turns = [*turns[1:], turns[0]]
        for system, work in turns:
            seconds, failed = _timed(work, page, ours.as_page(page))
            if number >= min(WARM_UP, len(pages)):
                spent[system].append(1000 * seconds)
                raised[system] += failed
    gc.unfreeze()
    own = fmean(spent[next(iter(works))])
    return Timing(
        name=name,
        pages=len(pages),
        kilobytes=fmean(len(page.content) for page in pages) / 1000,
        systems={
            system: Cost(
                mean=fmean(spent[system]),
                median=median(spent[system]),
                slowest=max(spent[system]),
                ratio=fmean(spent[system]) / own,
                raised=raised[system],
            )
            for system in works
        },
    )


def _timed(work: Work, page: Labelled, as_page: Page) -> tuple[float, bool]:
    failed = False
    start = time.process_time()
    try:
        work(page, as_page)
    except Exception:  # noqa: BLE001 - a peer that raises has spent its time, too; counted in the report
        failed = True
    return time.process_time() - start, failed


def _own() -> dict[str, Work]:
    def article(labelled: Labelled, page: Page) -> object:
        document = clean(page)
        return document if document.problem else extract(document)

    return {ours.NAME: lambda labelled, page: clean(page), f"{ours.NAME}, the whole article": article}


def _work(peer: Peer) -> Work:
    return lambda page, as_page: peer.extract(page.content, page.url)

"""Sums over pages, and how sure a difference between two systems is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks.cleaning.scoring import Mark, Marked
from training.measure import Score, Snippets

#: resamples; the interval's ends then move by about a hundredth of its width from seed to seed
RESAMPLES = 4000
#: below this difference in quality two systems are level on a page
LEVEL = 0.005


class Summary(msgspec.Struct, frozen=True):
    """One system on a group of pages."""

    precision: float
    recall: float
    f1: float
    #: share of pages with a word F1 below .5; None for snippets
    below_half: float | None
    #: pages without a word of text, those with an error included
    nothing: int
    raised: int


class Pairing(msgspec.Struct, frozen=True):
    """One system against another on the same pages."""

    #: pages on which the first is better, and worse, by more than `LEVEL`
    wins: int
    losses: int
    #: of F1, the first minus the second
    difference: float
    #: 95 % interval of the difference
    low: float
    high: float


def summary(marks: Sequence[Mark]) -> Summary:
    """Mean over pages of precision, recall and word F1; of snippets over all of them together."""
    counts = [one.snippets for one in marks if one.snippets is not None]
    scores = [one.score for one in marks if one.score is not None]
    if counts:
        whole = sum(counts, Snippets()).score
        below = None
    else:
        whole = Score(*(fmean(part) for part in zip(*scores, strict=True)))
        below = fmean(one.f1 < 0.5 for one in scores)
    return Summary(
        *whole,
        below_half=below,
        nothing=sum(one.nothing for one in marks),
        raised=sum(one.error is not None for one in marks),
    )


def pairing(pages: Sequence[Marked], first: str, second: str, seed: int = 1) -> Pairing:
    """The interval is a bootstrap over registered domains, not pages: pages of one site fail together."""
    better = [page.marks[first].quality - page.marks[second].quality for page in pages]
    totals: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(6))
    for page in pages:
        totals[page.domain] += _parts(page.marks[first], page.marks[second])
    sums = np.array(list(totals.values()))
    drawn = np.random.default_rng(seed).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=RESAMPLES
    )
    low, high = np.quantile(_difference(drawn @ sums), (0.025, 0.975))
    return Pairing(
        wins=sum(one > LEVEL for one in better),
        losses=sum(one < -LEVEL for one in better),
        difference=float(_difference(sums.sum(axis=0)[None])[0]),
        low=float(low),
        high=float(high),
    )


def best_peer(summaries: dict[str, Summary], own: str) -> str | None:
    """The peer with the best F1 on these very pages: the choice is in its favour."""
    peers = {name: one.f1 for name, one in summaries.items() if name != own}
    return max(peers, key=peers.__getitem__) if peers else None


def _parts(first: Mark, second: Mark) -> NDArray[np.float64]:
    """What adds up over pages: pages, the difference of word F1; found, leaked or missed snippets of both."""
    if first.snippets is None or second.snippets is None:
        return np.array([1.0, first.quality - second.quality, 0, 0, 0, 0])
    a, b = first.snippets, second.snippets
    return np.array([0, 0, a.found, a.leaked + a.missed, b.found, b.leaked + b.missed], dtype=float)


def _difference(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    columns: list[NDArray[np.float64]] = list(sums.T)
    pages, difference, found_a, wrong_a, found_b, wrong_b = columns
    if pages.any():
        return difference / pages
    return _f1(found_a, wrong_a) - _f1(found_b, wrong_b)


def _f1(found: NDArray[np.float64], wrong: NDArray[np.float64]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = 2 * found / np.maximum(2 * found + wrong, 1)
    return scores

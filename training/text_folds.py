"""Held-out judgements of all texts: words, lines, lines among neighbours; by models of other domains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.characters import Lines, read
from pipeline.clean.lines.features import features
from pipeline.clean.lines.words import LineWords
from training import boost
from training.pages import FOLDS, fold_of
from training.text_sources import Sample
from training.text_words import as_file, fit_words, words_matrix

#: lines of a text that trees are fitted on at most: pages of thousands of lines teach nothing more
_MOST_LINES = 1500
#: of lines with few words, which are most of all lines and weigh little, this share is learned from
_SMALL_WORDS, _SMALL_SHARE = 3, 0.3

Rows = NDArray[np.float32]


class Texts(NamedTuple):
    """All texts as rows, one a line."""

    samples: list[Sample]
    numbers: list[Lines]
    #: first row of each text, and one more at the end
    starts: NDArray[np.int64]
    #: of each row
    fold: NDArray[np.int64]
    #: share of its words that are part of the story
    story: NDArray[np.float32]
    weight: NDArray[np.float64]

    def of(self, at: int) -> slice:
        """The rows of a text."""
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


def texts(samples: Sequence[Sample]) -> Texts:
    """Samples as rows, with their labels and weights."""
    numbers = [read([line.text for line in sample.lines]) for sample in samples]
    counts = [len(sample.lines) for sample in samples]
    weights, story = [], []
    for sample, lines in zip(samples, numbers, strict=True):
        share = np.array([line.story for line in sample.lines], np.float32)
        sure = np.array([line.weight for line in sample.lines])
        weights.append(sample.weight * sure * (lines.words + 1) / np.sqrt((lines.words * share).sum() + 50))
        story.append(share)
    return Texts(
        samples=list(samples),
        numbers=numbers,
        starts=np.concatenate(([0], np.cumsum(counts))),
        fold=np.repeat([fold_of(sample.domain) for sample in samples], counts),
        story=np.concatenate(story),
        weight=np.concatenate(weights),
    )


def word_scores(found: Texts) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Held-out log-odds of each row's words (3 x rows), and the table fitted on all."""
    flat = [at for at, sample in enumerate(found.samples) if sample.style == "flat"]
    rows = np.concatenate([np.arange(found.starts[at], found.starts[at + 1]) for at in flat])
    matrix = words_matrix([found.numbers[at] for at in flat])
    fold, story = found.fold[rows], found.story[rows] >= 0.5
    # Beside the trees' weights a long line counts less here: it has more words to say the same.
    weight = found.weight[rows] / np.sqrt(np.concatenate([found.numbers[at].words for at in flat]) + 1)
    weight /= weight.mean()
    scores = np.zeros((3, len(found.fold)), np.float32)
    for held in range(FOLDS):
        others = fold != held
        table = LineWords(as_file(fit_words(matrix[others], story[others], weight[others])))
        for at, lines in enumerate(found.numbers):
            if found.fold[found.starts[at]] == held:
                scores[:, found.of(at)] = table.score(lines)
    return scores, fit_words(matrix, story, weight)


def line_rows(found: Texts, words: NDArray[np.float32]) -> tuple[tuple[str, ...], Rows]:
    """The features of all rows (a row a line), as the run-time code computes them."""
    names: tuple[str, ...] = ()
    rows: Rows = np.zeros((0, 0), np.float32)
    for at, sample in enumerate(found.samples):
        part = found.of(at)
        names, values, _ = features([line.text for line in sample.lines], found.numbers[at], words[:, part])
        if not len(rows):
            rows = np.zeros((len(found.fold), len(names)), np.float32)
        rows[part] = values.T
    return names, rows


def learned(found: Texts) -> NDArray[np.float64]:
    """The weight of each row in training; 0 for rows that are not learned from."""
    chance = np.random.default_rng(boost.SEED)
    counts = np.concatenate([numbers.words for numbers in found.numbers])
    small = counts <= _SMALL_WORDS
    weight = np.where(small, found.weight / _SMALL_SHARE, found.weight)
    weight[small & (chance.random(len(counts)) > _SMALL_SHARE)] = 0
    for start, end in pairwise(found.starts.tolist()):
        if end - start > _MOST_LINES:
            weight[start + np.sort(chance.choice(end - start, end - start - _MOST_LINES, replace=False))] = 0
    return weight


def judged(found: Texts, names: Sequence[str], rows: Rows, size: dict[str, Any]) -> tuple[Rows, bytes]:
    """Held-out log-odds of each row, as the package computes them; and the model fitted on all."""
    weight = learned(found)
    scores = np.zeros(len(found.fold), np.float32)
    about = {"seed": boost.SEED, "texts": len(found.samples), "lines": int((weight > 0).sum()), **size}

    def fitted(part: NDArray[np.bool_]) -> bytes:
        return boost.fit(rows[part], found.story[part], weight[part].astype(np.float32), names, about, **size)

    for held in range(FOLDS):
        others = found.fold != held
        scores[~others] = boost.score(fitted(others & (weight > 0)), rows[~others], names)
        print(f"       fold {held}", flush=True)
    return scores, fitted(weight > 0)

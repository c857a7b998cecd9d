"""Held-out judgements of all texts: words, lines, lines among neighbours; by models of other domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.line_characters import Lines, read
from pipeline.clean.line_features import features
from pipeline.clean.line_words import LineWords
from pipeline.clean.trees import Trees
from training.text_model import FOLDS, as_file, exported, fit_trees, fit_words, fold_of, words_matrix
from training.text_sources import Sample

#: lines of a text that trees are fitted on at most: pages of thousands of lines teach nothing more
_MOST_LINES = 80

Rows = NDArray[np.float32]


class Texts(NamedTuple):
    """All texts as rows, one a line."""

    samples: list[Sample]
    numbers: list[Lines]
    #: first row of each text, and one more at the end
    starts: NDArray[np.int64]
    #: of each row
    fold: NDArray[np.int64]
    story: NDArray[np.int64]
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
        share = np.array([line.story for line in sample.lines])
        sure = np.array([line.weight for line in sample.lines]) * np.maximum(np.abs(2 * share - 1), 0.2)
        inside = (lines.words * (share >= 0.5)).sum()
        weights.append(sample.weight * sure * (lines.words + 1) / np.sqrt(inside + 50))
        story.append(share >= 0.5)
    return Texts(
        samples=list(samples),
        numbers=numbers,
        starts=np.concatenate(([0], np.cumsum(counts))),
        fold=np.repeat([fold_of(sample.domain) for sample in samples], counts),
        story=np.concatenate(story).astype(np.int64),
        weight=np.concatenate(weights),
    )


def word_scores(found: Texts) -> tuple[NDArray[np.float32], dict[str, Any]]:
    """Held-out log-odds of each row's words (3 x rows), and the table fitted on all."""
    flat = [at for at, sample in enumerate(found.samples) if sample.style == "flat"]
    rows = np.concatenate([np.arange(found.starts[at], found.starts[at + 1]) for at in flat])
    matrix = words_matrix([found.numbers[at] for at in flat])
    fold, story = found.fold[rows], found.story[rows]
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


def chosen_rows(found: Texts) -> NDArray[np.int64]:
    """Rows to fit trees on: all of a short text, some of a long one."""
    chance = np.random.default_rng(7)
    kept = []
    for at in range(len(found.samples)):
        rows = np.arange(found.starts[at], found.starts[at + 1])
        if len(rows) > _MOST_LINES:
            rows = np.sort(chance.choice(rows, _MOST_LINES, replace=False))
        kept.append(rows)
    return np.concatenate(kept)


def judged(
    found: Texts, names: Sequence[str], rows: Rows, trees: int, folds: Sequence[int] = range(FOLDS)
) -> NDArray[np.float32]:
    """Held-out log-odds of each row, by the exported trees as they are read at run time."""
    fit = chosen_rows(found)
    scores = np.zeros(len(found.fold), np.float32)
    for held in folds:
        others = fit[found.fold[fit] != held]
        model = fit_trees(rows[others], found.story[others], found.weight[others], trees)
        read_back = Trees(as_file(exported(model, names, {})), names)
        for at in range(len(found.samples)):
            part = found.of(at)
            if found.fold[part.start] == held:
                scores[part] = read_back.raw(np.ascontiguousarray(rows[part].T))
    return scores

"""Which pieces to keep: those that make the expected overlap with the true text largest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.scoring.sheet import Floats


def cut(probabilities: Floats, words: Floats) -> tuple[NDArray[np.bool_], float]:
    """The pieces to keep, and the word-F1 that is expected of them (0 to 1): the confidence.

    Of the sets that take the likeliest pieces first, the one with the best
    ``2 * sum(p*w) / (sum(w) + sum of p*w over all)``.
    """
    weights = np.maximum(words.astype(np.float64), 0.25)
    likely = probabilities * weights
    expected = float(likely.sum())
    kept = np.zeros(len(weights), bool)
    if expected < 1e-9:
        return kept, 0.0
    order = (-probabilities).argsort(kind="stable")
    scores = 2 * likely.take(order).cumsum() / (weights.take(order).cumsum() + expected)
    best = int(scores.argmax())
    kept[order[: best + 1]] = True
    return kept, min(1.0, float(scores[best]))

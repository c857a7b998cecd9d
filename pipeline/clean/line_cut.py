"""Which lines to keep: the set with the best expected F1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def cut(probabilities: Floats, words: Floats) -> tuple[NDArray[np.bool_], float]:
    """Flags of the lines to keep, and the expected F1 of words, from 0 to 1.

    Lines are taken by falling probability; of all such sets the one with the best
    2·Σ(p·w) / (Σw + Σ(p·w)) is kept, the last sum over all lines: words kept and words of the story.
    """
    order = np.argsort(-probabilities, kind="stable")
    mass = (probabilities * words).astype(np.float64)
    expected = mass.sum()
    values = (
        2 * np.cumsum(mass[order]) / np.maximum(np.cumsum(words[order], dtype=np.float64) + expected, 1e-9)
    )
    best = int(np.argmax(values)) if len(values) else -1
    kept = np.zeros(len(words), np.bool_)
    if best < 0:
        return kept, 0.0
    kept[order[: best + 1]] = True
    sure = kept & (probabilities > 0.5)
    if words[sure].sum() >= words[kept].sum() / 2:
        kept = sure
    return kept, float(values[best])

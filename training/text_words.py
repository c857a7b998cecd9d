"""The table of words of plain text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.clean.characters import Lines
from pipeline.clean.lines.words import BITS, slots
from training.boost import SEED


def words_matrix(texts: Sequence[Lines]) -> csr_matrix:
    """A row for each line of all texts: entries of the table of words, as the run-time code weighs them."""
    entries, rows, before = [], [], 0
    for text in texts:
        asked, line_of = slots(text)
        entries.append(asked)
        rows.append(line_of + before)
        before += len(text.words)
    row, column = np.concatenate(rows), np.concatenate(entries)
    norms = np.sqrt(np.maximum(np.bincount(row, minlength=before), 1))
    values = (1.0 / norms[row]).astype(np.float32)
    return csr_matrix((values, (row, column)), shape=(before, 1 << BITS), dtype=np.float32)


def fit_words(matrix: csr_matrix, story: NDArray[Any], weight: NDArray[Any], rare: int = 4) -> dict[str, Any]:
    """The arrays of a table of words, as `line_words.LineWords` reads them.

    Args:
        rare: entries that fewer lines ask for say nothing.
    """
    often = np.bincount(matrix.indices, minlength=matrix.shape[1]) >= rare
    kept = np.flatnonzero(often)
    regression = LogisticRegression(C=2.0, max_iter=40, solver="lbfgs", random_state=SEED)
    regression.fit(matrix[:, kept], story, sample_weight=weight)
    weights = np.zeros(matrix.shape[1], np.float32)
    weights[kept] = regression.coef_[0]
    scale = np.float32(np.quantile(np.abs(weights[kept]), 0.999) / 127)
    return {
        "weights": np.clip(np.round(weights / scale), -127, 127).astype(np.int8),
        "scale": scale,
        "bias": np.float32(regression.intercept_[0]),
    }


def as_file(arrays: dict[str, Any]) -> io.BytesIO:
    """The arrays as a file that the run-time code reads."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    file.seek(0)
    return file

"""The models of plain text: a table of words, and trees over lines."""

from __future__ import annotations

import io
import json
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, Pool
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipeline.clean.line_characters import Lines
from pipeline.clean.line_words import BITS, slots

SEED = 20240501
FOLDS = 4


def fold_of(domain: str) -> int:
    """Which fold a registered domain's pages are held out in."""
    return zlib.crc32(domain.encode()) % FOLDS


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


def fit_trees(
    rows: NDArray[Any],
    story: NDArray[Any],
    weight: NDArray[Any],
    trees: int,
    depth: int = 6,
    rate: float = 0.12,
) -> CatBoostClassifier:
    """Symmetric trees over features (a row a line)."""
    model = CatBoostClassifier(
        iterations=trees, depth=depth, learning_rate=rate, l2_leaf_reg=6.0, border_count=48,
        random_seed=SEED, thread_count=1, allow_writing_files=False, verbose=False,
        bootstrap_type="Bernoulli", subsample=0.7, rsm=0.3,
    )  # fmt: skip
    return model.fit(Pool(rows, story, weight=weight))


def exported(model: CatBoostClassifier, names: Sequence[str], about: dict[str, Any]) -> dict[str, Any]:
    """The arrays of a model file, as `pipeline.clean.trees` reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        found = json.loads(path.read_text())
    depth = max(len(tree["splits"]) for tree in found["oblivious_trees"])
    count = len(found["oblivious_trees"])
    feature, threshold = np.zeros((count, depth), np.int16), np.full((count, depth), np.inf, np.float32)
    leaf = np.zeros((count, 1 << depth), np.float32)
    for at, tree in enumerate(found["oblivious_trees"]):
        for level, split in enumerate(tree["splits"]):
            feature[at, level] = split["float_feature_index"]
            threshold[at, level] = split["border"]
        leaf[at, : len(tree["leaf_values"])] = tree["leaf_values"]
    scale, bias = found["scale_and_bias"]
    return {
        "names": np.array(names),
        "feature": feature,
        "threshold": threshold,
        # Half the size, and far below what a probability shows.
        "leaf": (leaf * scale).astype(np.float16),
        "bias": np.float32(bias[0]),
        "about": np.array(json.dumps(about)),
    }


def as_file(arrays: dict[str, Any]) -> io.BytesIO:
    """The arrays as a file that the run-time code reads."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    file.seek(0)
    return file

"""Gradient boosting of symmetric trees with CatBoost, and its models as files of `scoring.trees`."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, Pool
from numpy.typing import NDArray

from pipeline.clean.scoring.trees import Trees

Floats = NDArray[np.float32]

SEED = 7


def fit(
    features: Floats,
    label: Floats,
    weight: Floats,
    names: Sequence[str],
    about: dict[str, Any],
    *,
    trees: int,
    depth: int = 6,
    rate: float = 0.1,
    l2: float = 6,
    of_features: float = 0.3,
    of_rows: float = 0.7,
) -> bytes:
    """A model file. ``features`` is rows x names; labels are shares from 0 to 1.

    Rows without weight are left out.
    Each level of a tree chooses among a share of the features, each tree learns from a share of the rows.
    The share of a row's words that are text is the target itself (cross entropy), not a class.
    """
    known = weight > 0
    pool = Pool(features[known], label[known], weight=weight[known], feature_names=list(names))
    model = CatBoostClassifier(
        loss_function="CrossEntropy", iterations=trees, depth=depth, learning_rate=rate, l2_leaf_reg=l2,
        border_count=64, random_seed=SEED, bootstrap_type="Bernoulli", subsample=of_rows,
        rsm=of_features, thread_count=2, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    model.fit(pool)
    return _packed(model, names, about)


def _packed(model: CatBoostClassifier, names: Sequence[str], about: dict[str, Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        told = json.loads(path.read_text())
    scale, bias = told["scale_and_bias"]
    grown = told["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in grown)
    feature = np.zeros((len(grown), depth), np.int16)
    # A tree that stopped early asks nothing at its last levels: no value is above infinity.
    threshold = np.full((len(grown), depth), np.inf, np.float32)
    leaf = np.zeros((len(grown), 1 << depth), np.float32)
    for number, tree in enumerate(grown):
        for level, split in enumerate(tree["splits"]):
            feature[number, level] = split["float_feature_index"]
            threshold[number, level] = split["border"]
        leaf[number, : len(tree["leaf_values"])] = tree["leaf_values"]
    out = io.BytesIO()
    np.savez_compressed(
        out, names=np.array(list(names)), feature=feature, threshold=threshold,
        leaf=(leaf * scale).astype(np.float16), bias=np.float32(bias[0] if isinstance(bias, list) else bias),
        about=np.array(json.dumps(about, sort_keys=True)),
    )  # fmt: skip
    return out.getvalue()


def score(model: bytes, features: Floats, names: Sequence[str]) -> Floats:
    """Log-odds of rows x names, as the package computes them."""
    trees = Trees(io.BytesIO(model), names)
    return np.concatenate(
        [
            trees.raw(np.ascontiguousarray(part.T))
            for part in np.array_split(features, len(features) // 4000 + 1)
        ]
    )

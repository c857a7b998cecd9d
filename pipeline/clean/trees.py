"""Symmetric decision trees from a model file: features of blocks to probabilities. The only reader of models.

A model is one ``.npz`` file: ``names`` (of the features, in order), ``feature`` and ``threshold`` (trees x
depth), ``leaf`` (trees x 2**depth), ``bias``, and ``about``, a JSON text that says how it was trained.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Trees:
    """A scorer over a fixed list of features.

    Raises:
        ValueError: the file is of other features than those the code computes.
    """

    def __init__(self, file: IO[bytes], names: Sequence[str]) -> None:
        with np.load(file, allow_pickle=False) as model:
            trained = [str(name) for name in model["names"]]
            if trained != list(names):
                odd = sorted(set(trained) ^ set(names))[:5] or ["their order"]
                raise ValueError(f"The model was trained on other features: {', '.join(odd)} differ.")
            feature, threshold = model["feature"].astype(np.intp), model["threshold"].astype(np.float32)
            leaf = model["leaf"].astype(np.float32)
            self._bias = np.float32(model["bias"])
            self.about: dict[str, Any] = json.loads(str(model["about"]))
        # Many trees ask the same: each question is answered once, then looked up by every tree.
        asked, where = np.unique(
            np.stack((feature.ravel(), threshold.ravel().view(np.int32))), axis=1, return_inverse=True
        )
        self._feature = asked[0].astype(np.intp)
        self._threshold = asked[1].astype(np.int32).view(np.float32)[:, None]
        self._questions = [np.ascontiguousarray(level) for level in where.reshape(feature.shape).T]
        self._leaf = leaf.ravel()
        self._first_leaf = (np.arange(len(feature), dtype=np.int32) << feature.shape[1])[:, None]

    def raw(self, features: Floats) -> Floats:
        """Log-odds, one for each column of ``features`` (names x rows: a feature's values lie together)."""
        answers = np.greater(features.take(self._feature, axis=0), self._threshold).view(np.uint8)
        leaves = answers.take(self._questions[0], axis=0)
        for depth, question in enumerate(self._questions[1:], 1):
            leaves |= answers.take(question, axis=0) << depth
        raw: Floats = self._leaf.take(leaves + self._first_leaf).sum(axis=0) + self._bias
        return raw

    def score(self, features: Floats) -> Floats:
        """Probabilities, one for each column of ``features`` (names x rows)."""
        probability: Floats = np.float32(1) / (np.float32(1) + np.exp(-self.raw(features)))
        return probability


def load(name: str, names: Sequence[str]) -> Trees:
    """The trees of the package's model file of this name. Raises ValueError when it fits other features."""
    with files("pipeline.clean").joinpath("models", f"{name}.npz").open("rb") as file:
        return Trees(file, names)

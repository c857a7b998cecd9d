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

#: columns, and trees or questions, that are worked on at once
_COLUMNS = 256
_ROWS = 400
#: a leaf's number fits a byte
_DEEPEST = 8


class Trees:
    """A scorer over a fixed list of features.

    Raises:
        ValueError: the file is of other features than those the code computes, or its trees are too deep.
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
            if feature.shape[1] > _DEEPEST:
                raise ValueError(f"The model's trees are {feature.shape[1]} deep, not {_DEEPEST} at most.")
            self.about: dict[str, Any] = json.loads(str(model["about"]))
        # Many trees ask the same: each question is answered once, then looked up by every tree.
        asked, where = np.unique(
            np.stack((feature.ravel(), threshold.ravel().view(np.int32))), axis=1, return_inverse=True
        )
        self._feature = asked[0].astype(np.intp)
        self._threshold = asked[1].astype(np.int32).view(np.float32)[:, None]
        self._questions = [np.ascontiguousarray(level) for level in where.reshape(feature.shape).T]
        self._leaf = leaf.ravel()
        self._first_leaf = (np.arange(len(feature), dtype=np.intp) << feature.shape[1])[:, None]

    def raw(self, features: Floats) -> Floats:
        """Log-odds, one for each column of ``features`` (names x rows: a feature's values lie together)."""
        count, trees = features.shape[1], len(self._first_leaf)
        raw = np.full(count, self._bias)
        # Some at a time, and always in the same memory: what the trees need for each column is kilobytes,
        # and is to stay in the processor's cache.
        most = min(count, _COLUMNS)
        values = np.empty((_ROWS, most), np.float32)
        answers = np.empty((len(self._feature), most), np.bool_)
        index = np.empty((_ROWS, most), np.intp)
        for start in range(0, count, _COLUMNS):
            part = np.ascontiguousarray(features[:, start : start + _COLUMNS])
            width = part.shape[1]
            if width < most:
                values, answers, index = (
                    np.ascontiguousarray(one[:, :width]) for one in (values, answers, index)
                )
            leaves = self._leaves(part, values, answers)
            for first in range(0, trees, _ROWS):
                some = leaves[first : first + _ROWS]
                at = np.add(some, self._first_leaf[first : first + _ROWS], out=index[: len(some)])
                found = self._leaf.take(at, out=values[: len(some)], mode="clip")
                raw[start : start + _COLUMNS] += found.sum(axis=0)
        return raw

    def _leaves(self, features: Floats, values: Floats, answers: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The leaf of each tree that each column ends in: trees x columns. The others are room to work in."""
        for first in range(0, len(answers), _ROWS):
            asked = self._feature[first : first + _ROWS]
            found = features.take(asked, axis=0, out=values[: len(asked)], mode="clip")
            np.greater(found, self._threshold[first : first + _ROWS], out=answers[first : first + _ROWS])
        bits = answers.view(np.uint8)
        leaves: NDArray[np.uint8] = bits.take(self._questions[-1], axis=0)
        for question in self._questions[-2::-1]:
            np.add(leaves, leaves, out=leaves)
            leaves |= bits.take(question, axis=0)
        return leaves

    def score(self, features: Floats) -> Floats:
        """Probabilities, one for each column of ``features`` (names x rows)."""
        probability: Floats = np.float32(1) / (np.float32(1) + np.exp(-self.raw(features)))
        return probability


def load(name: str, names: Sequence[str]) -> Trees:
    """The trees of the package's model file of this name. Raises ValueError when it fits other features."""
    with files("pipeline.clean").joinpath("models", f"{name}.npz").open("rb") as file:
        return Trees(file, names)

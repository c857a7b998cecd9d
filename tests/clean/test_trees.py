"""Symmetric trees against the plainest reading of what they are."""

from __future__ import annotations

import io

import numpy as np
import pytest

from pipeline.clean.scoring.sheet import Floats
from pipeline.clean.scoring.trees import Trees


def _file(trees: int, depth: int, features: int) -> tuple[io.BytesIO, dict[str, Floats]]:
    random = np.random.default_rng(trees * 10 + depth)
    model = {
        "feature": random.integers(0, features, (trees, depth)),
        "threshold": random.integers(-2, 3, (trees, depth)).astype(np.float32),
        "leaf": random.normal(size=(trees, 1 << depth)).astype(np.float16),
    }
    file = io.BytesIO()
    np.savez(file, names=[str(at) for at in range(features)], bias=np.float32(0.25), about="{}", **model)
    file.seek(0)
    return file, model


def _plainly(model: dict[str, Floats], features: Floats) -> Floats:
    total = np.full(features.shape[1], 0.25)
    for feature, threshold, leaf in zip(model["feature"], model["threshold"], model["leaf"], strict=True):
        for column, values in enumerate(features.T):
            bits = values[feature] > threshold
            total[column] += leaf[sum(1 << at for at, bit in enumerate(bits) if bit)]
    return total


@pytest.mark.parametrize("columns", [1, 7, 255, 600])
@pytest.mark.parametrize(("trees", "depth"), [(1, 1), (130, 6), (3, 8)])
def test_each_tree_adds_the_leaf_that_its_answers_lead_to(trees: int, depth: int, columns: int) -> None:
    file, model = _file(trees, depth, 9)
    features = np.random.default_rng(columns).normal(size=(9, columns)).astype(np.float32)
    scorer = Trees(file, [str(at) for at in range(9)])
    raw = scorer.raw(features)
    assert np.allclose(raw, _plainly(model, features), atol=1e-3)
    assert np.allclose(scorer.score(features), 1 / (1 + np.exp(-raw)))


def test_a_column_scores_the_same_alone_and_among_a_hundred_thousand() -> None:
    file, _ = _file(50, 6, 9)
    scorer = Trees(file, [str(at) for at in range(9)])
    features = np.random.default_rng(1).normal(size=(9, 100_000)).astype(np.float32)
    raw = scorer.raw(features)
    for at in (0, 511, 512, 99_999):
        assert np.array_equal(scorer.raw(features[:, at : at + 1]), raw[at : at + 1])


def test_a_model_of_other_features_is_refused() -> None:
    file, _ = _file(2, 2, 3)
    with pytest.raises(ValueError, match="other features"):
        Trees(file, ["0", "1", "other"])


def test_a_model_of_too_deep_trees_is_refused() -> None:
    file, _ = _file(2, 9, 3)
    with pytest.raises(ValueError, match="9 deep"):
        Trees(file, ["0", "1", "2"])

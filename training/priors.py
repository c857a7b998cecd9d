"""Tables of words and names: logistic regressions over hashed tokens, trained so that no page is scored by a
table that saw its registered domain."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from pipeline.clean.lines import words as line_words
from pipeline.clean.scoring import name_words
from training.pages import FOLDS, PageData

Floats = NDArray[np.float32]

#: boxes around a piece that are looked at: outer ones are the page's frame
_MOST_BOXES = 40
#: tokens must be of so many registered domains, or they say more of a site than of the web
_LEAST_DOMAINS = 3


class Rows:
    """Sparse rows of hashed tokens, one for each piece of all pages."""

    def __init__(self, pages: Sequence[PageData], size: int, entries: Callable[[PageData], Entries]) -> None:
        found = [entries(page) for page in pages]
        counts = [len(page.label) for page in pages]
        starts = np.concatenate(([0], np.cumsum(counts)))
        rows = np.concatenate([one[0] + start for one, start in zip(found, starts[:-1], strict=True)])
        columns = np.concatenate([one[1] for one in found])
        values = np.concatenate([one[2] for one in found])
        self.matrix = csr_matrix((values, (rows, columns)), shape=(int(starts[-1]), size), dtype=np.float32)
        self.starts = starts
        self._seen = _domains(pages, found, size)

    def common(self) -> NDArray[np.bool_]:
        """Columns that enough registered domains have."""
        flags: NDArray[np.bool_] = self._seen >= _LEAST_DOMAINS
        return flags


Entries = tuple[NDArray[np.int64], NDArray[np.int64], Floats]


def _domains(pages: Sequence[PageData], found: list[Entries], size: int) -> NDArray[np.int64]:
    by_domain: dict[str, list[NDArray[np.int64]]] = {}
    for page, (_, columns, _) in zip(pages, found, strict=True):
        by_domain.setdefault(page.page.domain, []).append(np.unique(columns))
    seen = np.zeros(size, np.int64)
    for columns in by_domain.values():
        seen[np.unique(np.concatenate(columns))] += 1
    return seen


def word_entries(page: PageData) -> Entries:
    """Words of each piece: row, column, value, as `line_words` weighs them."""
    entries, line_of = line_words.slots(page.numbers.lines)
    norms = np.sqrt(np.maximum(np.bincount(line_of, minlength=len(page.label)), 1))
    return line_of, entries, (1 / norms[line_of]).astype(np.float32)


def name_entries(page: PageData) -> Entries:
    """Names of the boxes around each piece, as `name_words` sums them."""
    parent, kind = page.tree.boxes.parent, page.numbers.kind.tolist()
    looks, entries = name_words.slots(page.numbers.looks)
    ends = np.searchsorted(looks, np.arange(len(page.numbers.looks)), "right").tolist()
    own = [entries[start:end].tolist() for start, end in zip([0, *ends], ends, strict=False)]
    chains: dict[int, list[int]] = {}
    rows, columns = [], []
    for at, box in enumerate(page.numbers.box.tolist()):
        if box not in chains:
            chain, around = [], box
            for _ in range(_MOST_BOXES):
                chain += own[kind[around]]
                if not around:
                    break
                around = parent[around]
            chains[box] = chain
        columns += chains[box]
        rows += [at] * len(chains[box])
    return np.array(rows, np.int64), np.array(columns, np.int64), np.ones(len(rows), np.float32)


class Table:
    """A trained table: weights for each slot, and a bias."""

    def __init__(self, weights: Floats, bias: float) -> None:
        self.scale = max(1e-6, float(np.abs(weights).max()) / 127)
        self.weights = np.clip(np.rint(weights / self.scale), -127, 127).astype(np.int8)
        self.bias = bias

    def score(self, rows: csr_matrix) -> Floats:
        scores: Floats = (rows @ (self.weights * np.float32(self.scale)) + self.bias).astype(np.float32)
        return scores

    def file(self) -> bytes:
        """As the package's modules read it."""
        out = io.BytesIO()
        np.savez_compressed(
            out, weights=self.weights, scale=np.float32(self.scale), bias=np.float32(self.bias)
        )
        return out.getvalue()


def fit(rows: Rows, label: Floats, weight: Floats, chosen: NDArray[np.bool_], alpha: float) -> Table:
    """A table from the chosen rows: labels above a half are text, below boilerplate; clear ones only."""
    clear = chosen & (weight > 0) & ((label > 0.6) | (label < 0.3))
    at = np.flatnonzero(clear)
    model = SGDClassifier(loss="log_loss", alpha=alpha, max_iter=8, tol=None, random_state=7, average=True)
    matrix = rows.matrix[at]
    matrix = matrix.multiply(rows.common()[None, :]).tocsr()
    sample = np.minimum(weight[at], 2.0)
    model.fit(matrix, label[at] > 0.5, sample_weight=sample / sample.mean())
    weights = np.where(rows.common(), model.coef_[0], 0).astype(np.float32)
    return Table(weights, float(model.intercept_[0]))


def held_out(
    rows: Rows, label: Floats, weight: Floats, folds: NDArray[np.int64], alpha: float
) -> tuple[Floats, Table]:
    """Scores of all rows, each by a table of the other folds; and the table of all folds."""
    scores = np.zeros(len(label), np.float32)
    for fold in range(FOLDS):
        table = fit(rows, label, weight, folds != fold, alpha)
        scores[folds == fold] = table.score(rows.matrix[folds == fold])
    return scores, fit(rows, label, weight, np.ones(len(label), bool), alpha)

"""A table of features under construction: one row a feature, one column a piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: rows are laid out in steps of this many: a page's features fit in the first
_STEP = 256


class Sheet:
    """Rows by name, in the order in which they were added; that order is part of a model."""

    def __init__(self, columns: int) -> None:
        self._added: list[Sequence[str]] = []
        self._count = 0
        self._rows = np.empty((_STEP, columns), np.float32)

    def rows(self, names: Sequence[str]) -> Floats:
        """The next rows, one for each name, for the caller to fill at once: others may move them."""
        start, end = self._count, self._count + len(names)
        self._added.append(names)
        self._count = end
        while end > len(self._rows):
            self._rows = np.concatenate((self._rows, np.empty_like(self._rows[:_STEP])))
        return self._rows[start:end]

    def add(self, names: Sequence[str], rows: NDArray[Any]) -> None:
        """Append rows: names x columns, or in as many dimensions as their names go through."""
        self.rows(names)[:] = rows.reshape(len(names), -1)

    @property
    def matrix(self) -> Floats:
        """Names x columns."""
        return self._rows[: self._count]

    @property
    def names(self) -> list[str]:
        return [name for names in self._added for name in names]


def share(part: NDArray[Any], whole: NDArray[Any] | float) -> NDArray[Any]:
    """``part`` by ``whole``, next to 0 where there is no whole and so no part."""
    divided: NDArray[Any] = part / np.maximum(whole, 1e-9)
    return divided


def in_groups(codes: NDArray[Any]) -> tuple[Ints, Flags]:
    """For each of some codes the number of its group, from 0 on; and whether an equal one came before."""
    order = np.argsort(codes, kind="stable")
    ordered = codes.take(order)
    first = np.empty(len(codes), np.bool_)
    first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    group, repeated = np.empty(len(codes), np.int64), np.empty(len(codes), np.bool_)
    group[order] = np.cumsum(first) - 1
    repeated[order] = ~first
    return group, repeated

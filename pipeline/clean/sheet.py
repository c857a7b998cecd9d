"""A table of features under construction: one row a feature, one column a block."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: a row of numbers of any kind, or one number for the whole row
Row = NDArray[Any] | float

#: rows are laid out in steps of this many
_STEP = 64


class Sheet:
    """Rows by name, in the order in which they were added; that order is part of a model."""

    def __init__(self, columns: int) -> None:
        self.names: list[str] = []
        self._rows = np.empty((_STEP, columns), np.float32)

    def add(self, name: str, row: Row) -> None:
        """Append a row."""
        count = len(self.names)
        if count == len(self._rows):
            self._rows = np.concatenate((self._rows, np.empty_like(self._rows[:_STEP])))
        self._rows[count] = row
        self.names.append(name)

    @property
    def matrix(self) -> Floats:
        """Names x columns."""
        return self._rows[: len(self.names)]


def shifted(row: Floats, by: int, fill: float = 0.0) -> Floats:
    """A row moved: column i holds what stood ``by`` columns later (earlier where negative)."""
    moved = np.full_like(row, fill)
    if abs(by) >= len(row):
        return moved
    if by >= 0:
        moved[: len(row) - by] = row[by:]
    else:
        moved[-by:] = row[:by]
    return moved


def windowed(row: Floats, reach: int) -> Floats:
    """Mean over each column and the ``reach`` columns on either side of it."""
    count = len(row)
    total = np.concatenate(([0.0], np.cumsum(row, dtype=np.float64)))
    at = np.arange(count)
    first, last = np.maximum(at - reach, 0), np.minimum(at + reach + 1, count)
    mean: Floats = ((total[last] - total[first]) / (last - first)).astype(np.float32)
    return mean


def share(part: NDArray[Any], whole: NDArray[Any] | float) -> Floats:
    """``part`` by ``whole``, 0 where there is no whole."""
    divided: Floats = (part / np.maximum(whole, 1e-9)).astype(np.float32)
    return divided

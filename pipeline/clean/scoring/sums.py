"""Sums of many rows over any stretch of columns, from one running sum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.scoring.sheet import Ints

#: windows reach this many columns to either side at most
WIDEST = 30


class Sums:
    """Running sums of rows (rows x columns), in double precision."""

    def __init__(self, rows: Sequence[NDArray[Any]]) -> None:
        count = len(rows[0])
        # Both ends are drawn out: a window that reaches beyond them is a slice like any other.
        self._totals = np.zeros((len(rows), count + 1 + 2 * WIDEST))
        inner = self._totals[:, WIDEST + 1 : WIDEST + 1 + count]
        np.add.accumulate(np.array(rows, np.float64), axis=1, out=inner)
        self._totals[:, WIDEST + 1 + count :] = inner[:, -1:]
        self._count = count

    def within(self, start: Ints, end: Ints, first: int = 0, last: int | None = None) -> NDArray[np.float32]:
        """Of the rows from first up to, not including, last: sums over the columns from ``start`` up to, not
        including, ``end``."""
        totals = self._totals[first:last, WIDEST : WIDEST + 1 + self._count]
        sums = totals.take(end, axis=1)
        sums -= totals.take(start, axis=1)
        return sums.astype(np.float32)

    def around(self, reach: int, first: int = 0, last: int | None = None) -> NDArray[np.float64]:
        """Of the rows from first up to, not including, last: sums over each column and ``reach`` on either
        side of it, as far as there are any."""
        totals = self._totals[first:last]
        after, before = WIDEST + 1 + reach, WIDEST - reach
        around: NDArray[np.float64] = (
            totals[:, after : after + self._count] - totals[:, before : before + self._count]
        )
        return around

    def until(self) -> NDArray[np.float64]:
        """Of each row the sums of each column and all before it."""
        return self._totals[:, WIDEST + 1 : WIDEST + 1 + self._count]

    def whole(self) -> NDArray[np.float64]:
        """The sum of each row."""
        return self._totals[:, -1]

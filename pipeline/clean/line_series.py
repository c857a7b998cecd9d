"""Sums, neighbours and distances along the lines of a text."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: cap of distances, in lines
_FAR = 60.0
_NEVER = -(10**6)


class Along:
    """The lines of one text as places; what it computes has a value for each."""

    def __init__(self, count: int) -> None:
        self.at = np.arange(count)
        self._bounds: dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}

    def windowed(self, values: NDArray[Any], *reaches: int) -> list[Series]:
        """For each reach: sum over each line and as many lines before and after it."""
        total = np.zeros(len(self.at) + 1)
        np.cumsum(values, dtype=np.float64, out=total[1:])
        return [total.take(last) - total.take(first) for first, last in map(self._bound, reaches)]

    def _bound(self, reach: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if reach not in self._bounds:
            first, last = np.maximum(self.at - reach, 0), np.minimum(self.at + reach + 1, len(self.at))
            self._bounds[reach] = first, last
        return self._bounds[reach]

    def since(self, flags: Flags) -> Series:
        """Lines since the last flagged line before each line (1 = the one before), or the cap."""
        if not flags.any():
            return np.full(len(self.at), _FAR)
        distance = np.full(len(self.at), _FAR)
        last = np.maximum.accumulate(np.where(flags, self.at, _NEVER))
        np.minimum(self.at[1:] - last[:-1], _FAR, out=distance[1:])
        return distance

    def until(self, flags: Flags) -> Series:
        """Lines until the next flagged line after each line, or the cap."""
        return self.since(flags[::-1])[::-1]


def shifted(values: NDArray[Any], by: int, fill: float) -> Series:
    """The value of the line so many lines after (before, when negative), or ``fill``."""
    moved = np.full(len(values), fill)
    if abs(by) < len(values):
        if by > 0:
            moved[:-by] = values[by:]
        else:
            moved[-by:] = values[:by]
    return moved


def before(values: NDArray[Any]) -> Series:
    """Sum over the lines before each line."""
    found: Series = np.cumsum(values, dtype=np.float64) - values
    return found

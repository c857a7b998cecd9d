"""Neighbours, distances and stretches along the lines of a text, of many rows at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.scoring.sheet import Flags, Floats

#: cap of distances, in lines
_FAR = np.int32(60)
_NEVER = np.int32(-(10**6))
#: what stands where there is no line
_NOTHING = -5.0


def since(flags: Flags) -> Floats:
    """Lines since the last flagged line before each line (1 = the one before), or the cap: rows x lines."""
    count = flags.shape[1]
    at = np.arange(count, dtype=np.int32)
    found = np.full(flags.shape, _FAR, np.float32)
    last = np.maximum.accumulate(np.where(flags, at, _NEVER), axis=1)
    found[:, 1:] = np.minimum(at[1:] - last[:, :-1], _FAR)
    return found


def shifted(values: NDArray[Any], places: Sequence[int]) -> Floats:
    """For each row and each of some places (-1 = the line before), the value of the line there."""
    rows, count = values.shape
    reach = max(map(abs, places))
    wide = np.full((rows, count + 2 * reach), _NOTHING, np.float32)
    wide[:, reach : reach + count] = values
    return np.stack([wide[:, reach + by : reach + by + count] for by in places], axis=1).reshape(-1, count)


def runs(values: NDArray[Any]) -> Iterator[tuple[int, int, float]]:
    """Of each row the stretch with the largest sum: its first and last line, and its share of all that is
    above zero (0 where nothing is)."""
    totals = np.zeros((len(values), values.shape[1] + 1))
    np.cumsum(values, axis=1, out=totals[:, 1:])
    gains = totals[:, 1:] - np.minimum.accumulate(totals[:, :-1], axis=1)
    ends = gains.argmax(axis=1).tolist()
    positive = np.maximum(values, 0).sum(axis=1).tolist()
    for row, (end, whole) in enumerate(zip(ends, positive, strict=True)):
        start = int(totals[row, : end + 1].argmin())
        yield start, end, float(gains[row, end]) / whole if whole else 0.0

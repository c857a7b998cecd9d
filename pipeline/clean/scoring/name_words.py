"""What classes and ids say of a box: how often text in boxes with such names was part of an article.

Beside the families of `hints`, which people wrote down, this is what training found: log-odds of names and
their parts, of a logistic regression over pieces and the names of all boxes around them. The score of a
piece is the sum over its boxes.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import IO

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.walk.boxes import Boxes

Floats = NDArray[np.float32]

#: entries of the table: a power of two
BITS = 15
#: names of one box that are looked at
_MOST_NAMES = 12
#: characters of a name, and parts of one, that are looked at
_LONGEST = 60
_MOST_PARTS = 8
#: boxes whose score is remembered, by tag and names
_REMEMBERED = 50_000
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DIGITS = re.compile(r"\d+")
_ASCII_DIGITS = frozenset("0123456789")
_NO_LETTERS = {code: " " for code in range(128) if not chr(code).islower()}


def slots(tag: str, names: str) -> list[int]:
    """Entries of the table that a box asks for: its tag, each name, and each part of a name, once each."""
    found = {_slot(f"<{tag}")}
    for name in names.split()[:_MOST_NAMES]:
        found.update(_slots_of(name[:_LONGEST]))
    return sorted(found)


@lru_cache(maxsize=20_000)
def _slots_of(name: str) -> tuple[int, ...]:
    """Entries for a name: sites have a few hundred, in many combinations."""
    lower, is_ascii = name.lower(), name.isascii()
    if lower == name and is_ascii:
        # What the pattern finds where there are no capitals, much sooner.
        parts = name.translate(_NO_LETTERS).split()
    else:
        parts = [part.lower() for part in _PART.findall(name)]
    whole = lower if is_ascii and _ASCII_DIGITS.isdisjoint(lower) else _DIGITS.sub("0", lower)
    return _slot(whole), *[_part_slot(part) for part in parts[:_MOST_PARTS]]


def _slot(token: str) -> int:
    return zlib.crc32(token.encode("utf-8", "replace")) >> (32 - BITS)


@lru_cache(maxsize=20_000)
def _part_slot(part: str) -> int:
    return _slot(f".{part}")


class NameWords:
    """Log-odds of names, from a file with ``weights`` (int8) and their ``scale``."""

    def __init__(self, file: IO[bytes]) -> None:
        with np.load(file, allow_pickle=False) as model:
            weights = model["weights"].astype(np.float32) * np.float32(model["scale"])
        if len(weights) != 1 << BITS:
            raise ValueError(f"The table of names has {len(weights)} entries, not {1 << BITS}.")
        self._said = _Said(weights.tolist())

    def score(self, boxes: Boxes) -> Floats:
        """What each box's own names say, in log-odds."""
        looks = zip(boxes.tag, boxes.names, strict=True)
        return np.fromiter(map(self._said.__getitem__, looks), np.float32, len(boxes.tag))


class _Said(dict[tuple[str, str], float]):
    """Scores by tag and names, as they are asked for."""

    def __init__(self, weights: list[float]) -> None:
        self._weights = weights

    def __missing__(self, look: tuple[str, str]) -> float:
        if len(self) >= _REMEMBERED:
            self.clear()
        weights = self._weights
        score = self[look] = sum([weights[slot] for slot in slots(*look)])
        return score

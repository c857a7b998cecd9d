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

from pipeline.clean.boxes import Boxes

Floats = NDArray[np.float32]

#: entries of the table: a power of two
BITS = 15
#: names of one box that are looked at
_MOST_NAMES = 12
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DIGITS = re.compile(r"\d+")


def slots(tag: str, names: str) -> list[int]:
    """Entries of the table that a box asks for: its tag, each name, and each part of a name, once each."""
    tokens = {f"<{tag}"}
    for name in names.split()[:_MOST_NAMES]:
        name = name[:60]
        tokens.add(_DIGITS.sub("0", name.lower()))
        tokens.update("." + part.lower() for part in _PART.findall(name)[:8])
    return sorted({zlib.crc32(token.encode("utf-8", "replace")) >> (32 - BITS) for token in tokens})


class NameWords:
    """Log-odds of names, from a file with ``weights`` (int8) and their ``scale``."""

    def __init__(self, file: IO[bytes]) -> None:
        with np.load(file, allow_pickle=False) as model:
            weights = model["weights"].astype(np.float32) * np.float32(model["scale"])
        if len(weights) != 1 << BITS:
            raise ValueError(f"The table of names has {len(weights)} entries, not {1 << BITS}.")
        self._weights: list[float] = weights.tolist()
        self._say = lru_cache(maxsize=50_000)(self._sum)

    def score(self, boxes: Boxes) -> Floats:
        """What each box's own names say, in log-odds."""
        say = self._say
        return np.array(
            [say(tag, names) for tag, names in zip(boxes.tag, boxes.names, strict=True)], np.float32
        )

    def _sum(self, tag: str, names: str) -> float:
        weights = self._weights
        return sum(weights[slot] for slot in slots(tag, names))

"""What the words of a line say: how often lines with such words and pairs of words were part of a story.

The table comes from training: log-odds of hashed words and pairs, of a logistic regression over lines.
"""

from __future__ import annotations

from importlib.resources import files
from typing import IO

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.characters import Counts, Hashes, Lines, stirred

Floats = NDArray[np.float32]

#: entries of the table: a power of two
BITS = 16
#: stand for "no word", before the first and after the last of a line
_EDGE, _AFTER = np.uint32(0x9E3779B9), np.uint32(0x7F4A7C15)
#: tokens of a line that are looked at, from its start: what a long line is shows early
_MOST_TOKENS = 40
#: tokens at a line's start and end that are looked at alone: labels stand there, and photographers
_EDGE_TOKENS = 4


def slots(lines: Lines) -> tuple[Counts, Counts]:
    """Entries of the table that lines ask for, and the line of each: words, pairs of neighbours, and the
    first and last word of a line as pairs with nothing."""
    tokens, line_of = lines.tokens, lines.line_of
    if not len(tokens):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    place = np.arange(len(tokens)) - lines.token_starts[line_of]
    early = place < _MOST_TOKENS
    tokens, line_of, place = tokens[early], line_of[early], place[early]
    before = np.empty_like(tokens)
    before[1:] = tokens[:-1]
    before[place == 0] = _EDGE
    last = np.append(line_of[1:] != line_of[:-1], True)
    hashes = np.concatenate((tokens, _pairs(before, tokens), _pairs(tokens[last], _AFTER)))
    return (hashes >> np.uint32(32 - BITS)).astype(np.int64), np.concatenate(
        (line_of, line_of, line_of[last])
    )


def _pairs(first: Hashes, second: Hashes | np.uint32) -> Hashes:
    return stirred(first * np.uint32(31) + second)


class LineWords:
    """Log-odds of words, from a file with ``weights`` (int8), their ``scale``, and ``bias``."""

    def __init__(self, file: IO[bytes]) -> None:
        with np.load(file, allow_pickle=False) as model:
            self._weights = model["weights"].astype(np.float32) * np.float32(model["scale"])
            self._bias = np.float32(model["bias"])
        if len(self._weights) != 1 << BITS:
            raise ValueError(f"The table of words has {len(self._weights)} entries, not {1 << BITS}.")

    def score(self, lines: Lines) -> Floats:
        """Log-odds (3 x lines): of a line's words, of its first words alone, of its last words alone.

        Each by the root of how much was looked at: words that stand together are not independent.
        """
        entries, line_of = slots(lines)
        count = len(lines.words)
        weights = self._weights.take(entries)
        scores = np.zeros((3, count), np.float32)
        starts = lines.token_starts
        tokens = np.minimum(np.diff(starts), _MOST_TOKENS)
        single = int(tokens.sum())
        # The first `single` entries are the words in order, the next as many the pairs that end with them.
        place = np.arange(single) - np.repeat(np.cumsum(tokens) - tokens, tokens)
        both = weights[:single] + weights[single : 2 * single]
        owner = line_of[:single]
        parts = (place < _EDGE_TOKENS, place >= (tokens - _EDGE_TOKENS)[owner])
        for row, part in enumerate(parts, 1):
            sums = np.bincount(owner[part], both[part], count)
            scores[row] = sums / np.sqrt(np.maximum(2 * np.minimum(tokens, _EDGE_TOKENS), 1))
        norms = np.sqrt(np.maximum(np.bincount(line_of, minlength=count), 1))
        scores[0] = np.bincount(line_of, weights, count) / norms + self._bias
        return scores


def load() -> LineWords:
    """The table of the package."""
    with files("pipeline.clean").joinpath("models", "line-words.npz").open("rb") as file:
        return LineWords(file)

"""What the words of a line say: how often lines with such words and pairs of words were part of a story.

The table comes from training: log-odds of hashed words and pairs, of a logistic regression over lines.
"""

from __future__ import annotations

from importlib.resources import files
from typing import IO, NamedTuple

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


class _Early(NamedTuple):
    """The first tokens of each line, as many as are looked at."""

    tokens: Hashes
    line_of: Counts
    #: number of each token in its line
    place: Counts
    #: how many of each line
    taken: Counts


def _early(lines: Lines) -> _Early:
    starts = lines.token_starts
    held = starts[1:] - starts[:-1]
    place = np.arange(len(lines.tokens))
    place -= np.repeat(starts[:-1], held)
    if not len(held) or held.max() <= _MOST_TOKENS:
        return _Early(lines.tokens, lines.line_of, place, held)
    at = np.flatnonzero(place < _MOST_TOKENS)
    taken = np.minimum(held, _MOST_TOKENS)
    return _Early(lines.tokens.take(at), lines.line_of.take(at), place.take(at), taken)


def slots(lines: Lines) -> tuple[Counts, Counts]:
    """Entries of the table that lines ask for, and the line of each: words, pairs of neighbours, and the
    first and last word of a line as pairs with nothing."""
    return _asked(_early(lines))


def _asked(early: _Early) -> tuple[Counts, Counts]:
    tokens, line_of = early.tokens, early.line_of
    before = np.empty_like(tokens)
    before[1:] = tokens[:-1]
    before[early.place == 0] = _EDGE
    last = (np.cumsum(early.taken) - 1)[early.taken > 0]
    hashes = np.concatenate((tokens, _pairs(before, tokens), _pairs(tokens.take(last), _AFTER)))
    hashes >>= np.uint32(32 - BITS)
    return hashes.astype(np.int64), np.concatenate((line_of, line_of, line_of.take(last)))


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
        early = _early(lines)
        entries, line_of = _asked(early)
        count, single = len(lines.words), len(early.tokens)
        weights = self._weights.take(entries)
        scores = np.empty((3, count), np.float32)
        # The first `single` entries are the words in order, the next as many the pairs that end with them.
        both = weights[:single] + weights[single : 2 * single]
        at_start = early.place < _EDGE_TOKENS
        at_end = early.place >= np.repeat(early.taken - _EDGE_TOKENS, early.taken)
        edge = np.sqrt(np.maximum(2 * np.minimum(early.taken, _EDGE_TOKENS), 1))
        for row, part in enumerate((at_start, at_end), 1):
            scores[row] = np.bincount(early.line_of[part], both[part], count) / edge
        norms = np.sqrt(np.maximum(np.bincount(line_of, minlength=count), 1))
        scores[0] = np.bincount(line_of, weights, count) / norms + self._bias
        return scores


def load() -> LineWords:
    """The table of the package."""
    with files("pipeline.clean").joinpath("models", "line-words.npz").open("rb") as file:
        return LineWords(file)

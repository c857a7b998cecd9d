"""Which pieces of a page are part of the true text: by alignment, as shares from 0 to 1."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from training.measure import words

Floats = NDArray[np.float32]

#: aligning costs time and memory with the product of both lengths: longer texts are aligned by parts
_MOST_CELLS = 400_000_000
#: matched words that stand alone are chance ("the", "of"): so many in a row are none, or a whole piece
_LEAST_RUN = 3


def aligned(pieces: list[str], truth: str) -> Floats:
    """Share of each piece's words that the longest common subsequence with the truth matches.

    ``nan`` for a piece without words: nothing can be said of it.
    """
    tokens = [words(piece) for piece in pieces]
    flat = [token for one in tokens for token in one]
    wanted = words(truth)
    ids: dict[str, int] = {}
    left = [ids.setdefault(token, len(ids)) for token in flat]
    right = [ids.setdefault(token, len(ids)) for token in wanted]
    matched = np.zeros(len(left), bool)
    if len(left) * len(right) <= _MOST_CELLS:
        for block in LCSseq.opcodes(left, right):
            if block.tag == "equal":
                matched[block.src_start : block.src_end] = True
    else:
        known = set(right)
        matched[:] = [token in known for token in left]
    bounds = np.cumsum([0, *map(len, tokens)])
    kept = _runs(matched, bounds)
    shares = np.full(len(pieces), np.nan, np.float32)
    for at, (start, end) in enumerate(pairwise(bounds.tolist())):
        if end > start:
            shares[at] = kept[start:end].mean()
    return shares


def _runs(matched: NDArray[np.bool_], bounds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The matches without those in short runs, unless a run fills its piece."""
    kept = matched.copy()
    for start, end in pairwise(bounds.tolist()):
        if end - start <= _LEAST_RUN:
            kept[start:end] = matched[start:end].all()
            continue
        row = np.concatenate(([0], matched[start:end].astype(np.int8), [0]))
        edges = np.flatnonzero(np.diff(row))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            if last - first < _LEAST_RUN:
                kept[start + first : start + last] = False
    return kept


def by_snippets(pieces: list[str], wanted: list[str], unwanted: list[str]) -> Floats:
    """1 for pieces that hold a wanted snippet, 0 for those with an unwanted one, nan for all others."""
    shares = np.full(len(pieces), np.nan, np.float32)
    texts = [" ".join(piece.split()) for piece in pieces]
    for snippets, value in ((unwanted, 0.0), (wanted, 1.0)):
        for snippet in (" ".join(one.split()) for one in snippets if one.strip()):
            for at, text in enumerate(texts):
                if snippet in text or (len(text) > 12 and text in snippet):
                    shares[at] = value
    return shares

"""The learned judgement of lines: how likely each is part of the story."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.clean import characters as line_characters
from pipeline.clean.lines import features as line_features
from pipeline.clean.lines import words as line_words
from pipeline.clean.scoring import trees

Floats = NDArray[np.float32]

#: lines that are scored at once
_AT_ONCE = 2048


class Judged(NamedTuple):
    """Lines, judged. Everything in the lines' order."""

    lines: list[str]
    #: that a line is part of the story
    probabilities: Floats
    words: Floats
    #: bits of `line_marks`
    marks: list[int]


class LineModel:
    """A table of words, and trees over the features of lines."""

    def __init__(self, words: line_words.LineWords, scorer: trees.Trees) -> None:
        self._words = words
        self._scorer = scorer

    def judge(self, lines: list[str]) -> Judged:
        """Judge lines, none of them empty; at least one."""
        numbers = line_characters.read(lines)
        _, features, marks = line_features.features(lines, numbers, self._words.score(numbers))
        # Some at a time: the trees need kilobytes for each line.
        starts = range(0, len(lines), _AT_ONCE)
        turns = [self._scorer.score(features[:, start : start + _AT_ONCE]) for start in starts]
        return Judged(lines, np.concatenate(turns), numbers.words, marks)


@cache
def model() -> LineModel:
    """The package's model, loaded at first use.

    Raises:
        ValueError: its files are of other features than this code computes.
    """
    return LineModel(line_words.load(), trees.load("text", line_features.names()))

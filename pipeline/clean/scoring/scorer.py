"""The trained scorer of pieces: the chance of each that it is part of the article.

Two passes over the same page: the second reads, beside what the first read, what that made of the pieces
around. Both are symmetric trees from ``models/``, made by ``python -m training.html``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import IO

import numpy as np

from pipeline.clean.lines.words import LineWords
from pipeline.clean.scoring import second_pass
from pipeline.clean.scoring.features import features
from pipeline.clean.scoring.name_words import NameWords
from pipeline.clean.scoring.page_numbers import PageNumbers
from pipeline.clean.scoring.sheet import Floats, Sheet
from pipeline.clean.scoring.trees import Trees
from pipeline.clean.walk.boxes import Boxes, Tree
from pipeline.clean.walk.signals import Signals

#: the files of the package, in the order in which `Scorer` takes them
MODELS = ("html-words", "html-names", "html-first", "html-second")


class Scorer:
    """Tables of words and names, and the trees of both passes.

    Raises:
        ValueError: a model was trained on other features than those the code computes.
    """

    def __init__(self, words: IO[bytes], names: IO[bytes], first: IO[bytes], second: IO[bytes]) -> None:
        self._words = LineWords(words)
        self._names = NameWords(names)
        once, twice = feature_names()
        self._first = Trees(first, once)
        self._second = Trees(second, twice)

    def score(self, tree: Tree, page: PageNumbers) -> Floats:
        """Chances from 0 to 1, one for each piece. ``page`` holds the tree's numbers."""
        names_say = self._names.score(page.looks).take(page.kind)
        sheet = features(tree, self._words.score(page.lines), names_say, page)
        first = self._first.raw(sheet.matrix)
        second_pass.add(sheet, page, first)
        return together(first, self._second.raw(sheet.matrix))


def together(first: Floats, second: Floats) -> Floats:
    """Chances from the log-odds of both passes: each errs in its own way, so their mean is best."""
    chances: Floats = np.float32(1) / (np.float32(1) + np.exp((first + second) / np.float32(-2)))
    return chances


def feature_names() -> tuple[list[str], list[str]]:
    """The features of the first and of the second pass, in order: what the code computes for a page."""
    from pipeline.clean.scoring.page_numbers import number
    from pipeline.clean.walk.boxes import Piece

    tree = Tree([Piece(0, "x", 1, 0, 0, [], [])], Boxes(), [], Signals())
    tree.boxes.end[0] = 1
    page = number(tree)
    sheet: Sheet = features(tree, np.zeros((3, 1), np.float32), np.zeros(1, np.float32), page)
    once = list(sheet.names)
    second_pass.add(sheet, page, np.zeros(1, np.float32))
    return once, list(sheet.names)


@cache
def scorer() -> Scorer:
    """The package's scorer, loaded once a process."""
    folder = files("pipeline.clean").joinpath("models")
    opened = [folder.joinpath(f"{name}.npz").open("rb") for name in MODELS]
    try:
        return Scorer(*opened)
    finally:
        for file in opened:
            file.close()

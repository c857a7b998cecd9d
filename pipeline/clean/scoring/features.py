"""What a page's pieces look like in numbers: the features that the trained scorer reads.

Everything is computed for all pieces of a page together, many rows of numpy at a time: a call costs more
than what it does for a page of two hundred pieces.
"""

from __future__ import annotations

from pipeline.clean.scoring import box_features, page_features, piece_features
from pipeline.clean.scoring.page_numbers import PageNumbers
from pipeline.clean.scoring.page_sums import page_sums
from pipeline.clean.scoring.sheet import Floats, Sheet
from pipeline.clean.walk.boxes import Tree


def features(tree: Tree, words_say: Floats, names_say: Floats, page: PageNumbers) -> Sheet:
    """The sheet of a page's pieces; there must be one at least.

    ``words_say`` and ``names_say`` are log-odds from the trained tables: of each piece by its words (3 rows:
    all, its first alone, its last alone), and of each box by its class and id.
    """
    sheet = Sheet(len(tree.pieces))
    sums = page_sums(page, words_say[0])
    piece_features.add(sheet, tree, page, sums, words_say)
    box_features.add(sheet, page, sums, names_say)
    page_features.add(sheet, tree, page, words_say[0])
    return sheet

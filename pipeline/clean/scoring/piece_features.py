"""Features of the text of pieces, and of what stands before and after them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.clean.characters import (
    BAR,
    CAPITAL,
    COMMA,
    DIGIT,
    IDEOGRAPH,
    QUOTE,
    SIGN,
    SOUTH_EAST,
    STOP,
    Hashes,
)  # fmt: skip
from pipeline.clean.scoring.page_numbers import PageNumbers
from pipeline.clean.scoring.page_sums import (
    GOOD,
    GOOD_WORDS,
    LETTERS,
    LINKED,
    PIECES,
    SAY,
    SAY_WEIGHTED,
    SHORT,
    WORDS,
)  # fmt: skip
from pipeline.clean.scoring.sheet import Floats, Ints, Sheet, in_groups
from pipeline.clean.scoring.sums import Sums
from pipeline.clean.walk.boxes import Piece, Tree

_CHARACTERS = ("capitals a letter", "digits a letter", "signs a letter", "bars a letter", "unspaced",
               "link density", "letters a word", "commas a word", "links a word", "words", "stops", "links",
               "begins with bar", "ends with stop", "lines", "emphasised", "pictures before")  # fmt: skip
_REPEATS = ("capital words", "words found once", "times on page", "seen before")
_ACCOUNT = ("of its words in title", "of title in it", "of its words in description",
            "of description in it")  # fmt: skip
_WORDS = ("words say", "words say, behind", "words, 2 behind", "words say, 2 around", "words say, 6 around",
          "words say, weighted", "words around 8", "good around 8", "link density around 3",
          "link density around 8", "good words before", "share of good words before", "share of good words",
          "place", "place from the end", "place, relative", "place in words")  # fmt: skip
#: a piece that says a title over and over holds it so often at most
_MOST_OF_ACCOUNT = 2
#: marks of what is strong or emphasis
_STRESSED = ("**", "*")
#: a word's hash stands above its place
_PLACE_BITS, _PLACES = np.uint64(32), np.uint64(0xFFFFFFFF)


def add(sheet: Sheet, tree: Tree, page: PageNumbers, sums: Sums, words_say: Floats) -> None:
    """Append the features of texts, their words, and their neighbours. ``sums`` are those of `page_sums`."""
    _characters(sheet, tree, page)
    _repeats(sheet, page)
    sheet.add(("first words say", "last words say"), words_say[1:])
    _around(sheet, page, sums, words_say[0])


def _characters(sheet: Sheet, tree: Tree, page: PageNumbers) -> None:
    """What the text is made of."""
    pieces, lines, count = tree.pieces, page.lines, len(page.words)
    kinds = lines.kinds
    rows = sheet.rows(_CHARACTERS)
    rows[:4] = kinds[[CAPITAL, DIGIT, SIGN, BAR]]
    rows[4] = kinds[IDEOGRAPH] + kinds[SOUTH_EAST]
    rows[5] = page.linked
    rows[:6] /= page.letters
    rows[6] = page.letters
    rows[7] = kinds[COMMA]
    rows[8] = rows[11] = np.array([piece.links for piece in pieces], np.float32)
    rows[6:9] /= np.maximum(page.words, np.float32(1e-9))
    np.minimum(rows[6], 30, out=rows[6])
    rows[9] = page.words
    rows[10] = kinds[STOP]
    rows[12] = lines.first == BAR
    rows[13] = (lines.last == STOP) | (lines.last == QUOTE)
    rows[14:16] = 0
    for at in [at for at, piece in enumerate(pieces) if "\n" in piece.text]:
        rows[14, at] = pieces[at].text.count("\n")
    for at in [at for at, piece in enumerate(pieces) if piece.marks and piece.marks[0][1] in _STRESSED]:
        rows[15, at] = _is_emphasised(pieces[at])
    rows[16] = 0
    if tree.pictures:
        pictures = np.bincount([picture.at for picture in tree.pictures], minlength=count)
        np.minimum(pictures[:count], 5, out=rows[16])


def _is_emphasised(piece: Piece) -> bool:
    """Whether all of a piece that has a first mark is strong, or all is emphasis."""
    at, mark = piece.marks[0]
    if at:
        return False
    depth = 0
    for at, other in piece.marks:
        depth += (other == mark) - (other == f"/{mark}")
        if not depth:
            return not "".join(piece.parts[at:]).strip()
    return False


def _repeats(sheet: Sheet, page: PageNumbers) -> None:
    """What a piece shares with other pieces, and with what the page says of itself."""
    lines, count = page.lines, len(page.words)
    starts = lines.token_starts
    tokens = np.maximum(starts[1:] - starts[:-1], 1)
    # A word and its place in one number: sorted, equal words lie together.
    keys = _in_order(lines.tokens)
    ordered = keys >> _PLACE_BITS
    keys &= _PLACES
    line_of = lines.line_of.take(keys.view(np.int64))
    differs = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=differs[1:-1])
    rows = sheet.rows(_REPEATS)
    rows[0] = np.bincount(lines.line_of[lines.capital], minlength=count)
    rows[1] = np.bincount(line_of[differs[1:] & differs[:-1]], minlength=count)
    rows[:2] /= tokens
    group, rows[3] = in_groups(lines.hashes)
    np.minimum(np.bincount(group).take(group), 10, out=rows[2])
    rows = sheet.rows(_ACCOUNT)
    rows[:] = -1
    said = [(at, wanted) for at, wanted in enumerate(page.account) if wanted is not None]
    if said and len(keys):
        found = _found([wanted for _, wanted in said], ordered, line_of, count)
        for row, (at, wanted) in zip(found, said, strict=True):
            np.divide(row, tokens, out=rows[2 * at])
            np.minimum(row / max(1, len(wanted)), _MOST_OF_ACCOUNT, out=rows[2 * at + 1])


def _in_order(hashes: Hashes) -> NDArray[np.uint64]:
    """Each hash with its place below it, sorted."""
    keys = hashes.astype(np.uint64)
    keys <<= _PLACE_BITS
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    return keys


def _found(texts: list[Hashes], ordered: NDArray[np.uint64], line_of: Ints, count: int) -> Ints:
    """How many words of each text every line has: texts x lines. ``line_of`` follows the sorted words."""
    # The first place of each, and that of what would come after it.
    ends = np.empty((2, sum(map(len, texts))), np.uint64)
    np.concatenate(texts, out=ends[0])
    np.add(ends[0], np.uint64(1), out=ends[1])
    first, last = ordered.searchsorted(ends)
    times = last - first
    until = times.cumsum()
    # Rows of all texts lie behind one another.
    base = np.repeat(np.arange(0, len(texts) * count, count), [len(text) for text in texts])
    places = np.repeat(first - until + times, times)
    places += np.arange(len(places))
    lines = line_of.take(places)
    lines += np.repeat(base, times)
    return np.bincount(lines, minlength=len(texts) * count).reshape(len(texts), count)


def _around(sheet: Sheet, page: PageNumbers, sums: Sums, words_say: Floats) -> None:
    """Words and prose in the neighbourhood, and the place among all."""
    words, count = page.words, len(page.words)
    rows = sheet.rows(_WORDS)
    rows[0] = words_say
    rows[1:3] = 0
    rows[1, :-1] = words_say[1:]
    rows[2, :-2] = words[2:]
    near, far = sums.around(2, PIECES, SAY + 1), sums.around(6, PIECES, SAY + 1)
    rows[3], rows[4] = near[1] / near[0], far[1] / far[0]
    weighted = sums.around(4, PIECES, SAY_WEIGHTED + 1)
    rows[5] = weighted[2] / weighted[0]
    widest = sums.around(8, 0, GOOD + 1)
    rows[6], rows[7] = widest[SHORT] / widest[PIECES], widest[GOOD] / widest[PIECES]
    densities = sums.around(3, LINKED, LETTERS + 1)
    rows[8], rows[9] = densities[0] / densities[1], widest[LINKED] / widest[LETTERS]
    until, whole = sums.until(), sums.whole()
    rows[10] = until[GOOD_WORDS] - page.good_words
    rows[11], rows[12] = rows[10], page.good_words
    rows[11:13] /= max(1.0, float(whole[GOOD_WORDS]))
    rows[13] = at = np.arange(count, dtype=np.float32)
    rows[14] = count - 1 - at
    rows[15] = at / count
    rows[16] = until[WORDS] / max(1e-9, float(whole[WORDS]))

"""Features of the text of pieces, and of what stands before and after them."""

from __future__ import annotations

import numpy as np

from pipeline.clean.boxes import Piece, Tree
from pipeline.clean.line_characters import (
    BAR,
    BRACKET,
    CAPITAL,
    COMMA,
    DASH,
    DIGIT,
    IDEOGRAPH,
    LETTER,
    QUOTE,
    SIGN,
    SOUTH_EAST,
    STOP,
    read,
)  # fmt: skip
from pipeline.clean.page_numbers import PageNumbers
from pipeline.clean.sheet import Floats, Ints, Sheet, share, shifted, windowed

#: distances are told apart up to this many pieces
_FAR = 60


def add(sheet: Sheet, tree: Tree, page: PageNumbers, words_say: Floats) -> None:
    """Append the features of texts, their words, and their neighbours."""
    _characters(sheet, page)
    _marks(sheet, tree, page)
    _words(sheet, page, words_say)
    _repeats(sheet, tree, page)
    _neighbours(sheet, page)
    _prose(sheet, page)


def _characters(sheet: Sheet, page: PageNumbers) -> None:
    kinds, letters, lines = page.lines.kinds, page.letters, page.lines
    sheet.add("words", page.words)
    sheet.add("letters a word", np.minimum(share(letters, page.words), 30))
    for name, kind in (("capitals", CAPITAL), ("digits", DIGIT), ("signs", SIGN), ("quotes", QUOTE),
                       ("brackets", BRACKET), ("dashes", DASH), ("bars", BAR)):  # fmt: skip
        sheet.add(f"{name} a letter", share(kinds[kind], letters))
    sheet.add("stops", kinds[STOP])
    sheet.add("stops a word", share(kinds[STOP], page.words))
    sheet.add("commas a word", share(kinds[COMMA], page.words))
    dense = kinds[IDEOGRAPH] + kinds[SOUTH_EAST]
    sheet.add("unspaced", share(dense, letters))
    sheet.add("begins small", lines.first == LETTER)
    for name, kind in (("capital", CAPITAL), ("digit", DIGIT), ("quote", QUOTE), ("bar", BAR)):
        sheet.add(f"begins with {name}", lines.first == kind)
    sheet.add("ends with stop", (lines.last == STOP) | (lines.last == QUOTE))
    sheet.add("ends with comma or colon", lines.last == COMMA)
    tokens = np.maximum(np.diff(lines.token_starts), 1)
    capitals = np.bincount(lines.line_of, lines.capital, len(page.words))
    sheet.add("capital words", share(capitals, tokens))


def _marks(sheet: Sheet, tree: Tree, page: PageNumbers) -> None:
    pieces, count = tree.pieces, len(page.words)
    links = np.fromiter((piece.links for piece in pieces), np.float32, count)
    sheet.add("link density", share(page.linked, page.letters))
    sheet.add("links", links)
    sheet.add("links a word", share(links, page.words))
    sheet.add("lines", np.fromiter((piece.text.count("\n") for piece in pieces), np.float32, count))
    strong = (bool(piece.marks) and _is_emphasised(piece) for piece in pieces)
    sheet.add("emphasised", np.fromiter(strong, np.float32, count))
    before = np.zeros(count + 1, np.float32)
    for picture in tree.pictures:
        before[picture.at] += 1
    sheet.add("pictures before", np.minimum(before[:-1], 5))
    sheet.add("pictures behind", np.minimum(before[1:], 5))


def _is_emphasised(piece: Piece) -> bool:
    """Whether all of a piece is strong, or all is emphasis."""
    at, mark = piece.marks[0]
    if at or mark not in ("**", "*"):
        return False
    depth = 0
    for at, other in piece.marks:
        depth += (other == mark) - (other == f"/{mark}")
        if not depth:
            return not "".join(piece.parts[at:]).strip()
    return False


def _words(sheet: Sheet, page: PageNumbers, words_say: Floats) -> None:
    sheet.add("words say", words_say)
    sheet.add("words say, 2 around", windowed(words_say, 2))
    sheet.add("words say, 6 around", windowed(words_say, 6))
    sheet.add("words say, before", shifted(words_say, -1))
    sheet.add("words say, behind", shifted(words_say, 1))
    weighted = windowed(words_say * np.sqrt(page.words), 4)
    sheet.add("words say, weighted", weighted)


def _repeats(sheet: Sheet, tree: Tree, page: PageNumbers) -> None:
    """What a piece shares with the page's titles, its description, its own account of the article, and
    with other pieces."""
    lines, count = page.lines, len(page.words)
    plain = tree.signals.plain
    titles = [plain.get("title", "")]
    descriptions, bodies = [], []
    for name, content in plain.get("meta", ()):
        if name in ("og:title", "twitter:title"):
            titles.append(content)
        elif name in ("description", "og:description", "twitter:description"):
            descriptions.append(content)
    for text in plain.get("json_ld", ()):
        if '"articleBody"' in text:
            bodies.append(text)
    for name, texts in (("title", titles), ("description", descriptions), ("articleBody", bodies)):
        _overlap(sheet, page, name, [" ".join(text.split()) for text in texts if text.strip()])
    tokens = np.maximum(np.diff(lines.token_starts), 1)
    _, first, inverse, times = np.unique(
        lines.hashes, return_index=True, return_inverse=True, return_counts=True
    )
    sheet.add("times on page", np.minimum(times[inverse], 10))
    sheet.add("seen before", first[inverse] < np.arange(count))
    # Share of words that occur elsewhere on the page, too.
    _, token_at, token_times = np.unique(lines.tokens, return_inverse=True, return_counts=True)
    rare = (
        np.bincount(lines.line_of, token_times[token_at] == 1, count)
        if len(lines.tokens)
        else np.zeros(count)
    )
    sheet.add("words found once", share(rare, tokens))


def _overlap(sheet: Sheet, page: PageNumbers, name: str, texts: list[str]) -> None:
    lines, count = page.lines, len(page.words)
    if not texts or not len(lines.tokens):
        sheet.add(f"of its words in {name}", -1.0)
        sheet.add(f"of {name} in it", -1.0)
        return
    wanted = np.unique(read(texts).tokens)
    found = np.bincount(lines.line_of, np.isin(lines.tokens, wanted), count)
    sheet.add(f"of its words in {name}", share(found, np.maximum(np.diff(lines.token_starts), 1)))
    sheet.add(f"of {name} in it", np.minimum(share(found, max(1, len(wanted))), 2))


def _neighbours(sheet: Sheet, page: PageNumbers) -> None:
    density, good = share(page.linked, page.letters), page.good.astype(np.float32)
    for by in (-2, -1, 1, 2):
        side = f"{abs(by)} {'behind' if by > 0 else 'before'}"
        sheet.add(f"words, {side}", shifted(page.words, by))
        sheet.add(f"link density, {side}", shifted(density, by, 1.0))
        sheet.add(f"good, {side}", shifted(good, by))
    for reach in (3, 8):
        sheet.add(f"good around {reach}", windowed(good, reach))
        letters = windowed(page.letters, reach)
        sheet.add(f"link density around {reach}", share(windowed(page.linked, reach), letters))
        sheet.add(f"words around {reach}", windowed(np.minimum(page.words, 100), reach))


def _prose(sheet: Sheet, page: PageNumbers) -> None:
    count = len(page.words)
    at = np.arange(count)
    sheet.add("good", page.good)
    sheet.add("good before, in pieces", np.minimum(_since(page.good), _FAR))
    sheet.add("good behind, in pieces", np.minimum(_since(page.good[::-1])[::-1], _FAR))
    total = max(1.0, float(page.good_words.sum()))
    before = np.cumsum(page.good_words) - page.good_words
    sheet.add("good words before", before)
    sheet.add("share of good words before", before / total)
    sheet.add("share of good words", page.good_words / total)
    sheet.add("place", at)
    sheet.add("place from the end", count - 1 - at)
    sheet.add("place, relative", at / count)
    sheet.add("place in words", share(np.cumsum(page.words), float(page.words.sum())))


def _since(flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Ints:
    """How many columns ago a flag was last set, itself included; far where it never was."""
    at = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, at, -_FAR - 1))
    return at - last

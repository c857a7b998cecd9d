"""Lines as numbers: the kinds of their characters and the hashes of their words, a whole text at once."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Hashes = NDArray[np.uint32]

(SPACE, LETTER, CAPITAL, DIGIT, MARK, IDEOGRAPH, SOUTH_EAST, STOP, COMMA, QUOTE, BRACKET, BAR, DASH, SIGN) = (
    range(14)
)
KINDS = 14

_MARKS = {
    STOP: ".!?…。！？؟।॥܀።؞․‼⁇⁈⁉｡．։",
    COMMA: ",;:、，；：،؛·፣，",
    QUOTE: "\"'“”„‟‘’‚«»‹›「」『』《》〈〉",
    BRACKET: "()[]{}（）［］【】",
    BAR: "|/\\>•‣◦▪●■►▶→←↑↓<*＞｜／",
    DASH: "-–—―‐‑_~",
}
#: letters of one word of Thai, Lao, Burmese and Khmer; ideographs and kana of one (see `pipeline.words`)
_PER_SOUTH_EAST, _PER_IDEOGRAPH = 4.0, 2.0
#: factor of the polynomial hash, and the two that stir its bits (of murmur3)
_FACTOR, _STIR, _STIR_AGAIN = 0x01000193, 0x85EBCA6B, 0xC2B2AE35
#: characters of a word that count for its hash
_LONGEST = 24
#: characters of a usual page: powers for so many are computed once
_USUAL = 1 << 17


class Lines(NamedTuple):
    """The lines of a text in numbers. Rows and columns follow the lines' order."""

    #: kinds x lines: how many characters of a kind a line has
    kinds: Counts
    #: characters of each line that are no space
    letters: Counts
    #: kind of each line's first and last character
    first: Counts
    last: Counts
    #: words of each line, as `pipeline.words` counts them but for rounding
    words: NDArray[np.float32]
    #: of each token (a word, a number, or one character of an unspaced script): its hash, its line,
    #: and whether it begins with a capital
    tokens: Hashes
    line_of: Counts
    capital: NDArray[np.bool_]
    #: of each line: number of its first token; one more at the end
    token_starts: Counts
    #: hash of each line's tokens in order
    hashes: Hashes


@cache
def _table() -> NDArray[np.uint8]:
    """Kind of each character of the basic plane."""
    kinds = {
        "Lu": CAPITAL, "Lt": CAPITAL, "Nd": DIGIT, "Mn": MARK, "Mc": MARK, "Me": MARK, "Zs": SPACE,
        "Zl": SPACE, "Zp": SPACE, "Cc": SPACE, "Pd": DASH, "Ps": BRACKET, "Pe": BRACKET, "Pi": QUOTE,
        "Pf": QUOTE, "Po": SIGN, "Pc": DASH,
    }  # fmt: skip
    table = np.full(0x10000, SIGN, np.uint8)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        table[code] = kinds.get(category, LETTER if category[0] in "LN" else SIGN)
    for kind, characters in _MARKS.items():
        table[[ord(character) for character in characters]] = kind
    for first, last in ((0x3041, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)):
        table[first : last + 1] = IDEOGRAPH
    for first, last in ((0x0E01, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17B3)):
        within = table[first : last + 1]
        within[within == LETTER] = SOUTH_EAST
    return table


@cache
def _folded() -> Hashes:
    """Of each character of the basic plane: what a word's hash reads, times 256, and the character's kind.

    That is its lower case, or 0 for every digit. U+0130 is the one character whose lower case is longer.
    """
    lower = [ord(chr(code).lower()[0]) for code in range(0x10000)]
    kinds = _table()
    read = np.where(kinds == DIGIT, ord("0"), np.array(lower))
    read[0x130] = ord("i")
    return (read << 8 | kinds).astype(np.uint32)


def _codes(text: str) -> Counts:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def _read_characters(text: str) -> tuple[NDArray[np.uint8], Hashes]:
    """The kind of each character, and what hashes read of it."""
    basic: NDArray[np.integer[Any]] = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    beyond = len(basic) > len(text)
    if beyond:
        # Beyond the basic plane: ideographs, letters of old scripts, pictures.
        codes = _codes(text)
        kind_of = np.where(codes >= 0x20000, 0x4E00, np.where(codes >= 0x1F000, 0x2600, 0x61))
        basic = np.where(codes < 0x10000, codes, kind_of)
    folded = _folded().take(basic)
    kinds = folded.astype(np.uint8)
    folded >>= np.uint32(8)
    if beyond or "\u03a3" in text:
        # The lower case of a sigma depends on its place.
        lower = _codes(text.replace("\u0130", "i").lower()).astype(np.uint32)
        folded = np.where(kinds == DIGIT, np.uint32(48), lower)
    return kinds, folded


def read(lines: list[str]) -> Lines:
    """The numbers of lines; of one line at least. An empty line ends with what its neighbour ends with."""
    kinds, codes = _read_characters("\n".join([*lines, ""]))
    count = len(lines)
    lengths = np.fromiter(map(len, lines), np.int64, count) + 1
    bounds = np.zeros(count + 1, np.int64)
    np.add.accumulate(lengths, out=bounds[1:])
    # One number for a line and a kind.
    both = np.repeat(np.arange(0, count * KINDS, KINDS), lengths)
    both += kinds
    counts = np.bincount(both, minlength=count * KINDS).reshape(count, KINDS).T.copy()
    counts[SPACE] -= 1
    unspaced = counts[IDEOGRAPH] + counts[SOUTH_EAST]
    at, token_ends = _tokens(kinds, bool(unspaced.any()))
    token_starts = at.searchsorted(bounds)
    held = token_starts[1:] - token_starts[:-1]
    token_line = np.repeat(np.arange(count), held)
    words = held - unspaced + counts[IDEOGRAPH] / _PER_IDEOGRAPH + counts[SOUTH_EAST] / _PER_SOUTH_EAST
    tokens = _hashes(codes, at, np.minimum(token_ends, at + _LONGEST))
    return Lines(
        kinds=counts,
        letters=lengths - 1 - counts[SPACE],
        first=kinds.take(bounds[:-1]).astype(np.int64),
        last=kinds.take(bounds[1:] - 2).astype(np.int64),
        words=words.astype(np.float32),
        tokens=tokens,
        line_of=token_line,
        capital=kinds.take(at) == CAPITAL,
        token_starts=token_starts,
        hashes=_line_hashes(tokens, token_line, token_starts, held),
    )


def _tokens(kinds: NDArray[np.uint8], has_unspaced: bool) -> tuple[Counts, Counts]:
    """Where tokens begin and end. The last character of all is a line break: every token ends before it."""
    wordy = np.zeros(len(kinds) + 1, np.bool_)
    np.less_equal(kinds - np.uint8(LETTER), np.uint8(SOUTH_EAST - LETTER), out=wordy[1:])
    if not has_unspaced:
        edges = (wordy[1:] != wordy[:-1]).nonzero()[0]
        return edges[::2], edges[1::2]
    wordy = wordy[1:]
    single = (kinds == IDEOGRAPH) | (kinds == SOUTH_EAST)
    # A token begins after what is no part of a word, and with each character of an unspaced script but
    # for the marks on it.
    begins = wordy.copy()
    begins[1:] &= ~wordy[:-1] | single[1:] | (single[:-1] & (kinds[1:] != MARK))
    return begins.nonzero()[0], (wordy[:-1] & (begins[1:] | ~wordy[1:])).nonzero()[0] + 1


def _hashes(codes: Hashes, starts: Counts, ends: Counts) -> Hashes:
    """Hashes of stretches of characters: polynomials, as differences of one sum over the whole text."""
    powers, inverses = _powers(_USUAL) if len(codes) <= _USUAL else _powers.__wrapped__(len(codes))
    sums = np.zeros(len(codes) + 1, np.uint32)
    np.cumsum(codes * powers[: len(codes)], dtype=np.uint32, out=sums[1:])
    return stirred((sums.take(ends) - sums.take(starts)) * inverses.take(starts))


@cache
def _powers(count: int) -> tuple[Hashes, Hashes]:
    """Powers of the hash's factor from the first, and of its inverse from the zeroth, modulo 2**32."""
    factors = np.full((2, count), _FACTOR, np.uint32)
    factors[1] = pow(_FACTOR, -1, 1 << 32)
    factors[1, 0] = 1
    powers = np.cumprod(factors, axis=1, dtype=np.uint32)
    return powers[0], powers[1]


def stirred(hashes: Hashes) -> Hashes:
    """Hashes whose bits depend on one another, so that any of them may serve as an index."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes *= np.uint32(_STIR)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(_STIR_AGAIN)
    hashes ^= hashes >> np.uint32(16)
    return hashes


def _line_hashes(tokens: Hashes, line_of: Counts, starts: Counts, held: Counts) -> Hashes:
    if not len(tokens):
        return np.zeros(len(held), np.uint32)
    place = np.arange(1, len(tokens) + 1)
    place -= np.repeat(starts[:-1], held)
    mixed = place.astype(np.uint32)
    mixed *= np.uint32(_FACTOR)
    mixed += tokens
    # Exact: a sum of fewer than 2**21 of them fits a float's 53 bits.
    sums = np.bincount(line_of, stirred(mixed), len(held)).astype(np.int64)
    return sums.astype(np.uint32)

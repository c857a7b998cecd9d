"""What classes and ids say of a box: how often text in boxes with such names was part of an article.

Beside the families of `hints`, which people wrote down, this is what training found: log-odds of names and
their parts, of a logistic regression over pieces and the names of all boxes around them. The score of a
piece is the sum over its boxes.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import IO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Slots = NDArray[np.uint16]

#: tag and names of a box
Look = tuple[str, str]

#: entries of the table: a power of two
BITS = 15
#: names of one box that are looked at
_MOST_NAMES = 12
#: characters of a name (of one that is not ASCII, bytes), and parts of one, that are looked at
_LONGEST = 60
_MOST_PARTS = 8
#: looks whose score is remembered
_REMEMBERED = 50_000

_SPACE, _OTHER, _LOWER, _CAPITAL = range(4)
_SPACES = b" \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
_DIGIT = ord("0")


def _translation(of: dict[int, int], default: int | None = None) -> bytes:
    return bytes(of.get(code, code if default is None else default) for code in range(256))


_SMALL = {code: code for code in range(ord("a"), ord("z") + 1)}
_LARGE = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_KINDS = _translation(
    dict.fromkeys(_SMALL, _LOWER) | dict.fromkeys(_LARGE, _CAPITAL) | dict.fromkeys(_SPACES, _SPACE), _OTHER
)
#: a byte as the hash of a name reads it, and that of a part; 0 is not read
_IN_NAME = _translation(_LARGE | dict.fromkeys(b"0123456789", _DIGIT) | dict.fromkeys(_SPACES, 0))
_IN_PART = _translation(_SMALL | _LARGE, 0)


def _slot(token: bytes) -> int:
    return zlib.crc32(token) >> (32 - BITS)


def _shares() -> Slots:
    """What a byte adds to the slot of a token by how many come after it: a CRC is a sum without carry.

    One row more is empty: for what stands before a token and is none of it.
    """
    alone = zlib.crc32(b"\0")
    once = np.array([zlib.crc32(bytes((code,))) ^ alone for code in range(256)], np.uint32)
    rows = [once]
    for _ in range(_LONGEST):
        rows.append(rows[-1] >> np.uint32(8) ^ once[rows[-1] & np.uint32(0xFF)])
    rows.append(np.zeros_like(once))
    return (np.concatenate(rows) >> np.uint32(32 - BITS)).astype(np.uint16)


_SHARES = _shares()
#: slots of a name and of a part by length, but for what their bytes add
_OF_NAME, _OF_PART = (
    np.array([_slot(before + bytes(length)) for length in range(_LONGEST + 1)], np.uint16)
    for before in (b"", b".")
)


@lru_cache(maxsize=1_000)
def _tag_slot(tag: str) -> int:
    return _slot(f"<{tag}".encode("utf-8", "replace"))


def slots(looks: Sequence[Look]) -> tuple[Ints, Ints]:
    """Entries of the table that boxes ask for: for the tag, each name, and each part of a name, once each.

    Returned are the number of the look, ascending, and the entry. All looks are read in one go: a page of a
    site that was not seen before has hundreds.
    """
    tags = np.array([_tag_slot(tag) for tag, _ in looks], np.int64)
    texts = [names.encode("utf-8", "replace") for _, names in looks]
    return _slots(tags, [_shortened(text) if len(text) > _LONGEST else text for text in texts])


def _slots(tags: Ints, texts: list[bytes]) -> tuple[Ints, Ints]:
    # A space at either end: every name has something before it and after it.
    whole = b" ".join((b"", *texts, b""))
    kinds = np.frombuffer(whole.translate(_KINDS), np.uint8)
    is_name = kinds != _SPACE
    edges = np.flatnonzero(is_name[1:] != is_name[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    text_ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    held = _steps(np.searchsorted(starts, text_ends))
    if held.max() > _MOST_NAMES:
        return _slots(tags, list(map(_shortened, texts)))
    owner = np.repeat(np.arange(len(texts)), held)
    names = _name_slots(whole, starts, ends)
    parts, name_of = _part_slots(whole, kinds, starts)
    # Text and entry in one number: sorted, equal ones lie together.
    keys = np.concatenate((np.arange(len(texts)), owner, owner.take(name_of))) << BITS
    keys |= np.concatenate((tags, names, parts))
    keys.sort()
    keys = keys[_steps(keys + 1) != 0]
    return keys >> BITS, keys & ((1 << BITS) - 1)


def _steps(rising: Ints) -> Ints:
    """By how much each number is above the one before; the first above 0."""
    steps = rising.copy()
    steps[1:] -= rising[:-1]
    return steps


def _shortened(names: bytes) -> bytes:
    return b" ".join([name[:_LONGEST] for name in names.split()[:_MOST_NAMES]])


def _name_slots(whole: bytes, starts: Ints, ends: Ints) -> Slots:
    """Of each name, in lower case and with any number as 0."""
    if not len(starts):
        return np.zeros(0, np.uint16)
    read = np.frombuffer(bytearray(whole.translate(_IN_NAME)), np.uint8)
    digits = read == _DIGIT
    read[1:][digits[1:] & digits[:-1]] = 0
    order = np.cumsum(read != 0)
    last = order.take(ends - 1)
    behind = np.repeat(last, _steps(ends))
    behind -= order[: len(behind)]
    return _sums(read, behind, starts) ^ _OF_NAME.take(_steps(last))


def _part_slots(whole: bytes, kinds: Bytes, starts: Ints) -> tuple[Slots, Ints]:
    """Of the words that each name is made of, "post" and "Body" in "post-1Body"; and the name of each."""
    lower, capital = kinds == _LOWER, kinds == _CAPITAL
    letter = lower | capital
    # A capital begins a word after a small letter, and as the last of several before one: "innerHTMLText".
    begins = letter.copy()
    begins[1:] &= ~letter[:-1] | (capital[1:] & lower[:-1])
    begins[:-1] |= capital[:-1] & lower[1:]
    at = np.flatnonzero(begins)
    if not len(at):
        return np.zeros(0, np.uint16), np.zeros(0, np.int64)
    ends = np.flatnonzero(letter[:-1] & (begins[1:] | ~letter[1:])) + 1
    behind = np.repeat(ends - 1, _steps(ends))
    behind -= np.arange(len(behind))
    read = np.frombuffer(whole.translate(_IN_PART), np.uint8)
    found = _sums(read, behind, at) ^ _OF_PART.take(ends - at)
    first = np.searchsorted(at, starts)
    name_of = np.repeat(np.arange(len(starts)), _steps(np.append(first[1:], len(at))))
    looked_at = np.arange(len(at)) - first.take(name_of) < _MOST_PARTS
    return found[looked_at], name_of[looked_at]


def _sums(read: Bytes, behind: Ints, starts: Ints) -> Slots:
    """What the bytes of each token add to its slot. ``behind`` says how many of the token follow a byte;
    what it says of bytes that are not read does not matter. It is overwritten."""
    behind <<= 8
    behind |= read[: len(behind)]
    sums: Slots = np.bitwise_xor.reduceat(_SHARES.take(behind, mode="clip"), starts)
    return sums


class NameWords:
    """Log-odds of names, from a file with ``weights`` (int8) and their ``scale``."""

    def __init__(self, file: IO[bytes]) -> None:
        with np.load(file, allow_pickle=False) as model:
            self._weights = model["weights"].astype(np.float32) * np.float32(model["scale"])
        if len(self._weights) != 1 << BITS:
            raise ValueError(f"The table of names has {len(self._weights)} entries, not {1 << BITS}.")
        self._said: dict[Look, float] = {}

    def score(self, looks: Sequence[Look]) -> Floats:
        """What boxes' own names say, in log-odds."""
        said = self._said
        unknown = [look for look in looks if look not in said]
        if unknown:
            if len(said) >= _REMEMBERED:
                # Another thread may be reading the old ones.
                said, unknown = {}, list(looks)
                self._said = said
            owner, entries = slots(unknown)
            said.update(zip(unknown, np.bincount(owner, self._weights.take(entries)).tolist(), strict=True))
        return np.fromiter(map(said.__getitem__, looks), np.float32, len(looks))

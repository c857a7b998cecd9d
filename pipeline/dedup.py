"""Same text, and nearly the same: a hash for equality and a 64-bit sketch for likeness. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from array import array
from zlib import crc32

#: words in a row that make one feature of the sketch
_SHINGLE = 3
#: characters in a row, for scripts without spaces
_UNSPACED_SHINGLE = 4
#: average letters of a word above which a text is taken for one without spaces
_LONG_WORD = 15
#: spreads 32 bits over 64 (the golden ratio, as in splitmix64); the upper half is folded into the lower
_SPREAD = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def content_hash(text: str) -> str:
    """SHA-256 (hex) of the text in NFKC, case-folded, white space collapsed.

    Texts that differ only in case, spacing or compatibility characters are equal.
    """
    return hashlib.sha256(_normal(text).encode("utf-8", "replace")).hexdigest()


def simhash(text: str) -> str:
    """Sketch of a text, 16 hex digits: texts that share most of their phrases differ in few bits.

    Features are runs of three words (of four characters in scripts without spaces), each counted
    as often as it occurs. A text without words has the sketch of zeros. Charikar, "Similarity
    estimation techniques from rounding algorithms", 2002; 0.3 ms for 800 words.
    """
    features = _features(_normal(text))
    if not features:
        return "0" * 16
    hashes = array("Q", [_spread(crc32(feature)) for feature in features]).tobytes()
    half = len(features) / 2
    ones = int.from_bytes(b"\x01" * len(features), "little")
    sketch = 0
    # All hashes at once: byte by byte as one large number, whose bits of one rank are then counted.
    for byte in range(8):
        column = int.from_bytes(hashes[byte::8], "little")
        for bit in range(8):
            if (column & (ones << bit)).bit_count() > half:
                sketch |= 1 << (8 * byte + bit)
    return f"{sketch:016x}"


def hamming(one: str, other: str) -> int:
    """In how many of their 64 bits two sketches differ. Raises ValueError for what is no sketch."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _normal(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def _spread(value: int) -> int:
    spread = (value + 1) * _SPREAD & _MASK
    return spread ^ spread >> 32


def _features(normal: str) -> list[bytes]:
    words = normal.encode("utf-8", "replace").split()
    if not words:
        return []
    if len(normal) > _LONG_WORD * len(words):
        letters = normal.replace(" ", "")
        last = max(1, len(letters) - _UNSPACED_SHINGLE + 1)
        return [letters[at : at + _UNSPACED_SHINGLE].encode("utf-8", "replace") for at in range(last)]
    if len(words) < _SHINGLE:
        return [b" ".join(words)]
    return list(map(b" ".join, zip(words, words[1:], words[2:], strict=False)))

"""Same text, and nearly the same: a hash for equality and a 64-bit sketch for likeness. Pure."""

from __future__ import annotations

import sys
import unicodedata
from array import array
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from zlib import crc32

#: words in a row that make one feature of the sketch
_SHINGLE = 3
#: characters in a row, for scripts without spaces
_UNSPACED_SHINGLE = 4
#: average letters of a word above which a text is taken for one without spaces
_LONG_WORD = 15
#: odd and close to 2**32: spreads a checksum of 32 bits evenly over 64
_SPREAD = 0xF1357AEB
_ASCII = bytes(range(128))
#: ASCII in small letters, and blank what Unicode takes for white space and `bytes.split` does not
_LOWER = bytes(range(256)).lower().translate(bytes.maketrans(b"\x1c\x1d\x1e\x1f", b"    "))
#: different characters beyond ASCII that are folded one by one: more are a script of its own
_MOST_RARE = 40


def content_hash(text: str) -> str:
    """SHA-256 (hex) of the text in NFKC, case-folded, white space collapsed.

    Texts that differ only in case, spacing or compatibility characters are equal.
    """
    return sha256(b" ".join(_words(text))).hexdigest()


def simhash(text: str) -> str:
    """Sketch of a text, 16 hex digits: texts that share most of their phrases differ in few bits.

    Features are runs of three words (of four characters in scripts without spaces), each counted
    as often as it occurs. A text without words has the sketch of zeros. Charikar, "Similarity
    estimation techniques from rounding algorithms", 2002; about 0.3 ms for 800 words.
    """
    words = _words(text)
    return _sketch(words, b" ".join(words))


def fingerprint(text: str) -> tuple[str, str]:
    """`content_hash` and `simhash` of a text, normalised once for both."""
    words = _words(text)
    normal = b" ".join(words)
    return sha256(normal).hexdigest(), _sketch(words, normal)


def hamming(one: str, other: str) -> int:
    """In how many of their 64 bits two sketches differ. Raises ValueError for what is no sketch."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _sketch(words: list[bytes], normal: bytes) -> str:
    if not words:
        return "0" * 16
    # All features at once: their checksums as lanes of one large number. A lane of 64 bits holds the
    # product of two numbers of 32 bits, so nothing carries over into the next.
    sums = array("Q", map(crc32, _features(words, normal)))
    count = len(sums)
    hashes = (int.from_bytes(sums.tobytes(), sys.byteorder) * _SPREAD).to_bytes(8 * count, "little")
    half = count / 2
    ones = int.from_bytes(b"\x01" * count, "little")
    masks = [ones << bit for bit in range(8)]
    sketch = 0
    for byte in range(8):
        column = int.from_bytes(hashes[byte::8], "little")
        for bit, mask in enumerate(masks):
            if (column & mask).bit_count() > half:
                sketch |= 1 << (8 * byte + bit)
    return f"{sketch:016x}"


def _words(text: str) -> list[bytes]:
    """The words of a text in NFKC, case-folded, as UTF-8."""
    data = text.encode("utf-8", "replace")
    if not text.isascii():
        # Folding a whole text costs more than all the rest; nearly all of its characters are ASCII.
        rare = frozenset(data.translate(None, _ASCII).decode())
        if len(rare) > _MOST_RARE or not all(map(_is_alone, rare)):
            folded = unicodedata.normalize("NFKC", text).casefold()
            return " ".join(folded.split()).encode("utf-8", "replace").split()
        for one in rare:
            data = data.replace(one.encode(), _folded(one))
    return data.translate(_LOWER).split()


def _is_alone(character: str) -> bool:
    """Whether what NFKC makes of a character depends on none beside it: Latin letters, punctuation."""
    return character < "\u0300" or "\u2000" <= character < "\u20d0"


@cache
def _folded(character: str) -> bytes:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(" " if one.isspace() else one for one in folded).encode()


def _features(words: list[bytes], normal: bytes) -> Iterable[bytes]:
    # Bytes first: a text has at most as many characters.
    if len(normal) > _LONG_WORD * len(words) and len(text := normal.decode()) > _LONG_WORD * len(words):
        letters = text.replace(" ", "")
        last = max(1, len(letters) - _UNSPACED_SHINGLE + 1)
        return [letters[at : at + _UNSPACED_SHINGLE].encode() for at in range(last)]
    if len(words) < _SHINGLE:
        return [normal]
    return map(b" ".join, zip(words, words[1:], words[2:], strict=False))

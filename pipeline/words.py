"""Counting words, also in scripts that put no space between them."""

from __future__ import annotations

import re

#: ideographs and kana, which are written without spaces
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
#: Thai, Lao, Burmese and Khmer letters, without the marks that sit on them
_SOUTH_EAST = re.compile(r"[\u0e01-\u0e30\u0e40-\u0e46\u0e81-\u0eb0\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3]")
#: both, roughly: a text without these is counted by its spaces
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
)
_ASCII = bytes(range(128))
#: characters of a text that is as quickly taken apart
_SHORT = 200
#: blanks for white space, the same letter for all else: words are counted, not cut out
_OUTLINE = bytes(32 if byte < 128 and chr(byte).isspace() else 120 for byte in range(256))
#: letters of an average word: Chinese and Japanese about two, Thai about four without its marks
_PER_IDEOGRAPH = 2
_PER_SOUTH_EAST = 4


def count_words(text: str) -> int:
    """How many words a text has.

    Words are what white space separates. In a run without spaces of Chinese or Japanese, two
    characters count as one word; in Thai, Lao, Burmese and Khmer, four letters do. Korean is
    written with spaces and needs no such rule.
    """
    if len(text) < _SHORT and (text.isascii() or not UNSPACED.search(text)):
        return len(text.split())
    data = text.encode("utf-8", "surrogatepass")
    if len(data) > len(text):
        # Nearly all characters are ASCII: without them the search is short.
        rare = data.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        if UNSPACED.search(rare):
            return _count_unspaced(text)
        if any(map(str.isspace, rare)):
            return len(text.split())
    return (b" " + data.translate(_OUTLINE)).count(b" x")


def _count_unspaced(text: str) -> int:
    dense = len(_IDEOGRAPHS.findall(text))
    loose = len(_SOUTH_EAST.findall(text))
    rest = UNSPACED.sub(" ", text)
    spaced = sum(1 for word in rest.split() if any(char.isalnum() for char in word))
    return spaced + -(-dense // _PER_IDEOGRAPH) + -(-loose // _PER_SOUTH_EAST)

"""What counts as a word in search: the same for both databases, and for what people type.

Neither database's own idea of a word will do: SQLite's tokenizer takes a run of Chinese for one word,
PostgreSQL's cuts elsewhere. So both are given words that were made here, and only find them again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: letters, digits, and the signs that are part of words in the scripts of India and its neighbours;
#: to `re` those are no letters (Unicode, U+0900 to U+0DFF, less its full stops)
_INDIC = re.compile(r"[\u0900-\u0dff]")
_INDIC_WORDS = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0dff])+")
_WORDS = re.compile(r"[^\W_]+")
#: ASCII without its punctuation, in lower case; what is beyond stays
_PLAIN = bytes(
    byte if byte > 127 else ord(chr(byte).lower()) if chr(byte).isalnum() else 32 for byte in range(256)
)
#: punctuation that stands in most texts, also in those that are ASCII otherwise
_PUNCTUATION = (
    "\u2019",
    "\u2018",
    "\u201c",
    "\u201d",
    "\u2013",
    "\u2014",
    "\u2026",
    "\u00a0",
    "\u3001",
    "\u3002",
)
#: scripts that put no space between words: each character is one, and a word a phrase of them
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003134f]"
)
#: accents of Latin, Greek and Cyrillic letters, once they are taken apart (Unicode, U+0300 to U+036F);
#: vowels that Hebrew and Arabic leave out as often as not, and the line that only stretches a word
_IGNORED = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"
)
#: no word that people look for is longer
LONGEST = 60

#: the letter before each word of a field, so that one index answers for all of them; private use
#: (Unicode, U+E000 to U+F8FF): no text has them for letters
MARKS = {
    name: chr(0xE001 + number)
    for number, name in enumerate(
        ("title", "author", "agency", "section", "tag", "language", "site", "source", "place")
    )
}
#: between two values of a field: no phrase goes across
GAP = "\ue000"


def words(text: str) -> list[str]:
    """The words of a text as the index has them: no case, no accents, no punctuation.

    An apostrophe ends a word (l'eau is two), in what people type as well. Of words longer than
    `LONGEST` the beginning counts.
    """
    if not text.isascii():
        for sign in _PUNCTUATION:
            text = text.replace(sign, " ")
    runs = text.encode("utf-8", "replace").translate(_PLAIN).decode().split()
    if text.isascii():
        found = runs
    else:
        found = []
        for run in runs:
            # Most runs need no folding, and most of the others come again.
            if run.isascii():
                found.append(run)
            else:
                found += _folded(run) if len(run) < LONGEST else _taken_apart(run)
    return [word[:LONGEST] for word in found] if max(map(len, found), default=0) > LONGEST else found


@lru_cache(20_000)
def _folded(run: str) -> list[str]:
    return _taken_apart(run)


def _taken_apart(run: str) -> list[str]:
    run = fold(run)
    return (_INDIC_WORDS if _INDIC.search(run) else _WORDS).findall(run)


def marked(field: str, text: str) -> list[str]:
    """The same, as words of one field."""
    mark = MARKS[field]
    return [mark + word for word in words(text)]


def fold(text: str) -> str:
    """What makes no difference taken out, and a blank around each character that is a word."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    # Put together again, what had no accent is as it was: Hangul, for one.
    text = unicodedata.normalize("NFC", _IGNORED.sub("", text))
    return _UNSPACED.sub(r" \g<0> ", text)

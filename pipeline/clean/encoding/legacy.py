"""A guess at the legacy encoding of bytes that declare none.

Multi-byte encodings refuse most foreign bytes, and their text is full of a few common characters.
Single-byte ones take anything: there the letters decide, by how usual they are in a language.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter

#: how much of a text a guess looks at, in bytes from its first character beyond ASCII
_SAMPLE = 16_384
_HIGH = re.compile(rb"[\x80-\xff]")
_BESIDE_ASCII = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])")

#: multi-byte encoding -> block of its script, characters that make up much of any text in it, and how
#: much at the least (share of the characters beyond ASCII)
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))
_CHINESE = "的是一不了在有人我他这這中大上为為们們国國到以来來说說会會时時地就要出也年生，。、"
_KOREAN = "이다는의에을가고하지한로기사어은시해서도를인자리대들아나그있게일전수과제정부장여"
_IDEOGRAPHS, _HANGUL = ("\u4e00", "\u9fff"), ("\uac00", "\ud7a3")
_MULTIBYTE = {
    "gb18030": (_IDEOGRAPHS, _CHINESE, 0.06), "big5hkscs": (_IDEOGRAPHS, _CHINESE, 0.06),
    "cp949": (_HANGUL, _KOREAN, 0.15),
    "cp932": (_IDEOGRAPHS, _KANA, 0.2), "euc_jp": (_IDEOGRAPHS, _KANA, 0.2),
}  # fmt: skip
#: least share of the characters beyond ASCII that belong to the script or its punctuation
_LEAST_SCRIPT = 0.85

#: letters beyond ASCII in the order of how often they occur, and the encodings that a language comes in.
#: The more common encoding stands first, for ties
_LATIN = (
    ("éàèêçâîôùûœïë", "cp1252"), ("äüößÄÖÜ", "cp1252"), ("áéíóúñãçõêâàü¿¡ºª", "cp1252"), ("åäöøæé", "cp1252"),
    ("àèéìòù", "cp1252"), ("ąęłóżśćńź", "cp1250 iso8859_2"), ("áíéěřšžčýůúťďň", "cp1250 iso8859_2"),
    ("áéöóőüíúű", "cp1250 iso8859_2"), ("ăîşâţ", "cp1250 iso8859_2"), ("čšžćđ", "cp1250 iso8859_2"),
    ("ıüşçöğİâ", "cp1254"), ("ėšųžįčąūę", "cp1257"), ("āīēšņļūģžčķ", "cp1257"), ("äõüöšž", "cp1257"),
    ("éèàêçôâîùûëäöü", "mac_roman"),
)  # fmt: skip
_RUSSIAN, _UKRAINIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "оанивітекрслдмупзьяйбгчюхцжїшєщфґ"
_OTHERS = (
    (_RUSSIAN, "cp1251 koi8_u cp866 iso8859_5 mac_cyrillic"), (_UKRAINIAN, "cp1251 koi8_u"),
    ("αοιετσνηυρπκμλςόίάέγδήχύθωώφβξζψ", "cp1253 iso8859_7"), ("יוהלארתבשמנכעדחקםפסטןגצזךףץ", "cp1255"),
    ("الينمرتوبسدعفهكقحجةىأشصطخضغذثئزءظؤآإ", "cp1256 iso8859_6"),
    ("านรอกเงม่ยวลดท้ตสีะัปบคหแจพิใไชขำโุูื์็ผศซณถธฟญภ", "cp874"),
)  # fmt: skip
_PUNCTUATION = frozenset("’“”–—…«»‘„\xa0°§£€®©™·•")
#: probability of a character that a language hardly has, of punctuation, and of a capital among letters
_FOREIGN, _MARK, _CAPITAL = 1e-4, 0.02, 0.05
#: shares of bytes beside ASCII letters from which text is, and is not, in the Latin script
_SURELY_LATIN, _HARDLY_LATIN = 0.5, 0.1


def guess(body: bytes) -> str:
    """The legacy encoding that these bytes most likely are in: a name that Python knows.

    ``cp1252`` when there is nothing beyond ASCII. Looks at 16 KB, from the first byte beyond ASCII.
    """
    first = _HIGH.search(body)
    if first is None:
        return "cp1252"
    sample = body[max(0, first.start() - 1) :][:_SAMPLE]
    shares = {name: _common_share(sample, name) for name in _MULTIBYTE}
    found = max(shares, key=shares.__getitem__)
    if shares[found]:
        return found
    high = Counter(byte for byte in sample if byte > 0x7F)
    beside = len(_BESIDE_ASCII.findall(sample)) / high.total()
    languages = (_LATIN if beside > _HARDLY_LATIN else ()) + (_OTHERS if beside < _SURELY_LATIN else ())
    likely = [
        (_likelihood(high, letters, name), name) for letters, names in languages for name in names.split()
    ]
    # The first of equals: `max` keeps it.
    return max(likely, key=lambda one: round(one[0] / high.total(), 3))[1]


def _likelihood(high: Counter[int], letters: str, name: str) -> float:
    """Logarithm of the probability of these bytes as text of a language in an encoding."""
    # Frequencies fall about linearly with rank.
    rank = {letter: 2 * (len(letters) - at) / len(letters) ** 2 for at, letter in enumerate(letters)}
    total = 0.0
    for byte, times in high.items():
        char = bytes([byte]).decode(name, "replace")
        if char in rank:
            chance = rank[char] * (1 - _CAPITAL)
        elif char.lower() in rank:
            chance = rank[char.lower()] * _CAPITAL
        else:
            chance = _MARK if char in _PUNCTUATION else _FOREIGN
        total += times * math.log(chance)
    return total


def _common_share(sample: bytes, name: str) -> float:
    """The share of common characters in a sample read in a multi-byte encoding; 0 where it is
    in another."""
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(sample, False)
    except UnicodeDecodeError:
        return 0.0
    (first, last), common, least = _MULTIBYTE[name]
    wide = [char for char in text if char > "\x7f"]
    script = sum(
        first <= char <= last or "\u3000" <= char <= "\u30ff" or "\uff00" <= char <= "\uff5f" for char in wide
    )
    if not wide or script < len(wide) * _LEAST_SCRIPT:
        return 0.0
    share = sum(char in common for char in wide) / len(wide)
    return share if share >= least else 0.0

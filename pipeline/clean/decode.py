"""Bytes to text: byte order mark, then the bytes themselves, then what is declared, then a guess.

Valid UTF-8 beats any declaration: other encodings hardly ever produce it by chance, while servers
and templates often declare an encoding that they do not use.
"""

from __future__ import annotations

import codecs
import re

from pipeline.sniff import bom_encoding, wide_encoding

#: how far a declaration is looked for, in bytes (the HTML standard asks for 1024; pages are later)
_DECLARED_WITHIN = 8192
#: how much text a guess looks at, in bytes
_SAMPLE = 65_536
_META = re.compile(
    rb"""<(?:meta\b|\?xml\b)[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I
)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
#: control characters that are no white space, and the noncharacters
_STRAY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_STRAY_BYTES = bytes(sorted(set(range(0x20)) - {9, 10, 12, 13} | {0x7F}))

#: what browsers take these names for (WHATWG Encoding Standard); Python's own meanings are narrower
_AS_BROWSERS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso_8859-1": "cp1252", "l1": "cp1252", "ansi": "cp1252",
    "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "euckr": "cp949", "big5": "big5hkscs", "tis-620": "cp874", "iso-8859-11": "cp874",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "windows-31j": "cp932",
}  # fmt: skip
#: encodings that a byte check can refuse, in the order in which they are tried
_MULTIBYTE = ("gb18030", "cp932", "euc_jp", "cp949", "big5hkscs")
#: single-byte encodings with the letters that common text in them is made of
_SINGLE_BYTE = {
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъіїєґ",
    "koi8_r": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъ",
    "cp1253": "αοιετσνηυρπκμλςωόίάέδγχθύφήώβξζψ",
    "cp1255": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإئؤآ",
    "cp874": "กขคงจฉชซญดตถทธนบปผพฟภมยรลวศสหอฮะาำเแโใไ",
    "cp1250": "áčďéěíňóřšťúůýžąćęłńśźżőűăâîşţäöüß",
    "cp1254": "ğışçöüİĞÖÜÇâî",
    "cp1252": "éèêëàâäáãåçñóôöòõøíîïìúùûüßæœÿ’‘“”–—…«»°§£€",
}


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of a page or file, without byte order mark and stray control characters.

    Never raises: bytes that fit no encoding become U+FFFD. The order is: byte order mark, valid
    UTF-8, UTF-16 without mark, the HTTP charset, the page's own declaration, the best guess among
    legacy encodings (windows-1252 when nothing speaks for another).
    """
    text = _decode(body, content_type)
    return _STRAY.sub("", text) if _STRAY.search(text) else text


def to_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The same as UTF-8 bytes, without a copy when the body already is clean UTF-8."""
    if not body.startswith((b"\xff", b"\xfe", b"\xef\xbb\xbf")) and is_utf8(body) and not wide_encoding(body):
        clean = body.translate(None, _STRAY_BYTES)
        return body if len(clean) == len(body) else clean
    return decode(body, content_type).encode("utf-8", "replace")


def is_utf8(body: bytes) -> bool:
    """Whether all of the bytes are valid UTF-8; a character cut off at the end is forgiven."""
    try:
        codecs.utf_8_decode(body, "strict", False)
    except UnicodeDecodeError:
        return False
    return True


def _decode(body: bytes, content_type: str | None) -> str:
    marked = bom_encoding(body[:4])
    if marked:
        return body.decode(marked, "replace").lstrip("\ufeff")
    wide = wide_encoding(body)
    if wide:
        return body.decode(wide, "replace")
    try:
        return codecs.utf_8_decode(body, "strict", False)[0]
    except UnicodeDecodeError:
        pass
    for name in _declared(body, content_type):
        text = _try(body, name)
        if text is not None:
            return text
    if _is_nearly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(guess(body), "replace")


def _declared(body: bytes, content_type: str | None) -> list[str]:
    names = []
    header = _HEADER.search(content_type or "")
    if header:
        names.append(header[1])
    meta = _META.search(body[:_DECLARED_WITHIN])
    if meta:
        names.append(meta[1].decode("ascii", "replace"))
    found = []
    for name in names:
        name = _AS_BROWSERS.get(name.lower(), name.lower())
        # UTF-16 cannot be what a declaration in single bytes says, and UTF-8 was refused before.
        if not name.replace("_", "-").startswith(("utf-16", "utf16", "utf-8", "utf8", "utf-32", "utf-7")):
            found.append(name)
    return found


def _try(body: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
        if not getattr(codec, "_is_text_encoding", True):
            return None
        text = codec.decode(body, "replace")[0]
    except (LookupError, ValueError, UnicodeError):
        return None
    if not isinstance(text, str):
        return None
    # A single-byte encoding takes anything; many replacements show that a multi-byte one does not fit.
    return text if text.count("\ufffd") <= max(5, len(text) // 1000) else None


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8 with a few faults (a cut character, one foreign comment)."""
    sample = body[:_SAMPLE].decode("utf-8", "replace")
    wrong = sample.count("\ufffd")
    right = sum(1 for char in sample if char > "\x7f") - wrong
    return right > 20 * wrong


def guess(body: bytes) -> str:
    """The legacy encoding that these bytes most likely are in: a name that Python knows.

    Multi-byte encodings are taken when they decode without fault and mostly to their own script;
    single-byte ones by the share of high bytes that become letters usual in them.
    """
    sample = body[:_SAMPLE]
    high = sample.translate(None, bytes(range(128)))
    if not high:
        return "cp1252"
    for name in _MULTIBYTE:
        if _fits_multibyte(sample, name):
            return name
    best, best_score = "cp1252", 0.0
    for name, letters in _SINGLE_BYTE.items():
        text = high.decode(name, "replace")
        # Small letters count twice: KOI8-R read as windows-1251 yields the same letters, case reversed.
        small, capital = set(letters), set(letters.upper())
        score = sum(2 if char in small else 1 for char in text if char in small or char in capital) / len(
            text
        )
        # Half of the Central European letters are Western ones too: ties go to the more common.
        if score > best_score + (0.0 if name == "cp1252" else 0.02) or (
            name == "cp1252" and score >= best_score
        ):
            best, best_score = name, score
    return best


def _fits_multibyte(sample: bytes, name: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(name)("strict").decode(sample, False)
    except UnicodeDecodeError:
        return False
    wide = [char for char in text if char > "\x7f"]
    own = sum(1 for char in wide if "\u3040" <= char <= "\u30ff" or "\uac00" <= char <= "\ud7a3")
    common = sum(
        1 for char in wide if "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or char > "\uff00"
    )
    if name in ("cp932", "euc_jp"):
        return own > len(wide) * 0.2 and own + common > len(wide) * 0.9 and not _half_width(text, len(wide))
    if name == "cp949":
        return own > len(wide) * 0.5
    return common > len(wide) * 0.9 and _common_chinese(text) > len(wide) * 0.05


def _half_width(text: str, wide: int) -> bool:
    return sum(1 for char in text if "\uff61" <= char <= "\uff9f") > wide * 0.3


def _common_chinese(text: str) -> int:
    return sum(text.count(char) for char in "的是一不了在有人我他这這中大上为為们們国國到以，。")

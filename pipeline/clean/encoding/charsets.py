"""Declared encodings: what browsers read for a name, as Python names it."""

from __future__ import annotations

import codecs

#: what browsers take these names for (WHATWG Encoding Standard); Python's own meanings are narrower
_AS_BROWSERS = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "iso8859-1": "cp1252",
    "latin1": "cp1252", "latin-1": "cp1252", "iso_8859-1": "cp1252", "l1": "cp1252", "ansi": "cp1252",
    "x-cp1252": "cp1252", "iso-8859-9": "cp1254", "latin5": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
    "x-gbk": "gb18030", "chinese": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932",
    "x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "euc-kr": "cp949", "euckr": "cp949", "windows-949": "cp949", "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "tis-620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874",
    "x-euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp_ext", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "koi8-r": "koi8_r", "koi8-u": "koi8_u",
    "iso-8859-8-i": "iso8859_8", "logical": "iso8859_8",
}  # fmt: skip
#: what pages may be in, by Python's names. Others cannot be meant, and some take quadratic time
_OF_THE_WEB_NAMES = """
    big5hkscs cp866 cp874 cp932 cp949 euc_jp gb18030 iso2022_jp_ext koi8-r koi8-u mac-cyrillic mac-roman
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859-2 iso8859-3 iso8859-4 iso8859-5
    iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16
"""
_OF_THE_WEB = frozenset(_OF_THE_WEB_NAMES.split())


def meant_by(name: str) -> str | None:
    """Python's name for what a browser reads when a page declares ``name``; None for what is unknown."""
    name = name.strip().lower()
    try:
        found = codecs.lookup(_AS_BROWSERS.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return found if found in _OF_THE_WEB else None

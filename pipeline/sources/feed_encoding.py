"""Bytes of a feed as UTF-8, where the encoding is beyond doubt."""

from __future__ import annotations

import re

from pipeline.sniff import bom_encoding, wide_encoding

_DECLARED = re.compile(rb"^<\?[^>\n]*\bencoding=['\"]([^'\"]*)['\"]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^;\"'\s]*)", re.I)
_UTF_8 = {"utf-8", "utf8", "us-ascii", "ascii"}
#: encodings of one byte a sign, and Chinese: a text in them is not also something else in UTF-8
_SURE = {
    "iso-8859-1", "latin1", "iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-9", "iso-8859-15", "koi8-r",
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "gb2312", "gbk", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis",
}  # fmt: skip


def narrow(body: bytes) -> bytes:
    """The feed without what keeps parsers from its beginning: blanks before the declaration, and
    encodings of two or four bytes a sign, which become UTF-8.
    """
    encoding = bom_encoding(body[:4]) or wide_encoding(body[:2000]) or _wider(body)
    if encoding and encoding != "utf-8":
        text = body.decode(encoding, "replace").lstrip("\ufeff")
        return _DECLARATION.sub("", text, count=1).strip().encode("utf-8", "replace")
    start = 3 if body.startswith(b"\xef\xbb\xbf") else 0
    return body[start:].lstrip(b" \t\r\n\x00") if start or body[:1] != b"<" else body


def is_wide(body: bytes) -> bool:
    """Whether `narrow` changes the encoding: then what was declared holds no longer."""
    encoding = bom_encoding(body[:4]) or wide_encoding(body[:2000]) or _wider(body)
    return bool(encoding) and encoding != "utf-8"


def utf_8(body: bytes, content_type: str | None) -> bytes | None:
    """A `narrow` body in UTF-8 (not yet checked to be that), or None when its encoding is in doubt."""
    found = _DECLARED.match(body)
    declared = found[1].decode("ascii", "replace").lower() if found else ""
    sent = _CHARSET.search(content_type or "")
    charset = sent[1].lower() if sent else ""
    named = {name for name in (declared, charset) if name}
    if named <= _UTF_8:
        # Whatever is announced: what holds as UTF-8 is that.
        return body
    if len(named) != 1 or not named <= _SURE:
        return None
    name = named.pop()
    try:
        return body.decode("gb18030" if name == "gb2312" else name).encode()
    except (UnicodeError, LookupError):
        return None


def _wider(body: bytes) -> str | None:
    if body.startswith(b"<\x00\x00\x00"):
        return "utf-32-le"
    return "utf-32-be" if body.startswith(b"\x00\x00\x00<") else None


def as_text(body: bytes, content_type: str | None) -> str:
    """The text, by whatever encoding fits: those that are named, UTF-8, and windows-1252 at last."""
    found = _DECLARED.match(body)
    sent = _CHARSET.search(content_type or "")
    named = [sent[1] if sent else "", found[1].decode("ascii", "replace") if found else ""]
    for name in (*named, "utf-8"):
        try:
            if name:
                return body.decode(name)
        except (UnicodeError, LookupError, ValueError):
            # The next one may fit.
            continue
    text = body.decode("utf-8", "replace")
    # A few bad bytes are damage; many mean that it never was UTF-8.
    return (
        text if text.count("\ufffd") * 100 < len(text) and not named[1] else body.decode("cp1252", "replace")
    )

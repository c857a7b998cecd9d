"""Control characters: out of a page before it is parsed, and out of any text."""

from __future__ import annotations

import re

import numpy as np

#: control characters that are no white space, and what no text may hold: surrogates and noncharacters
_STRAY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
#: numeric references to control characters that parsers keep as such; of the others, some stand for white
#: space, and browsers read those from 0x80 on as windows-1252 where that has a character
_REFERENCE = re.compile(
    rb"&#(?:[xX]0*+(?:[0-8bBeE]|1[0-9a-fA-F]|7[fF]|8[1dfDF]|9[0dD])(?![0-9a-fA-F])"
    rb"|0*+(?:[0-8]|1[14-9]|2\d|3[01]|12[79]|14[134]|157)(?!\d));?"
)
_C1, _C1_START = re.compile(rb"\xc2[\x80-\x9f]"), b"\xc2"
#: bytes searched from where a C1 character may start; most pages have few such places
_SEARCHED = 4_096
_FIRST_PRINTED, _FIRST_C0_AFTER_RETURN = 9, 14


def has_controls(body: bytes) -> bool:
    """Whether there is a control character, C0 or C1, in bytes that are UTF-8."""
    if not body:
        return False
    codes = np.frombuffer(body, np.uint8)
    # Subtraction wraps around: 14 to 31 become the smallest numbers.
    return bool(
        codes.min() < _FIRST_PRINTED
        or (codes - np.uint8(_FIRST_C0_AFTER_RETURN)).min() < 0x20 - _FIRST_C0_AFTER_RETURN
        or b"\x0b" in body
        or b"\x7f" in body
        or _has_c1(body)
    )


def _has_c1(body: bytes) -> bool:
    at = body.find(_C1_START)
    while at >= 0:
        if _C1.search(body, at, at + _SEARCHED + 1):
            return True
        at = body.find(_C1_START, at + _SEARCHED)
    return False


def without_references(html: bytes) -> bytes:
    """Markup without numeric references to control characters; itself, not a copy, when it has none."""
    # A space: what stands around a reference must not become another one.
    return _REFERENCE.sub(b" ", html) if _REFERENCE.search(html) else html


def printable(text: str) -> str:
    """A text without control characters, surrogates and noncharacters.

    C1 controls become what windows-1252 has at their place, as browsers read references to them:
    they are nearly always text that was taken for ISO 8859-1.
    """
    return _STRAY.sub(_instead, text) if _STRAY.search(text) else text


def _instead(stray: re.Match[str]) -> str:
    code = ord(stray[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""

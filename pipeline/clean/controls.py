"""Control characters: out of a page before it is parsed, and out of any text after.

Both are needed: the parser turns a reference such as ``&#31;`` into the character.
"""

from __future__ import annotations

import re

import numpy as np

#: control characters that are no white space, and what no text may hold: surrogates and noncharacters
_STRAY = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_FIRST_PRINTED, _FIRST_C0_AFTER_RETURN = 9, 14


def has_controls(body: bytes) -> bool:
    """Whether there is a control character among the bytes, as a few passes that no byte slows down."""
    if not body:
        return False
    codes = np.frombuffer(body, np.uint8)
    # Subtraction wraps around: 14 to 31 become the smallest numbers.
    return bool(
        codes.min() < _FIRST_PRINTED
        or (codes - np.uint8(_FIRST_C0_AFTER_RETURN)).min() < 0x20 - _FIRST_C0_AFTER_RETURN
        or b"\x0b" in body
        or b"\x7f" in body
    )


def printable(text: str) -> str:
    """A text without control characters, surrogates and noncharacters.

    C1 controls become what windows-1252 has at their place, as browsers read references to them:
    they are nearly always text that was taken for ISO 8859-1.
    """
    return _STRAY.sub(_instead, text) if _STRAY.search(text) else text


def _instead(stray: re.Match[str]) -> str:
    code = ord(stray[0])
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""

"""Text that was read in the wrong encoding somewhere on its way, put right where that is certain."""

from __future__ import annotations

import codecs
import re

#: how far doubly encoded text is looked for beyond the first byte that it could start with, in bytes
_WITHIN = 65_536
#: one such character may be an example in a text about encodings
_LEAST = 3
#: a page with more faults than this is in another encoding, or none
_MOST_FAULTS = 5_000

#: first letters of what common two-byte characters turn into, and of typographic quotes and dashes. Letters
#: of other scripts are left: in French, "é" with a no-break space and a quotation mark looks like one
_ENCODED_TWICE = re.compile(
    rb"\xc3(?:[\x82-\x85\x8e-\x91](?:\xc2[\x80-\xbf]|\xc5[\x92-\xbe]|\xe2[\x80\x82][\x80-\xbf])"
    rb"|\xa2(?:\xc2\x80|\xe2\x82\xac))"
)
#: the characters that the bytes 0x80 to 0xBF were taken for: windows-1252, or ISO 8859-1
_AS_BYTE = {chr(byte): byte for byte in range(0x80, 0xC0)} | {
    char: byte for byte in range(0x80, 0xC0) for char in bytes([byte]).decode("cp1252", "ignore")
}
_SECOND = "[" + re.escape("".join(sorted(_AS_BYTE))) + "]"
_RUN = re.compile(f"[ÂÃÄÅÎÏÐÑ]{_SECOND}|â[€\x80]{_SECOND}")
#: Â and Ã: alone they are rather the first half of a UTF-8 character that was cut off
_CUT = b"\xc2\xc3"


def is_encoded_twice(body: bytes) -> bool:
    """Whether a page in UTF-8 holds text that was taken for windows-1252 and encoded again."""
    first = body.find(b"\xc3")
    return first >= 0 and len(_ENCODED_TWICE.findall(body, first, first + _WITHIN)) >= _LEAST


def encoded_once(text: str) -> str:
    """A text with each doubly encoded character replaced by the one that was meant."""
    return _RUN.sub(_meant, text)


def _meant(run: re.Match[str]) -> str:
    return bytes([ord(run[0][0]), *(_AS_BYTE[char] for char in run[0][1:])]).decode("utf-8", "replace")


def read_faulty(body: bytes) -> str:
    """The text of bytes that are mostly UTF-8: single foreign bytes in Latin text as windows-1252 means
    them (a template, a quotation), others and halves of characters as U+FFFD."""
    text = body.decode("utf-8", "replace")
    return text if text.count("\ufffd") > _MOST_FAULTS else body.decode("utf-8", "windows-1252-in-utf-8")


def _read_fault(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    body, start, end = fault.object, fault.start, fault.end
    foreign = body[start:end]
    alone = (start == 0 or body[start - 1] < 0x80) and body[end : end + 1] < b"\x80"
    if len(foreign) == 1 and alone and foreign not in _CUT:
        return foreign.decode("cp1252", "replace"), end
    return "\ufffd", end


codecs.register_error("windows-1252-in-utf-8", _read_fault)

"""JSON as pages really write it: with comments, trailing commas, raw newlines, wrappers."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import msgspec

_decode = msgspec.json.Decoder().decode
_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>"
    r"|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
#: a string, or a comment: strings first, so that "http://" is none
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+")|/\*.*?\*/|//[^\n]*', re.S)
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[}\]])', re.S)
_DEEPEST = 200


def read_json(text: str) -> list[Any]:
    """The values in a script: usually one, sometimes several in a row. Empty when none can be read."""
    try:
        return [_decode(text)]
    except (msgspec.DecodeError, RecursionError):
        pass
    text = _WRAPPER.sub("", _WRAPPER.sub("", text.strip())).strip().rstrip(";")
    values = _several(text)
    if values:
        return values
    text = _STRING_OR_COMMENT.sub(lambda match: match[1] or " ", text)
    text = _STRING_OR_COMMA.sub(lambda match: match[1] or " ", text)
    values = _several(text.strip())
    if not values and "&quot;" in text:
        values = _several(unescape(text))
    return values


def _several(text: str) -> list[Any]:
    # strict=False takes raw newlines and tabs inside strings, the most common fault of all.
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < 20:
        if text.count("[", at, at + 20_000) + text.count("{", at, at + 20_000) > _DEEPEST * 50:
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return values

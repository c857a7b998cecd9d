"""Output for terminals that know only ASCII: nothing fails, nothing becomes mojibake, no width changes."""

from __future__ import annotations

import codecs
import os
import unicodedata
from typing import Any

#: the name of the error handler that `fit` gives a stream
_HANDLER = "feedmill.plain"
#: punctuation and lines as they look most alike
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a", "'"),
    **dict.fromkeys("\u201c\u201d\u201e", '"'),
    **dict.fromkeys("\u2013\u2014\u2212\u2500\u2501\u2578\u257a", "-"),
    **dict.fromkeys("\u00b7\u2022", "*"),
    "\u2026": ".",
}


def fit(stream: Any) -> None:
    """Make a text stream say everything that its encoding, or the terminal behind it, cannot show.

    In a C locale Python writes UTF-8 all the same (PEP 538, 540): right for files and pipes, but
    not for a terminal of which it is said that it knows ASCII.
    """
    if not hasattr(stream, "reconfigure"):
        return
    codecs.register_error(_HANDLER, _plain)
    if not stream.isatty():
        stream.reconfigure(errors="backslashreplace")
    elif _only_ascii():
        stream.reconfigure(encoding="ascii", errors=_HANDLER)
    else:
        stream.reconfigure(errors=_HANDLER)


def _only_ascii() -> bool:
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    return locale in ("C", "POSIX")


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_like, error.object[error.start : error.end])), error.end


def _like(char: str) -> str:
    """ASCII as wide as a character: its own letter without accents, else question marks."""
    if char in _ALIKE:
        return _ALIKE[char]
    if unicodedata.combining(char):
        return ""
    found = unicodedata.normalize("NFKD", char)[0]
    if found.isascii() and found.isprintable():
        return found
    return "??" if unicodedata.east_asian_width(char) in "WF" else "?"


__all__ = ["fit"]

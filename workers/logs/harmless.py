"""The last look at a text before it is logged: no secret in it, no control character, not too long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from pipeline.urls import printable

#: most characters of one text in a line: several processes write to one pipe, and what is longer
#: than a few kilobytes may be torn apart by others' lines
MOST_TEXT = 4_000
#: most characters of a traceback; its end tells what happened
MOST_TRACEBACK = 8_000
#: a secret of the settings that is shorter than this is masked only where its place tells what it is
LEAST_SECRET = 6

_MASK = "***"
#: user:password@ in an address. Without blanks and quotes: a text may hold several addresses
_PASSWORD = re.compile(r"(://[^/@:\s'\"<>]{0,200}:)[^@\s'\"<>]{1,200}@")
#: values of what is called a secret: in a query, a header, a setting, a keyword argument
_NAMED = re.compile(
    r"(?i)\b((?:[a-z0-9_]{0,30}[_-])?(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|signature))"
    r"(['\"]?\s?[=:]\s?)(?!None\b)('[^'\n]{0,500}'|\"[^\"\n]{0,500}\"|[^\s&'\",;<>)\]}]{1,500})"
)
_AUTHORIZATION = re.compile(r"(?i)(\bbearer|\bauthorization['\"]?\s?[=:]\s?['\"]?basic)\s+[\w.~+/=-]{4,2000}")
#: the address at which a hub pushes is a secret
_CALLBACK = re.compile(r"/websub/[\w-]{4,200}")


class Secrets:
    """Masks what is secret by its form, and the values that it was told."""

    def __init__(self) -> None:
        self._values: tuple[str, ...] = ()

    def learn(self, values: Iterable[str]) -> None:
        """Never to be shown from now on, however they are spelled in an address."""
        spelled = {form for one in values for form in (one, quote(one, safe=""), unquote(one))}
        kept = {one for one in spelled if len(one) >= LEAST_SECRET} | set(self._values)
        self._values = tuple(sorted(kept, key=len, reverse=True))

    def masked(self, text: str) -> str:
        """The text without secrets."""
        for value in self._values:
            if value in text:
                text = text.replace(value, _MASK)
        if "@" in text:
            text = _PASSWORD.sub(rf"\1{_MASK}@", text)
        if "=" in text or ":" in text:
            text = _NAMED.sub(rf"\1\2{_MASK}", text)
        text = _AUTHORIZATION.sub(rf"\1 {_MASK}", text)
        if "/websub/" in text:
            text = _CALLBACK.sub(f"/websub/{_MASK}", text)
        return text


def password_in(url: str) -> str:
    """The password of an address; empty if there is none."""
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def one_line(text: str) -> str:
    """The text with control characters, line ends and terminal escapes spelled out, and not too long."""
    if len(text) > MOST_TEXT:
        text = f"{text[:MOST_TEXT]}... ({len(text) - MOST_TEXT} more characters)"
    return printable(text)


def traceback_lines(text: str) -> list[str]:
    """The lines of a traceback, each harmless; of a very long one its end."""
    if len(text) > MOST_TRACEBACK:
        text = "...\n" + text[-MOST_TRACEBACK:].partition("\n")[2]
    # Only real line ends: a message may hold others, which are no lines of the traceback.
    return [printable(one) for one in text.split("\n")]


__all__ = ["Secrets", "one_line", "password_in", "traceback_lines"]

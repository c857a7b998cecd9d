"""Text that every database takes.

PostgreSQL refuses NUL in text, both databases refuse lone surrogates, and a PostgreSQL index
entry holds at most about 2,700 bytes. Names, messages and texts from outside pass through here.
"""

from __future__ import annotations

import hashlib
from typing import Any, overload

import msgspec

from pipeline.model import Article

#: longest key that is stored as it is, in UTF-8 bytes: PostgreSQL's index limit is 2,704
MAX_KEY = 1000
#: longest message kept with an item, in characters
MAX_MESSAGE = 2000


@overload
def storable(text: str) -> str: ...
@overload
def storable(text: None) -> None: ...
def storable(text: str | None) -> str | None:
    """The text without NUL, and with lone surrogates shown as escapes (``\\udcff``)."""
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def storable_key(key: str) -> str:
    """A key short enough for an index: a longer one keeps its beginning and gets its digest.

    Equal keys stay equal and different ones stay different.
    """
    key = storable(key)
    raw = key.encode()
    if len(raw) <= MAX_KEY:
        return key
    start = raw[: MAX_KEY - 80].decode("utf-8", "ignore")
    return f"{start}...{hashlib.sha256(raw).hexdigest()}"


def storable_message(message: str) -> str:
    """A message for people, cut to `MAX_MESSAGE` characters."""
    message = storable(message)
    return message if len(message) <= MAX_MESSAGE else message[: MAX_MESSAGE - 1] + "…"


def storable_article(article: Article) -> Article:
    """The article with every text storable; the same object when nothing needs mending."""
    return article if _is_storable(article) else msgspec.convert(_mended(article), Article)


def storable_json(value: Any) -> Any:
    """A value for a JSON column with every text storable; the same when nothing needs mending."""
    return value if _is_storable(value) else _mended(value)


def _is_storable(value: Any) -> bool:
    # Encoding it is 20 times cheaper than a walk through it, and nearly nothing needs mending.
    try:
        return b"\\u0000" not in msgspec.json.encode(value)
    except UnicodeEncodeError:
        return False


def _mended(value: Any) -> Any:
    return _clean(msgspec.to_builtins(value))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {storable(str(name)): _clean(one) for name, one in value.items()}
    return value

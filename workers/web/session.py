"""The token, and the cookie that stands for it in a browser. Judgement only: `now` comes in."""

from __future__ import annotations

import hashlib
import hmac

COOKIE = "feedmill_session"
#: how long a browser stays signed in (s)
SECONDS = 12 * 3600


def is_token(token: str, given: str) -> bool:
    """Whether given is the token, in a time that tells nothing about where they differ."""
    # Digests first: compare_digest alone tells the length.
    return hmac.compare_digest(_digest(token), _digest(given))


def issue(token: str, now: float, nonce: str) -> str:
    """A cookie's value: when it ends, what makes it unlike any other, and a seal that only the
    token's owner could make."""
    content = f"{int(now) + SECONDS}.{nonce}"
    return f"{content}.{_seal(token, content)}"


def is_current(cookie: str, now: float) -> bool:
    """Whether a cookie looks like one of ours and has not ended, by its own word."""
    ends, _, rest = cookie.partition(".")
    return ends.isascii() and ends.isdigit() and len(ends) < 16 and "." in rest and now < int(ends)


def is_valid(token: str, cookie: str, now: float) -> bool:
    """Whether a cookie was issued for this token and has not ended."""
    content, _, seal = cookie.rpartition(".")
    return is_current(cookie, now) and hmac.compare_digest(_seal(token, content).encode(), _bytes(seal))


def _seal(token: str, content: str) -> str:
    return hmac.new(_bytes(token), b"session " + _bytes(content), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(_bytes(text)).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


__all__ = ["COOKIE", "SECONDS", "is_current", "is_token", "is_valid", "issue"]

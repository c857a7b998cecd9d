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


def issue(token: str, now: float) -> str:
    """A cookie's value: when it ends, and a seal that only the token's owner could make."""
    ends = str(int(now) + SECONDS)
    return f"{ends}.{_seal(token, ends)}"


def is_valid(token: str, cookie: str, now: float) -> bool:
    """Whether a cookie was issued for this token and has not ended."""
    ends, _, seal = cookie.partition(".")
    if not (ends.isascii() and ends.isdigit() and len(ends) < 16):
        return False
    return hmac.compare_digest(_seal(token, ends).encode(), seal.encode()) and now < int(ends)


def _seal(token: str, ends: str) -> str:
    return hmac.new(token.encode("utf-8", "replace"), f"session {ends}".encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


__all__ = ["COOKIE", "SECONDS", "is_token", "is_valid", "issue"]

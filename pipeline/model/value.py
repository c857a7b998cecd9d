"""The base of all values, and why something did not work."""

from __future__ import annotations

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the values: immutable, keyword-only, compact when packed."""


class Problem(Value, frozen=True, kw_only=True):
    """Why something did not work, as a value."""

    #: a key of `pipeline.errors.CODES`
    code: str
    #: one sentence for people that names the thing and the reason
    message: str
    #: whether the same attempt later may succeed
    retry_helps: bool = False
    #: seconds to wait at least, when the other side said so
    retry_after: float | None = None
    #: our own network failed, not the other side: the attempt does not count
    ours: bool = False

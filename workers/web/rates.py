"""How many requests a client may send: a bucket each, judgement only, `now` comes in."""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from typing import NamedTuple

from pipeline.errors import SettingsError
from workers.web.attempts import network

#: clients that are remembered; the one that asked longest ago is forgotten first, and has a full bucket
MOST_CLIENTS = 10_000
_UNITS = {"s": 1, "min": 60, "h": 3600}
_RATE = re.compile(r"\s*([1-9][0-9]{0,8})\s*/\s*(s|min|h)\s*")


class Rate(NamedTuple):
    """So many requests in so many seconds; that many may come at once."""

    requests: int
    seconds: int


class Allowance(NamedTuple):
    """What a client has left."""

    #: this request may pass
    passes: bool
    #: requests that may follow at once
    left: int
    #: seconds until one more may
    wait: float
    rate: Rate

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        rest = f'"api";r={self.left};t={math.ceil(self.wait)}'
        return {"ratelimit-policy": f'"api";q={self.rate.requests};w={self.rate.seconds}', "ratelimit": rest}


def rate_of(text: str) -> Rate | None:
    """``600/min``, ``10/s`` or ``5000/h``; ``off``: None, no limit. Raises SettingsError."""
    if text.strip().lower() == "off":
        return None
    found = _RATE.fullmatch(text)
    if not found:
        raise SettingsError(
            f"FEEDMILL_API_RATE={text!r} cannot be used: write it as 600/min, 10/s, 5000/h or off."
        )
    return Rate(int(found[1]), _UNITS[found[2]])


class Rates:
    """Counts the requests of each client. Each process counts its own."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        #: client -> when its bucket will be full again (s)
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, address: str, has_token: bool, now: float) -> Allowance:
        """Let a request pass, if it may. Who has the token shares nothing with others of its address.
        ``now``: seconds of a clock that never goes back."""
        name = f"{network(address)} {has_token}"
        each = self._rate.seconds / self._rate.requests
        full_at = max(self._full_at.pop(name, now), now)
        # One more must fit in: the bucket is empty when it takes all its time to fill.
        wait = full_at + each - self._rate.seconds - now
        passes = wait <= 1e-9
        if passes:
            full_at += each
        self._full_at[name] = full_at
        if len(self._full_at) > MOST_CLIENTS:
            self._full_at.popitem(last=False)
        left = int((self._rate.seconds - (full_at - now)) / each + 1e-6)
        return Allowance(passes, left, max(0.0, wait) if not passes else (0.0 if left else each), self._rate)


__all__ = ["MOST_CLIENTS", "Allowance", "Rate", "Rates", "rate_of"]

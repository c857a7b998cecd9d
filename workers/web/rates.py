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
    """Counts the requests of each client in one process."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._each = rate.seconds / rate.requests
        #: client -> when its bucket will be full again (s)
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def name(self, address: str, has_token: bool) -> str:
        """What tells clients apart. Who has the token shares nothing with others of its address."""
        return f"{network(address)} {has_token}"

    def take(self, address: str, has_token: bool, now: float) -> Allowance:
        """Let a request pass, if it may. ``now``: seconds of a clock that never goes back."""
        name = self.name(address, has_token)
        full_at = max(self._full_at.pop(name, now), now)
        # One more must fit in: the bucket is empty when it takes all its time to fill.
        passes = full_at + self._each - self._rate.seconds - now <= 1e-9
        return self._remembered(name, full_at + self._each if passes else full_at, passes, now)

    def learn(self, name: str, passes: bool, ahead: float, now: float) -> Allowance:
        """Correct what was taken last by what all processes know: whether it passes, and in how many seconds
        the bucket is full. What is known here and not there was lost there."""
        full_at = self._full_at.pop(name, now) - (0.0 if passes else self._each)
        return self._remembered(name, max(full_at, now + ahead), passes, now)

    def _remembered(self, name: str, full_at: float, passes: bool, now: float) -> Allowance:
        self._full_at[name] = full_at
        if len(self._full_at) > MOST_CLIENTS:
            self._full_at.popitem(last=False)
        left = max(0, int((self._rate.seconds - (full_at - now)) / self._each + 1e-6))
        wait = max(0.0, full_at + self._each - self._rate.seconds - now)
        if passes:
            wait = 0.0 if left else self._each
        return Allowance(passes, left, wait, self._rate)


__all__ = ["MOST_CLIENTS", "Allowance", "Rate", "Rates", "rate_of"]

"""How often a client may guess at the token: judgement only, `now` comes in."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

#: wrong tokens that a client may send at once, and the time after which it may send one more (s)
BURST, SECONDS = 10, 6.0
#: clients that are remembered; the one that was wrong longest ago is forgotten first
MOST_CLIENTS = 10_000
#: wrong tokens of one client that are known again
_KNOWN = 32


@dataclass
class _Client:
    #: wrong tokens, less those that time has forgiven
    level: float
    #: when level was right (s)
    at: float
    #: digests of the last ones
    known: list[bytes] = field(default_factory=list)


class Attempts:
    """Counts the different wrong tokens that each client sent lately.

    A token that was wrong before is no new guess: a program with an old one, or a browser with an
    old cookie, locks nobody out by asking again and again. Times are of a clock that never goes
    back, in seconds.
    """

    def __init__(self) -> None:
        self._clients: OrderedDict[str, _Client] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Seconds until a token of this client is looked at again; 0: at once."""
        found = self._clients.get(network(client))
        return max(0.0, _level(found, now) - BURST + 1) * SECONDS if found else 0.0

    def count(self, client: str, guess: str, now: float) -> None:
        """Note a wrong token."""
        name = network(client)
        found = self._clients.pop(name, None) or _Client(0.0, now)
        digest = hashlib.sha256(guess.encode("utf-8", "surrogateescape")).digest()
        found.level, found.at = _level(found, now), now
        if digest not in found.known:
            found.level += 1
            found.known = [*found.known[1 - _KNOWN :], digest]
        self._clients[name] = found
        if len(self._clients) > MOST_CLIENTS:
            self._clients.popitem(last=False)


def _level(client: _Client, now: float) -> float:
    return max(0.0, client.level - (now - client.at) / SECONDS)


def network(client: str) -> str:
    """What tells clients apart: an address; of IPv6 its network, as who has one address has 2**64."""
    try:
        address = ipaddress.ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))


__all__ = ["BURST", "MOST_CLIENTS", "SECONDS", "Attempts", "network"]

"""Whether the trouble is ours: many hosts that fail at once have not all gone down together."""

from __future__ import annotations

from collections import OrderedDict

#: how a request fails when our own network is out; anything that a server said is its own trouble.
#: `tls` is among them: an access point's login page answers for every host, with its own certificate.
NETWORK_CODES = frozenset({"dns", "connect", "timeout", "tls"})

#: Outcomes count for so many seconds: two times the longest wait for an answer, so that hosts which
#: time out and hosts which answer at once are seen side by side.
REMEMBERED = 60.0
#: So many hosts at least have to have been tried: one data centre that is down takes two or three of a
#: person's feeds with it, not five of five.
LEAST_HOSTS = 5
#: and this share of them failed: old collections of feeds hold up to a third of dead ones, no more
FAILING_SHARE = 0.8
#: Only the hosts tried last: of thousands a minute, the first dozen answers end the alarm.
MOST_HOSTS = 50


class Weather:
    """What one process has seen of the network lately. Pure: time comes in as an argument."""

    def __init__(self) -> None:
        #: host -> when it was tried last, and whether anything came back; the oldest first
        self._latest: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    def note(self, host: str, ok: bool, now: float) -> None:
        """A request to host ended. ``ok``: there was an answer, whatever its status; not ok: it
        failed with one of `NETWORK_CODES`. Only the latest outcome of a host counts."""
        self._latest.pop(host, None)
        self._latest[host] = (now, ok)
        while len(self._latest) > MOST_HOSTS:
            self._latest.popitem(last=False)

    def is_ours(self, now: float) -> bool:
        """Whether failures of this moment are those of our own network."""
        recent = [ok for at, ok in self._latest.values() if now - at <= REMEMBERED]
        return len(recent) >= LEAST_HOSTS and recent.count(False) >= FAILING_SHARE * len(recent)

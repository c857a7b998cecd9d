"""The hosts for which items or feeds wait, and what they wait for: politeness, seen from outside.

A host's name comes from the web, and there may be thousands: they are counted by reason, and only
those with the longest queues are named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from workers.stages import Stages

#: what a host may wait for -> in words
REASONS: dict[str, str] = {
    "ready": "nothing: a worker takes it next",
    "busy": "a request to it is open",
    "pause": "the pause after its last request (FEEDMILL_HOST_DELAY, or longer because it answers slowly)",
    "robots": "the longer pause that its robots.txt asks for",
    "retry_after": "the time that it named itself (Retry-After)",
    "backoff": "it asked to slow down (429), or fails (503), and named no time",
    "away": "it takes no connections: what waits for it fails at once",
}
#: hosts that are looked at: more than a window of items has
MOST = 2_000
#: hosts in one call: Redis does nothing else meanwhile
AT_ONCE = 200
#: hosts that are named
NAMED = 20


@dataclass
class Hosts:
    """Those of one stage (`fetch` or `poll`)."""

    #: all for which something waits, also those beyond `MOST`, of which no more is known
    count: int = 0
    #: reason -> how many hosts; every reason is there
    reasons: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(REASONS, 0)))
    #: the longest queues, the longest first: host -> ids that wait
    longest: dict[str, int] = field(default_factory=dict)


def waiting_hosts(stages: Stages, stage: str) -> Hosts:
    """What hosts wait for at this moment. Raises PipelineError (`redis`)."""
    key = stages.key("hosts", stage)
    found = Hosts(count=int(stages.ask(lambda redis: redis.zcard(key))))
    queues: Counter[str] = Counter()
    for first in range(0, min(found.count, MOST), AT_ONCE):
        flat = stages.run("hosts", [key], [stages.key(""), stage, first, min(AT_ONCE, MOST - first)])
        for n in range(0, len(flat), 3):
            reason = flat[n + 2].decode()
            found.reasons[reason if reason in REASONS else "pause"] += 1
            queues[flat[n].decode()] = int(flat[n + 1])
    found.longest = dict(queues.most_common(NAMED))
    return found


__all__ = ["MOST", "NAMED", "REASONS", "Hosts", "waiting_hosts"]

"""The frontier: which host may be asked next, for all workers together.

Items (and feeds) that need the network wait in a queue per host; `Frontier.step` hands out those
whose host is free and rested. Politeness holds by construction: a host is with one worker at a
time (or as many as its rule allows), and its pause begins when it is given back. The scripts in
``lua/`` (route, step, turn, evict) do each move at once and document the keys.

What is known of a host (pause, latency, holds) is forgotten an hour after its last request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pipeline.fetch.robots import RobotsFile
from pipeline.model import Problem
from pipeline.packing import pack, unpack
from workers.stages import PAYLOAD_SECONDS, Claimed, Stages

#: how long a host is remembered after its last request (ms)
HOST_MS = 3_600_000
#: share of the window that the queues of hosts may fill together
ROUTED_SHARE = 0.9

#: how long a robots.txt that has expired is kept, for times at which it cannot be read again (s)
EXPIRED_ROBOTS = 3 * 86_400.0

#: a host that asks to slow down (429, 503) without saying for how long: first and longest hold (s).
#: Media Cloud's fetcher doubles its interval with each batch of 429s; an hour is what FIELD's tools
#: were blocked for when they went on.
SLOW_DOWN = (30.0, 3600.0)
#: a server that fails (503) may do so for one page: shorter
FAILING = (5.0, 600.0)
#: a host that takes no connection: until then all its items fail at once, instead of waiting for
#: the same timeout one after the other (Media Cloud: ten minutes)
AWAY = (30.0, 600.0)


class Visit(NamedTuple):
    """An item or feed whose host is the caller's, until it is given back."""

    claimed: Claimed
    host: str
    #: the host takes no connections: nothing is to be asked, and nothing to be given back
    away: Problem | None


@dataclass(frozen=True)
class Release:
    """A host given back."""

    host: str
    id: int
    #: pause until it may be asked again (s)
    delay: float
    #: how long ago the last answer ended, and how long it took (s); None: nothing was asked of it, and
    #: it needs no pause
    ago: float = 0.0
    took: float | None = None
    #: what the answer means for the host
    result: Literal["", "ok", "slow_down", "away"] = ""
    #: seconds to leave it alone at least; first and longest hold where it named none
    hold: float = 0.0
    holds: tuple[float, float] = (0.0, 0.0)
    #: robots.txt asks for a longer pause than the settings do
    by_robots: bool = False
    why: Problem | None = None

    @property
    def reason(self) -> str:
        """Why its host waits now: one of `workers.hosts.REASONS`."""
        if self.result == "slow_down":
            return "retry_after" if self.hold else "backoff"
        return "robots" if self.by_robots else "pause"


class Place(NamedTuple):
    """Where an id is to wait."""

    id: int
    host: str
    delay: float
    parallel: int
    payload: bytes = b""
    #: at the head of its host's queue, at its end, or at its end if there is room. A host that is held
    #: for long takes only the first
    where: Literal["first", "last", "room"] = "room"


class Step(NamedTuple):
    """What one look at the frontier brought."""

    visits: list[Visit]
    #: seconds until a host is ready; None: no host waits
    ready_in: float | None
    #: one waits that may only be taken by a caller without open requests
    suspect: bool


class Frontier:
    """The frontier of one stage (`fetch` or `poll`). Raises PipelineError (`redis`)."""

    def __init__(self, stages: Stages, stage: str) -> None:
        self.stages, self.stage = stages, stage
        self._budget = int(stages.settings.window * ROUTED_SHARE)

    def route(self, places: Sequence[Place]) -> dict[int, float]:
        """Put claimed ids into the queues of their hosts.

        Those returned stay with the caller, under lease: id -> when their host will have time for
        them (Unix seconds, by the clock of Redis).
        """
        if not places:
            return {}
        keys = self._keys("in", "hosts", "routed")
        args: list[object] = [self.stage, self.stages.key(""), self._budget, HOST_MS, PAYLOAD_SECONDS * 1000]
        for one in places:
            args += [one.id, one.host, _ms(one.delay), one.parallel, one.payload, one.where]
        return _due(self.stages.run("route", keys, args))

    def step(
        self, want: int, token: str, released: Sequence[Release] = (), *, quiet: bool, stay: bool
    ) -> Step:
        """Give hosts back, and take up to ``want`` ids whose host may be asked now, under lease.

        ``quiet``: the caller has no request open, so it may get one that must travel alone.
        ``stay``: the pump goes on, whatever it gets.
        """
        keys = [*self._keys("hosts", "in", "pump", "alone", "lost", "routed"), self.stages.key("cnt")]
        args: list[object] = [self.stage, self.stages.key(""), want, self.stages.lease_ms, token]
        args += [int(quiet), int(stay), HOST_MS, len(released)]
        for one in released:
            args += [one.host, one.id, _ms(one.delay), int(one.ago * 1000)]
            args += [-1 if one.took is None else _ms(one.took), one.result]
            args += [_ms(one.hold), *map(_ms, one.holds), pack(one.why) if one.why else b"", one.reason]
        wait, suspect, *flat = self.stages.run("step", keys, args)
        visits = [
            Visit(
                Claimed(int(flat[n]), int(flat[n + 2]), flat[n + 4]),
                flat[n + 1].decode(),
                unpack(flat[n + 3], Problem) if flat[n + 3] else None,
            )
            for n in range(0, len(flat), 5)
        ]
        return Step(visits, None if wait < 0 else wait / 1000, bool(suspect))

    def evict(self, host: str) -> dict[int, float]:
        """All ids that wait for a host, now under the caller's lease: id -> when it has time."""
        keys = [self.stages.key("hostq", self.stage, host), *self._keys("hosts", "in", "routed")]
        keys.append(self.stages.key("host", host))
        return _due(self.stages.run("evict", keys, [host, self.stages.lease_ms, 500]))

    def turn(self, id: int, host: str, delay: float, parallel: int) -> float:
        """Ask for another host beside the queues. 0: it is ours until it is given back; else the
        seconds to wait before asking again."""
        keys = [self.stages.key("host", host), self.stages.key("busy", host)]
        args = [self.stage, id, _ms(delay), parallel, self.stages.key(""), HOST_MS]
        return int(self.stages.run("turn", keys, args)) / 1000

    def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt of an origin as it was last read; it may have expired."""
        packed = self.stages.note(self.stages.key("robots", origin))
        return unpack(packed, RobotsFile) if packed else None

    def keep_robots(self, file: RobotsFile, now: float) -> None:
        """Let all workers use it. It is kept beyond its end: its rules hold while a newer one cannot
        be had (RFC 9309, 2.4)."""
        seconds = max(0.0, file.expires_at - now) + EXPIRED_ROBOTS
        self.stages.keep(self.stages.key("robots", file.origin), pack(file), seconds)

    def _keys(self, *names: str) -> list[str]:
        return [self.stages.key(name, self.stage) for name in names]


def forget_bookings(stages: Stages) -> None:
    """Items that went back to their rows until their host has time come no more: later ones shall not wait
    behind them. Others that did keep their times."""
    known = stages.names("host")
    for first in range(0, len(known), 1000):
        stages.run("unbook", known[first : first + 1000], [])


def _ms(seconds: float) -> int:
    # Rounded up: a pause is never shorter than it was asked for.
    return -int(-seconds * 1000 // 1)


def _due(flat: list[bytes]) -> dict[int, float]:
    return {int(flat[n]): int(flat[n + 1]) / 1000 for n in range(0, len(flat), 2)}

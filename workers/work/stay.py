"""One visit's requests: at the host that it was given, each after its pause, as robots.txt allows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from pipeline.errors import FetchError
from pipeline.fetch import Client
from pipeline.fetch.client import user_agent
from pipeline.fetch.robots import Robots, RobotsFile, fetch_robots, origin_of
from pipeline.model import Problem
from workers.frontier import Frontier, Visit

#: a pause up to this long is waited for with the host in hand (s); for a longer one the item goes
#: back to its host's queue: sixty visits that sleep are sixty hosts that are not asked
SHORT_PAUSE = 0.25
#: longest wait for a host beside the queues (s)
FOREIGN_WAIT = 20.0


class Elsewhere(Exception):
    """The next request is another visit's: at another host, or after a long pause."""

    def __init__(self, url: str, *, again: bool = False) -> None:
        super().__init__(url)
        self.url = url
        #: the same host, once it has rested
        self.again = again


class NoTurn(Exception):
    """Another host, which a request led to, had no time for it. Nobody's fault: it is tried again."""

    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        #: seconds to wait at least
        self.wait = wait

    @property
    def problem(self) -> Problem:
        return Problem(
            code="throttled", message=str(self), retry_helps=True, retry_after=self.wait, ours=True
        )


class RobotsBook:
    """Robots rules by origin, of this process; behind them those that all workers share."""

    #: origins that are kept
    MOST = 2_000

    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier
        self._known: dict[tuple[str, str], tuple[float, Robots | None]] = {}

    async def rules(
        self, url: str, agent: str, ask: Callable[[RobotsFile | None], Awaitable[RobotsFile]]
    ) -> tuple[Robots | None, bool]:
        """The rules of an address for an agent (None: they cannot be had now), and whether they had
        to be asked for. ``ask`` gets what was known until now, also when it has expired."""
        origin, now = origin_of(url), time.time()
        found = self._known.get((origin, agent))
        if found is not None and found[0] > now:
            return found[1], False
        file = self._frontier.robots(origin)
        asked = file is None or file.expires_at <= now
        if file is None or asked:
            file = await ask(file)
            self._frontier.keep_robots(file, now)
        rules = None if file.state == "away" else Robots(file, agent)
        if len(self._known) >= self.MOST:
            del self._known[next(iter(self._known))]
        self._known[origin, agent] = (file.expires_at, rules)
        return rules, asked


class Stay:
    """Hands out turns for the requests of one visit (see `pipeline.fetch.client.Turn`)."""

    def __init__(
        self,
        visit: Visit,
        client: Client,
        frontier: Frontier,
        robots: RobotsBook | None,
        *,
        may_move: bool,
    ) -> None:
        """``robots`` None: not heeded. ``may_move``: a redirect to another host makes the visit
        end with `Elsewhere`; otherwise that host is waited for."""
        self.visit, self.client, self._frontier, self._robots = visit, client, frontier, robots
        self._may_move = may_move
        self._loop = asyncio.get_running_loop()
        #: seconds that the host is left alone after each request
        self.delay = 0.0
        #: robots.txt asks for that much, and the settings for less
        self.by_robots = False
        #: loop time at which the last answer ended, and how long it took (s)
        self.ended: float | None = None
        self.took: float | None = None
        #: hosts that were taken beside the visit's own -> their pause (s), to be given back with it
        self.borrowed: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Inside, url may be asked for once. Raises FetchError (`robots`, `robots_away`), Elsewhere."""
        if not self._may_move:
            async with self.patient_turn(url):
                yield
            return
        if self.client.rules.scope(url) != self.visit.host:
            raise Elsewhere(url)
        asked = await self._heed_robots(url)
        if (self.ended is not None and self._rest() > SHORT_PAUSE) or (asked and self.delay > SHORT_PAUSE):
            raise Elsewhere(url, again=True)
        async with self._request(url, self.visit.host):
            yield

    @asynccontextmanager
    async def patient_turn(self, url: str) -> AsyncIterator[None]:
        """The same for a request without which the visit cannot go on: other hosts and pauses are
        waited for. Raises FetchError, NoTurn."""
        await self._heed_robots(url)
        async with self._request(url, self.client.rules.scope(url)):
            yield

    def _rest(self) -> float:
        """Seconds until the visit's host has rested."""
        return 0.0 if self.ended is None else max(0.0, self.ended + self.delay - self._loop.time())

    @asynccontextmanager
    async def _request(self, url: str, host: str) -> AsyncIterator[None]:
        """One request, of a page or of a robots.txt, when its host has rested."""
        rule = self.client.rules.of(url)
        if host != self.visit.host:
            await self._borrow(url, host, rule.delay, rule.parallel)
        else:
            self.delay = max(self.delay, rule.delay)
            await asyncio.sleep(self._rest())
        began = self._loop.time()
        try:
            yield
        finally:
            now = self._loop.time()
            if host == self.visit.host:
                self.ended, self.took = now, now - began

    async def _heed_robots(self, url: str) -> bool:
        """Whether a robots.txt had to be asked for. Raises FetchError where it, or its absence, says no."""
        rule = self.client.rules.of(url)
        if self._robots is None or not rule.robots:
            return False

        async def ask(before: RobotsFile | None) -> RobotsFile:
            return await fetch_robots(self.client, url, turn=self.plain_turn, now=time.time(), before=before)

        agent = rule.user_agent or user_agent(self.client.settings)
        rules, asked = await self._robots.rules(url, agent, ask)
        if rules is None:
            told = f"The robots.txt of {origin_of(url)} could not be had, so nothing is fetched there now."
            raise FetchError(told, code="robots_away", retry_helps=True)
        if not rules.allows(url):
            told = f"The robots.txt of {origin_of(url)} asks not to fetch {url}."
            raise FetchError(told, code="robots", retry_helps=False)
        if self.client.rules.scope(url) == self.visit.host:
            self.delay = max(self.delay, rule.delay, rules.delay or 0.0)
            self.by_robots = (rules.delay or 0.0) > rule.delay
        return asked

    def plain_turn(self, url: str) -> AbstractAsyncContextManager[None]:
        """A turn for which no robots.txt is heeded: its own, or a hub, which asked to be asked."""
        return self._request(url, self.client.rules.scope(url))

    async def _borrow(self, url: str, host: str, delay: float, parallel: int) -> None:
        """Wait for a host beside the queues. It is given back with the visit's own."""
        patience = self._loop.time() + FOREIGN_WAIT
        self.borrowed[host] = delay
        while (wait := self._frontier.turn(self.visit.claimed.id, host, delay, parallel)) > 0:
            if self._loop.time() + wait > patience:
                told = f"{host}, which {url} led to, had no time for another request."
                raise NoTurn(told, wait)
            await asyncio.sleep(wait)

"""Whose turn it is: so many requests at a time to a host, a pause after each, and so many in all.

Polite by construction inside one process: the pause counts from the end of a request to the start
of the next, so no jitter on the way can bring two closer together. Where many processes fetch, the
frontier takes its place.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pipeline.fetch.hosts import HostRules

#: idle hosts are forgotten when so many are known
_KNOWN_HOSTS = 2_000


class _Host:
    __slots__ = ("free_at", "gate", "interested")

    def __init__(self, parallel: int) -> None:
        self.gate = asyncio.Semaphore(parallel)
        #: loop times from which each of its places may be used again; the least first
        self.free_at = [0.0] * parallel
        #: those that wait for it or are asking it
        self.interested = 0


class Turns:
    """Lives on one event loop. Waiting for a slow host takes nothing from the others."""

    def __init__(self, rules: HostRules, *, parallel: int) -> None:
        """``rules``: pace and places of each host; ``parallel``: requests at once over all hosts."""
        self._rules = rules
        self._slots = asyncio.Semaphore(parallel)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Inside, the host of url may be asked once. Waits for it first, in the order of arrival."""
        rule, scope = self._rules.of(url), self._rules.scope(url)
        one = self._hosts.get(scope) or self._add(scope, rule.parallel)
        one.interested += 1
        loop = asyncio.get_running_loop()
        try:
            async with one.gate:
                # As many places as the gate lets through: there is one to take.
                free_at = heapq.heappop(one.free_at)
                try:
                    while (wait := free_at - loop.time()) > 0:
                        await asyncio.sleep(wait)
                    # Only now: a slot is for asking, never for waiting.
                    async with self._slots:
                        try:
                            yield
                        finally:
                            free_at = loop.time() + rule.delay
                finally:
                    heapq.heappush(one.free_at, free_at)
        finally:
            one.interested -= 1

    def _add(self, scope: str, parallel: int) -> _Host:
        if len(self._hosts) >= _KNOWN_HOSTS:
            now = asyncio.get_running_loop().time()
            busy = {
                name: one for name, one in self._hosts.items() if one.interested or max(one.free_at) > now
            }
            self._hosts = busy
        one = self._hosts[scope] = _Host(parallel)
        return one

"""Whose turn it is: one request at a time to a host, a pause after each, and so many in all.

Polite by construction inside one process: the pause counts from the end of a request to the start
of the next, so no jitter on the way can bring two closer together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: idle hosts are forgotten when so many are known
_KNOWN_HOSTS = 2_000


class _Host:
    __slots__ = ("free_at", "gate", "interested")

    def __init__(self) -> None:
        self.gate = asyncio.Lock()
        #: loop time from which it may be asked again
        self.free_at = 0.0
        #: those that wait for it or are asking it
        self.interested = 0


class Turns:
    """Lives on one event loop. Waiting for a slow host takes nothing from the others."""

    def __init__(self, *, delay: float, parallel: int) -> None:
        """``delay``: seconds between two requests to one host; ``parallel``: requests at once."""
        self._delay = delay
        self._slots = asyncio.Semaphore(parallel)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Inside, host may be asked once. Waits for it first, in the order of arrival."""
        one = self._hosts.get(host) or self._add(host)
        one.interested += 1
        loop = asyncio.get_running_loop()
        try:
            async with one.gate:
                while (wait := one.free_at - loop.time()) > 0:
                    await asyncio.sleep(wait)
                # Only now: a slot is for asking, never for waiting.
                async with self._slots:
                    try:
                        yield
                    finally:
                        one.free_at = loop.time() + self._delay
        finally:
            one.interested -= 1

    def _add(self, host: str) -> _Host:
        if len(self._hosts) >= _KNOWN_HOSTS:
            now = asyncio.get_running_loop().time()
            busy = {name: one for name, one in self._hosts.items() if one.interested or one.free_at > now}
            self._hosts = busy
        one = self._hosts[host] = _Host()
        return one

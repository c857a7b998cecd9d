"""How many requests a client may send to all web processes of a deployment together."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from pipeline.errors import PipelineError
from workers.web.backend import Backend
from workers.web.rates import MOST_CLIENTS, Allowance, Rate, Rates

logger = logging.getLogger(__name__)

#: how long Redis is waited for (s); and how long it is not asked again when it did not answer
PATIENCE, AWAY_SECONDS = 0.25, 5.0
#: a process takes a part in so many of what a client has left, and asks again when that is used up: whoever
#: asks often costs few round trips, and who has little left is counted one by one
PARTS = 64


class Quota:
    """The bucket of each client in Redis, which all processes share; and here what was taken out of it.
    While Redis is away, each process counts alone."""

    def __init__(self, rate: Rate, backend: Backend, patience: float = PATIENCE) -> None:
        self._rates, self._backend, self._patience = Rates(rate), backend, patience
        # In µs, and whole: then that many fit into a bucket, whatever is rounded.
        self._each = -(-rate.seconds * 1_000_000 // rate.requests)
        self._whole = self._each * rate.requests
        # Threads of its own: when Redis hangs, those that answer requests do not.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="quota")
        self._away_until = 0.0
        #: client -> requests that were taken for it and did not come yet, and when they are full again anyway
        self._taken: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def take(self, address: str, has_token: bool, now: float) -> Allowance:
        """Let a request pass, if it may; at most one round trip to Redis. ``now``: see `Rates.take`."""
        alone = self._rates.take(address, has_token, now)
        name = self._rates.name(address, has_token)
        if not alone.passes or now < self._away_until or self._use(name, now):
            return alone
        try:
            async with asyncio.timeout(self._patience):
                loop = asyncio.get_running_loop()
                given, ahead = await loop.run_in_executor(self._threads, self._ask, name)
        except (PipelineError, TimeoutError) as error:
            self._away_until = now + AWAY_SECONDS
            logger.debug("requests are counted here alone for %.0f s: %s", AWAY_SECONDS, error)
            return alone
        more, each = max(0, given - 1), self._each / 1e6
        self._keep(name, more, now + more * each)
        return self._rates.learn(name, given > 0, ahead - more * each, now)

    def _use(self, name: str, now: float) -> bool:
        """Whether one is there that was taken before."""
        number, until = self._taken.pop(name, (0, now))
        if not number or until <= now:
            return False
        self._keep(name, number - 1, until)
        return True

    def _keep(self, name: str, number: int, until: float) -> None:
        if number:
            self._taken[name] = (number, until)
        if len(self._taken) > MOST_CLIENTS:
            self._taken.popitem(last=False)

    def _ask(self, name: str) -> tuple[int, float]:
        """How many requests may pass, and how many seconds the bucket then needs to be full."""
        stages = self._backend.stages()
        args = [self._each, self._whole, PARTS]
        given, ahead = stages.run("allow", [stages.key("rate", name)], args)
        return given, ahead / 1e6


__all__ = ["AWAY_SECONDS", "PARTS", "PATIENCE", "Quota"]

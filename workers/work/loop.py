"""The event loop of a pool process: one, kept for its life, with one HTTP client on it.

A client bound to a loop that is gone fails half of its requests, and a new one per batch costs
ten times the CPU; so both live as long as the process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from typing import Any, TypeVar

from pipeline.fetch import Client
from pipeline.settings import Settings

T = TypeVar("T")

_loop: Loop | None = None


class Loop:
    """An event loop with the process's HTTP client."""

    def __init__(self, settings: Settings) -> None:
        self.pid = os.getpid()
        self.runner = asyncio.Runner()
        self.client: Client = self.runner.run(_enter(settings))

    def run(self, work: Callable[[Client], Coroutine[Any, Any, T]]) -> T:
        """Run to the end; when it is broken off (a time limit), cancel what it had started.

        Otherwise those tasks would finish inside the next pump.
        """
        with ExitStack() as unless_done:
            unless_done.callback(self._cancel_all)
            done = self.runner.get_loop().run_until_complete(work(self.client))
            unless_done.pop_all()
        return done

    def _cancel_all(self) -> None:
        loop = self.runner.get_loop()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


async def _enter(settings: Settings) -> Client:
    return await Client(settings).__aenter__()


def process_loop(settings: Settings) -> Loop:
    """This pool process's loop, made after the fork."""
    global _loop  # noqa: PLW0603 - one per process is the point
    if _loop is None or _loop.pid != os.getpid():
        _loop = Loop(settings)
    return _loop

"""The pool of a worker: Celery's, whose main process sees at what its processes die."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, ClassVar

from billiard import current_process
from celery.concurrency.asynpool import AsynPool
from celery.concurrency.prefork import TaskPool

from workers.ledger import Ledger, Line

#: how often dead processes are looked for and replaced, beside the event of their death (s)
MAINTAIN_SECONDS = 0.25

#: the ledger of this worker, made before its pool is forked; None: no worker of ours
_ledger: Ledger | None = None
#: the process that made it, and forks the pool
_maker: int | None = None


def make_ledger(processes: int) -> Ledger:
    """The ledger for a pool of so many processes. To be called before the pool is made."""
    global _ledger, _maker
    _ledger, _maker = Ledger(processes), os.getpid()
    return _ledger


def is_orphan() -> bool:
    """Whether this is a pool process whose worker has died."""
    return _maker is not None and _maker not in (os.getpid(), os.getppid())


def own_index() -> int | None:
    """Which of its pool's processes this one is; None outside a pool."""
    index: int | None = getattr(current_process(), "index", None)
    return index


def own_line() -> Line | None:
    """This pool process's line in the ledger of its worker; None outside a pool."""
    index = own_index()
    return None if _ledger is None or index is None else _ledger.line(index, os.getpid())


class _Watched(AsynPool):  # type: ignore[misc]
    """Tells of every process that ended, before it is replaced."""

    #: called with index, process id and exit code (below zero: the signal)
    ended: ClassVar[Callable[[int, int, int | None], None]] = staticmethod(lambda *_: None)

    @property
    def timers(self) -> dict[Callable[[], None], float]:
        """What the event loop does again and again, and how often (s)."""
        # A process closes its files a moment before it can be waited for: the event of its death, which
        # comes once, may find it not quite dead. Celery's own timer would look after five seconds.
        return {self.maintain_pool: MAINTAIN_SECONDS}

    def _join_exited_workers(self, shutdown: bool = False) -> Any:
        before = list(self._pool)
        try:
            return super()._join_exited_workers(shutdown)
        finally:
            for process in before:
                if process not in self._pool:
                    _Watched.ended(process.index, process.pid, process.exitcode)


class Pool(TaskPool):  # type: ignore[misc]
    """A prefork pool whose processes are watched. One in a process."""

    Pool = _Watched


def on_end(tell: Callable[[int, int, int | None], None]) -> None:
    """Have it called with index, process id and exit code of every pool process that ends."""
    _Watched.ended = staticmethod(tell)


__all__ = ["Pool", "is_orphan", "make_ledger", "on_end", "own_index", "own_line"]

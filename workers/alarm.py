"""A time limit for one piece of work on the main thread of a process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """The work took too long. Not an Exception: no handler inside the work shall swallow it."""


def _expire(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTime


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block when it takes longer. Not to be nested.

    Works on the main thread, for code that returns to the interpreter now and then; what hangs
    in C is ended by the hard limit of the pool, which kills the process.
    """
    if signal.getsignal(signal.SIGALRM) is not _expire:
        signal.signal(signal.SIGALRM, _expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)

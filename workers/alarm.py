"""A time limit for one piece of work on the main thread of a process."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

#: how many times its limit work may take that gets no processor: on a machine that is overloaded, or
#: in a process that was stopped for a while. After it, it is waiting for something that never comes
STRETCH = 3
#: work that used less than this share of its limit on the processor got no processor
BUSY_SHARE = 0.5


class OutOfTime(BaseException):
    """The work took too long. Not an Exception: no handler inside the work shall swallow it."""

    #: whether it got little of a processor: it waited for something, and may fare better later
    waited = False


class _Limit:
    """The limit that runs now; there is one in a process."""

    seconds = 0.0
    #: CPU seconds of the thread at the beginning of this stretch
    cpu = 0.0
    stretches = 0

    @classmethod
    def begin(cls, seconds: float) -> None:
        cls.seconds, cls.cpu, cls.stretches = seconds, time.thread_time(), 1


def _expire(_signal: int, _frame: FrameType | None) -> None:
    waited = time.thread_time() - _Limit.cpu < BUSY_SHARE * _Limit.seconds
    if waited and _Limit.stretches < STRETCH:
        _Limit.stretches += 1
        signal.setitimer(signal.ITIMER_REAL, _Limit.seconds)
        return
    expired = OutOfTime()
    expired.waited = waited
    raise expired


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block when it takes longer. Not to be nested.

    Work that got less than half of that time on a processor may go on, for three times as long at most.

    Works on the main thread, for code that returns to the interpreter now and then; what hangs
    in C is ended by the worker's main process (`workers.warden`), which kills this one.
    """
    if signal.getsignal(signal.SIGALRM) is not _expire:
        signal.signal(signal.SIGALRM, _expire)
    _Limit.begin(seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)

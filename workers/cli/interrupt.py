"""Ctrl-C in two steps: the first stops in order, the second at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def orderly_interrupts(message: str) -> Iterator[None]:
    """Within: the first SIGINT or SIGTERM prints message and raises KeyboardInterrupt, the next
    leaves with 130 without cleaning up. Children die with their parent, and rows are the truth.

    Outside the main thread, where Python has no signal handlers, it changes nothing.
    """
    from workers import logs

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(130)
        asked = True
        said = logs.as_line(message) if logs.speaks_json() else f"\n{message}"
        os.write(sys.stderr.fileno(), f"{said}\n".encode())
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


__all__ = ["orderly_interrupts"]

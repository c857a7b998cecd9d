"""What a slow or silent part is asked for, without waiting for it longer than one likes.

Each sounding has one thread at most: however often it is asked for while a database hangs, one
statement waits there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from pipeline.errors import PipelineError

T = TypeVar("T")


class Sounding(Generic[T]):
    """The answer of ``read``, as it was a moment ago.

    ``keep``: an answer younger than this (s) is given again; an older one too, while the next is being
    read (0: each is read anew). ``read`` may raise PipelineError: then there is no answer until it has one.
    """

    def __init__(self, read: Callable[[], T], *, keep: float = 0.0) -> None:
        self._read, self._keep = read, keep
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._answer: T | None = None
        self._error: Exception | None = None
        #: `time.monotonic` of the last answer; how many times it was read, with or without one
        self._at, self._count = float("-inf"), 0
        #: how long the last reading took (s)
        self.took = 0.0

    def begin(self) -> int:
        """Have it read now, unless that is going on, or the answer is young enough. Returns a ticket for
        `answer`."""
        with self._changed:
            if self._thread is None and time.monotonic() - self._at >= self._keep:
                # A daemon: it may hang in a driver, and shall not hold up the end of the process.
                self._thread = threading.Thread(target=self._run, name="sounding", daemon=True)
                self._thread.start()
            return self._count + (self._thread is not None)

    def answer(self, ticket: int, patience: float) -> T | None:
        """The answer; None when there is none, or none came in so many seconds. Raises what ``read`` did,
        but PipelineError."""
        with self._changed:
            stands_in = self._keep and self._answer is not None
            if not stands_in and not self._changed.wait_for(lambda: self._count >= ticket, patience):
                return None
            if self._error is not None and not isinstance(self._error, PipelineError):
                raise self._error
            return self._answer

    def _run(self) -> None:
        began = time.monotonic()
        answer, error = None, None
        try:
            answer = self._read()
        except Exception as raised:  # noqa: BLE001 - told to whoever asks: a thread has nobody to raise it to
            error = raised
        with self._changed:
            self._answer, self._error, self._thread = answer, error, None
            self._count += 1
            self._at = time.monotonic() if error is None else float("-inf")
            self.took = time.monotonic() - began
            self._changed.notify_all()


__all__ = ["Sounding"]

"""The one handler: records become lines on standard error."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Mapping

from workers.logs.fields import fields_of
from workers.logs.formats import Format
from workers.logs.limits import Held, Limits


class Lines(logging.Handler):
    """Writes each record as one line, and no more of a kind than `workers.logs.limits` lets pass.

    ``always``: fields that each line has. A record with the attribute ``unlimited`` is always
    written, and so is everything at DEBUG.
    """

    def __init__(self, form: Format, always: Mapping[str, object], limits: Limits | None = None) -> None:
        super().__init__()
        self.form, self.always = form, dict(always)
        self._limits = limits or Limits()
        self._pid = os.getpid()
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Called with the handler's lock held."""
        try:
            self._forget_the_parent()
            fields = fields_of(record, self.always)
            self._say_what_was_held(self._limits.over())
            limited = record.levelno > logging.DEBUG and not getattr(record, "unlimited", False)
            if limited and not self._limits.passes(record, fields, lambda: self.form.message(record)):
                self._wake_when_over()
            else:
                self._write(self.form.line(record, fields))
        except Exception:  # noqa: BLE001 - a line that cannot be said must not end the work it is about
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        # Python's own would print a traceback of many lines, with the arguments as they are.
        kind = sys.exc_info()[0]
        told = logging.makeLogRecord(
            {
                "name": record.name,
                "levelno": logging.ERROR,
                "levelname": "ERROR",
                "msg": "a line could not be written: %s in %s:%d",
                "args": (kind.__name__ if kind else "?", record.pathname, record.lineno),
            }
        )
        self._write(self.form.line(told, self.always))

    def say_all(self) -> None:
        """Say what is held back still."""
        with self.lock or threading.RLock():
            self._forget_the_parent()
            self._say_what_was_held(self._limits.over(all_of_them=True))

    def close(self) -> None:
        """Say what is held back, and no more."""
        self.say_all()
        if self._timer is not None:
            self._timer.cancel()
        super().close()

    def _forget_the_parent(self) -> None:
        if os.getpid() != self._pid:
            # After a fork: what was held back is the parent's to say, and its timer is not here.
            self._limits, self._timer, self._pid = Limits(), None, os.getpid()

    def _say_what_was_held(self, held: list[Held]) -> None:
        for one in held:
            record = logging.makeLogRecord(
                {
                    "name": one.logger,
                    "levelno": one.level,
                    "levelname": logging.getLevelName(one.level),
                    "msg": "and %d more like this in the last minute: %s",
                    "args": (one.more, one.message),
                }
            )
            self._write(self.form.line(record, {**(one.fields or {}), "more": one.more}))

    def _wake_when_over(self) -> None:
        """Else the number would be said only when something else is."""
        wait = self._limits.next_end()
        if wait is None or (self._timer is not None and self._timer.is_alive()):
            return
        self._timer = threading.Timer(wait + 0.1, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        with self.lock or threading.RLock():
            self._say_what_was_held(self._limits.over())
            self._timer = None
            self._wake_when_over()

    def _write(self, line: str) -> None:
        # Looked up each time: progress on a terminal, and tests, put another stream in its place.
        stream = sys.stderr
        if stream is None:
            return
        try:
            if stream is sys.__stderr__:
                _write_whole(stream.fileno(), (line + "\n").encode("utf-8", "backslashreplace"))
            else:
                stream.write(line + "\n")
                stream.flush()
        except (OSError, ValueError):
            # Closed, or its reader left: there is no other place to say so.
            return


def _write_whole(descriptor: int, line: bytes) -> None:
    """Past the stream: its lock may be held by a thread when the pool is forked, or by what a signal
    interrupted; and a line that it writes in two parts may be torn apart by other processes."""
    while line:
        line = line[os.write(descriptor, line) :]


__all__ = ["Lines"]

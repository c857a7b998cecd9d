"""Progress of one job on standard error or output: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol, Self

from workers.cli.pace import Pace
from workers.cli.panel import job_line, job_panel
from workers.status import StatusDocument, ended, past
from workers.wording import count

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console

#: seconds between two plain lines
_LINE_SECONDS = 5.0
#: a line that says the same is repeated after this many seconds
_STILL_SECONDS = 60.0


class Progress(AbstractContextManager["Progress"], Protocol):
    """Shows how a job comes on."""

    def accepted(self, items: int) -> None:
        """So many items have a row by now."""

    def show(self, document: StatusDocument) -> None:
        """The job's status just now."""


def progress_on(console: Console) -> Progress:
    """What suits where the console leads."""
    return _Bars(console) if console.is_terminal and not console.is_dumb_terminal else _Lines(console)


class _Bars:
    """Live bars, which leave nothing behind when they end."""

    def __init__(self, console: Console) -> None:
        from rich.live import Live

        self._live = Live(console=console, transient=True, refresh_per_second=4, redirect_stdout=False)
        self._pace = Pace()
        self._behind: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def accepted(self, items: int) -> None:
        from rich.text import Text

        self._live.update(Text(f"reading the sources: {count(items, 'item')}"))

    def show(self, document: StatusDocument) -> None:
        self._pace.note(time.monotonic(), ended(document))
        # Rows and Redis are read one after the other: what moved in between must not make a bar jump.
        for stage, number in past(document).items():
            self._behind[stage] = max(number, self._behind.get(stage, 0))
        left = self._pace.seconds_left(document["items"] - ended(document))
        self._live.update(job_panel(document, rate=self._pace.per_second, left=left, behind=self._behind))


class _Lines:
    """A plain line at most every few seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._pace = Pace()
        self._next = time.monotonic() + 1.0
        self._last, self._printed = "", 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def accepted(self, items: int) -> None:
        if self._is_time():
            self._print(f"reading the sources: {count(items, 'item')}")

    def show(self, document: StatusDocument) -> None:
        self._pace.note(time.monotonic(), ended(document))
        if document["state"] != "running":
            self._print(job_line(document, rate=None, left=None))
        elif self._is_time():
            left = self._pace.seconds_left(document["items"] - ended(document))
            self._print(job_line(document, rate=self._pace.per_second, left=left))

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _LINE_SECONDS
        return True

    def _print(self, text: str) -> None:
        now = time.monotonic()
        if text == self._last and now - self._printed < _STILL_SECONDS:
            return
        still = " (nothing has moved for a while; `feedmill doctor` may tell why)"
        self._console.print(text + still if text == self._last else text)
        self._last, self._printed = text, now


__all__ = ["Progress", "progress_on"]

"""Progress of one job on standard error or output: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self

from workers.cli.panel import job_line, job_panel
from workers.pace import Pace
from workers.status import StatusDocument, ended, past
from workers.wording import count

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console
    from rich.text import Text

    from pipeline.store.contract import Store
    from workers.cli.arrivals import Arrivals

#: seconds between two plain lines
_LINE_SECONDS = 5.0
#: a line that says the same is repeated after this many seconds
_STILL_SECONDS = 60.0
#: most lines of the list above the bars, and lines that the bars and the counts below need at most
_MOST_ARRIVALS, _BARS_HEIGHT = 12, 9


class Progress(AbstractContextManager["Progress"], Protocol):
    """Shows how a job comes on."""

    def accepted(self, items: int) -> None:
        """So many items have a row by now."""

    def show(self, document: StatusDocument) -> None:
        """The job's status just now."""


def progress_on(console: Console, store: Store | None = None) -> Progress:
    """What suits where the console leads. With a store the live display also lists what came in."""
    return _Bars(console, store) if is_live(console) else _Lines(console)


def is_live(console: Console) -> bool:
    """Whether somebody looks at a terminal that can be drawn on: FORCE_COLOR makes no terminal of a pipe."""
    return console.file.isatty() and not console.is_dumb_terminal


class _Bars:
    """Live bars under a running list of what came in, which leave nothing behind when they end."""

    def __init__(self, console: Console, store: Store | None) -> None:
        from workers.cli.region import Region

        self._console, self._store = console, store
        self._region = Region(console)
        self._pace = Pace()
        self._behind: dict[str, int] = {}
        self._arrivals: Arrivals | None = None

    def __enter__(self) -> Self:
        self._region.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._region.__exit__(kind, error, trace)

    def accepted(self, items: int) -> None:
        from rich.text import Text

        self._region.draw(Text(f"reading the sources: {count(items, 'item')}"))

    def show(self, document: StatusDocument) -> None:
        from rich.console import Group

        self._pace.note(time.monotonic(), ended(document))
        # Rows and Redis are read one after the other: what moved in between must not make a bar jump.
        for stage, number in past(document).items():
            self._behind[stage] = max(number, self._behind.get(stage, 0))
        left = self._pace.seconds_left(document["items"] - ended(document))
        width = self._console.width
        bars = job_panel(document, rate=self._pace.per_second, left=left, behind=self._behind, width=width)
        self._region.draw(Group(*self._arrived(document, width), bars))

    def _arrived(self, document: StatusDocument, width: int) -> list[Text]:
        """The list above the bars; a rule of space below it."""
        from rich.text import Text

        from workers.cli.arrivals import Arrivals, arrival_lines

        if self._store is None or not document.get("job"):
            return []
        if self._arrivals is None:
            since = datetime.fromisoformat(document["created_at"]).timestamp()
            self._arrivals = Arrivals(self._store, since)
        told = self._arrivals.look([document["job"]])
        most = min(_MOST_ARRIVALS, self._region.height - _BARS_HEIGHT)
        lines = arrival_lines(told, most, width - 1)
        return [*lines, Text("")] if lines else []


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


__all__ = ["Progress", "is_live", "progress_on"]

"""A region at the bottom of a terminal that is drawn again and again, in place.

Not `rich.live`: that draws over what is above when the terminal becomes narrower, and clears before it
draws, which flickers.
"""

from __future__ import annotations

import io
import re
import sys
import threading
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console, RenderableType

_HIDE, _SHOW = "\x1b[?25l", "\x1b[?25h"
#: between these a terminal that knows them shows nothing half drawn (others pass them over)
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
_REST_OF_LINE, _REST_OF_SCREEN = "\x1b[K", "\x1b[J"
_COLOURS = re.compile("\x1b\\[[0-9;]*m")
_OTHER_SCREEN, _OWN_SCREEN = "\x1b[?1049h\x1b[H", "\x1b[?1049l"


class Region(AbstractContextManager["Region"]):
    """Draws what it is given over what it drew before; leaves nothing behind when it ends.

    ``whole``: on a screen of its own, as `top` does; what was on the terminal before comes back.
    What others write to standard error meanwhile (warnings of the log) stands above, whole lines at a
    time. May be drawn on from several threads.
    """

    def __init__(self, console: Console, *, whole: bool = False) -> None:
        self._console, self._whole = console, whole
        self._lock = threading.RLock()
        #: width of each drawn line, in cells
        self._drawn: list[int] = []
        self._shown: list[str] = []
        #: what was standard error before is still where it is drawn
        self._stream = console.file
        self._stderr = sys.stderr

    def __enter__(self) -> Self:
        self._write(_HIDE + (_OTHER_SCREEN if self._whole else ""))
        self._stderr, sys.stderr = sys.stderr, _Above(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.stderr = self._stderr
        with self._lock:
            end = _OWN_SCREEN if self._whole else self._to_its_top() + _REST_OF_SCREEN
            self._drawn, self._shown = [], []
            self._write(end + _SHOW)

    @property
    def height(self) -> int:
        """Lines that there is room for."""
        return max(1, self._console.size.height - 1)

    def draw(self, what: RenderableType) -> None:
        """Replace what is there."""
        with self._lock:
            self._shown = self._lines(what)
            self._redraw("")

    def above(self, text: str) -> None:
        """Write whole lines that stay, above the region (with a screen of its own: they come after it)."""
        with self._lock:
            if self._whole:
                return
            self._redraw(text)

    def _redraw(self, text: str) -> None:
        from rich.cells import cell_len

        body = "\n".join(line + _REST_OF_LINE for line in self._shown)
        said = "".join(line + _REST_OF_LINE + "\n" for line in text.splitlines())
        self._write(f"{_BEGIN}{self._to_its_top()}{said}{body}{_REST_OF_SCREEN}{_END}")
        self._drawn = [cell_len(_COLOURS.sub("", line)) for line in self._shown]

    def _to_its_top(self) -> str:
        """From its last line to the first column of its first. A terminal that became narrower has
        broken the lines that no longer fit."""
        if self._whole:
            return "\x1b[H"
        width = max(1, self._console.size.width)
        rows = sum(max(1, -(-cells // width)) for cells in self._drawn)
        return "\r" + (f"\x1b[{rows - 1}A" if rows > 1 else "")

    def _lines(self, what: RenderableType) -> list[str]:
        """Lines with their colours, none wider than the terminal, and no more than fit."""
        console = self._console
        with console.capture() as captured:
            # One column stays free: a full line makes some terminals begin another.
            console.print(what, width=max(1, console.size.width - 1))
        return captured.get().splitlines()[-self.height :]

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


class _Above(io.TextIOBase):
    """Standard error while a region is drawn: whole lines go above it."""

    def __init__(self, region: Region) -> None:
        self._region, self._begun = region, ""
        self._stream = region._stderr

    def write(self, text: str) -> int:
        with self._region._lock:
            *whole, self._begun = (self._begun + text).split("\n")
            if whole:
                self._region.above("\n".join(whole))
        return len(text)

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()


__all__ = ["Region"]

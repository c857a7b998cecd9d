"""What each pool process is at, in memory that its worker shares: read when the process is gone.

Made before the pool is forked. Each pool process writes its own line; the worker's main process
reads them all (`workers.warden`). So a death tells at once which items were held and at which of
them the process was, without a word to Redis on the way.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

#: version (odd while it is written), process id, item, when it was begun (monotonic), CPU seconds of
#: the process then, seconds that the item may take, ids held
_HEAD = struct.Struct("=QQqdddQ")
_NAMES = struct.Struct("=16s16s")
_VERSION = struct.Struct("=Q")
#: ids of one process that find room: more than a claim and its requests bring
MOST_IDS = 1024
_IDS_AT = _HEAD.size + _NAMES.size
LINE_BYTES = _IDS_AT + 8 * MOST_IDS


class Note(NamedTuple):
    """What a line says."""

    pid: int
    stage: str
    token: str
    #: the item that is worked on; None: between items, or several at once
    item: int | None
    #: `time.monotonic` at its beginning, and what CPU the process had used by then (s)
    began: float
    cpu: float
    #: how long it may take (s)
    limit: float
    #: all that is held, the item included
    held: tuple[int, ...]


class Line:
    """One process's line. Without memory (a process that is not of a pool) it notes nothing."""

    def __init__(self, memory: mmap.mmap | None = None, index: int = 0, pid: int = 0) -> None:
        self._memory, self._at, self._pid = memory, index * LINE_BYTES, pid
        self._version = 0
        self._stage = self._token = b""
        self._item, self._began, self._cpu, self._limit = 0, 0.0, 0.0, 0.0
        self._ids: tuple[int, ...] = ()

    def hold(self, stage: str, token: str, ids: Iterable[int]) -> None:
        """These are held now, and no others; those beyond `MOST_IDS` are not noted."""
        self._stage, self._token = stage.encode(), token.encode()
        self._ids = tuple(ids)[:MOST_IDS]
        self._write(ids=True)

    @contextmanager
    def at(self, item: int, seconds: float) -> Iterator[None]:
        """Inside, one item is worked on, which may take so many seconds. Not to be nested."""
        self._item, self._limit = item, seconds
        self._began, self._cpu = time.monotonic(), time.process_time()
        self._write()
        try:
            yield
        finally:
            self._item = 0
            self._write()

    def _write(self, *, ids: bool = False) -> None:
        memory, at = self._memory, self._at
        if memory is None:
            return
        self._version += 2
        _VERSION.pack_into(memory, at, self._version - 1)
        if ids:
            _NAMES.pack_into(memory, at + _HEAD.size, self._stage, self._token)
            struct.pack_into(f"={len(self._ids)}q", memory, at + _IDS_AT, *self._ids)
        facts = (self._pid, self._item, self._began, self._cpu, self._limit, len(self._ids))
        _HEAD.pack_into(memory, at, self._version - 1, *facts)
        _VERSION.pack_into(memory, at, self._version)


class Ledger:
    """The lines of all processes of one pool."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        # Anonymous and shared: every fork sees the same memory, which costs what is written to it.
        self._memory = mmap.mmap(-1, lines * LINE_BYTES)

    def line(self, index: int, pid: int) -> Line:
        """The line of the pool's index-th process, empty."""
        if not 0 <= index < self.lines:
            return Line()
        line = Line(self._memory, index, pid)
        line.hold("", "", ())
        return line

    def read(self, index: int) -> Note | None:
        """What the line says; None: nothing, or it is just being written."""
        at = index * LINE_BYTES
        if not 0 <= index < self.lines:
            return None
        version, pid, item, began, cpu, limit, count = _HEAD.unpack_from(self._memory, at)
        stage, token = _NAMES.unpack_from(self._memory, at + _HEAD.size)
        if not pid or count > MOST_IDS:
            return None
        held = struct.unpack_from(f"={count}q", self._memory, at + _IDS_AT)
        if version % 2 or _VERSION.unpack_from(self._memory, at)[0] != version:
            return None
        names: Sequence[str] = [one.rstrip(b"\0").decode() for one in (stage, token)]
        return Note(pid, names[0], names[1], item or None, began, cpu, limit, held)

    def clear(self, index: int) -> None:
        """The process is gone, and what it held was seen to."""
        if 0 <= index < self.lines:
            at = index * LINE_BYTES
            self._memory[at : at + _IDS_AT] = bytes(_IDS_AT)


__all__ = ["MOST_IDS", "Ledger", "Line", "Note"]

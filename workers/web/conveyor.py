"""Files on their way from the event loop, where they come in, to a thread that reads them: as much of them
is held as `ROOM` says, however large they are. Who is too fast waits."""

from __future__ import annotations

import asyncio
import io
import threading
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast

#: bytes that are held between the two
ROOM = 1 << 20


class File(NamedTuple):
    """One file as the thread gets it."""

    name: str
    content_type: str | None
    stream: BinaryIO


class _Head(NamedTuple):
    name: str
    content_type: str | None


class Conveyor:
    """One sender, on an event loop; one receiver, in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = threading.Condition()
        self._held: deque[_Head | bytes] = deque()
        self._size = 0
        self._ended = False
        self._broken: str | None = None
        self._left = False
        self._room = asyncio.Event()
        self._room.set()

    # -- the sender ---------------------------------------------------------------------------

    async def begin(self, name: str, content_type: str | None) -> None:
        """A file begins; the one before is complete."""
        await self._put(_Head(name, content_type), 0)

    async def send(self, piece: bytes) -> bool:
        """A piece of the file that was begun last. False: nobody takes it any more."""
        return await self._put(piece, len(piece)) if piece else not self._left

    def end(self) -> None:
        """There is no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def break_off(self, reason: str) -> None:
        """There would have been more: who reads gets an OSError with the reason."""
        with self._changed:
            self._broken = None if self._ended else reason
            self._ended = True
            self._changed.notify()

    async def _put(self, one: _Head | bytes, size: int) -> bool:
        await self._room.wait()
        with self._changed:
            self._held.append(one)
            self._size += size
            if self._size >= ROOM and not self._left:
                self._room.clear()
            self._changed.notify()
            return not self._left

    # -- the receiver -------------------------------------------------------------------------

    def files(self) -> Iterator[File]:
        """The files one after the other; what was left of one is passed over. Raises OSError where the
        sender broke off between two of them."""
        while (head := self._next_head()) is not None:
            # Not buffered: who reads gets what there is, and does not wait for more.
            yield File(head.name, head.content_type, cast(BinaryIO, _Stream(self)))

    def leave(self) -> None:
        """Nothing more is read: the sender need not wait."""
        with self._changed:
            self._left = True
            self._held.clear()
        self._loop.call_soon_threadsafe(self._room.set)

    def _next_head(self) -> _Head | None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._ended)
                if not self._held:
                    self._raise_if_broken()
                    return None
                one = self._held.popleft()
            if isinstance(one, _Head):
                return one
            self._taken(len(one))

    def _piece(self) -> bytes:
        """The next piece of the present file; empty at its end."""
        with self._changed:
            self._changed.wait_for(lambda: self._held or self._ended)
            if not self._held:
                self._raise_if_broken()
                return b""
            if isinstance(self._held[0], _Head):
                return b""
            piece = cast(bytes, self._held.popleft())
        self._taken(len(piece))
        return piece

    def _taken(self, size: int) -> None:
        with self._changed:
            self._size -= size
            # Not at every piece: a call into the loop costs more than the piece.
            makes_room = self._size < ROOM // 2 and not self._room.is_set()
        if makes_room:
            self._loop.call_soon_threadsafe(self._room.set)

    def _raise_if_broken(self) -> None:
        """Once: a file that is cut off is told as that, and not as a missing one behind it too."""
        if self._broken is not None:
            reason, self._broken = self._broken, None
            raise OSError(reason)


class _Stream(io.RawIOBase):
    """One file, read to where the next one begins."""

    def __init__(self, conveyor: Conveyor) -> None:
        self._conveyor = conveyor
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(self._conveyor._piece())
        piece = self._rest[: len(buffer)]
        self._rest = self._rest[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


__all__ = ["ROOM", "Conveyor", "File"]

"""One request's files and addresses, accepted by a thread while they come in on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType

from anyio import CapacityLimiter, to_thread
from fastapi import HTTPException
from starlette.requests import ClientDisconnect

from pipeline.model import NewItem, Problem
from pipeline.sources import read_upload, upload
from workers.intake import Intake, accept_items
from workers.web.addresses import linked, refuse_others
from workers.web.backend import Backend
from workers.web.conveyor import Conveyor

#: uploads at once in one process: each has a thread, and holds some megabytes
MOST_UPLOADS = 8

_open: set[object] = set()


class Delivery:
    """A context: inside it, files are begun and sent; what breaks it off leaves what was accepted by then.

    The job is opened when the first byte of the first file has come, or at the end for addresses alone.
    """

    def __init__(self, backend: Backend, opener: Callable[[Sequence[str]], str]) -> None:
        self._backend, self._opener = backend, opener
        self._addresses: list[str] = []
        self._names: list[str] = []
        #: addresses that came before the first file
        self._first = 0
        self._conveyor: Conveyor | None = None
        self._task: asyncio.Task[Intake] | None = None
        #: a file that was announced and of which nothing came yet
        self._announced: tuple[str, str | None] | None = None
        self._skipping = False

    async def __aenter__(self) -> Delivery:
        if len(_open) >= MOST_UPLOADS:
            told = f"{MOST_UPLOADS} uploads are under way. Try again in a moment."
            raise HTTPException(503, told, {"retry-after": "10"})
        _open.add(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._complete()
            elif self._task is not None and self._conveyor is not None:
                self._conveyor.break_off(f"the upload broke off: {_reason(error)}")
                intake = await asyncio.shield(self._task)
                if isinstance(error, HTTPException):
                    error.detail = f"{error.detail} {intake.items:,} items are accepted, as job {intake.job}."
        finally:
            if self._conveyor is not None:
                self._conveyor.break_off("the upload broke off")
            _open.discard(self)

    def add(self, addresses: Sequence[str]) -> None:
        """Addresses that came complete."""
        self._addresses += addresses

    async def begin(self, name: str, content_type: str | None) -> None:
        """A file begins. One without a name of which nothing comes is a field without a choice."""
        await self._announce()
        self._announced, self._skipping = (name, content_type), False

    def skip(self) -> None:
        """What comes until the next file begins is not wanted."""
        self._skipping = True

    async def send(self, piece: bytes) -> None:
        """A piece of the file that was begun last. Raises what ended the acceptance meanwhile."""
        if self._skipping or not piece:
            return
        await self._announce(has_content=True)
        assert self._conveyor is not None
        if not await self._conveyor.send(piece):
            await self._ended()

    async def intake(self) -> Intake:
        """What was accepted. Raises HTTPException (422) when nothing was handed in, StoreError."""
        if self._task is None:
            raise HTTPException(422, "Nothing was handed in: name an address, or choose a file.")
        return await self._task

    async def _announce(self, has_content: bool = False) -> None:
        if self._announced is None:
            return
        (name, content_type), self._announced = self._announced, None
        if not name and not has_content:
            return
        if self._task is None:
            self._start()
        self._names.append(upload.label(name))
        assert self._conveyor is not None
        await self._conveyor.begin(name, content_type)

    async def _complete(self) -> None:
        await self._announce()
        if self._task is None and self._addresses:
            self._start()
        if self._conveyor is not None:
            self._conveyor.end()
            await self._ended()

    def _start(self) -> None:
        refuse_others(self._addresses)
        self._names += self._addresses
        self._first = len(self._addresses)
        self._conveyor = Conveyor()
        # A limiter of its own: slow uploads shall not use up the threads that answer others.
        limiter = CapacityLimiter(1)
        self._task = asyncio.create_task(to_thread.run_sync(self._accept, self._conveyor, limiter=limiter))

    async def _ended(self) -> None:
        assert self._task is not None
        await asyncio.shield(self._task)

    def _accept(self, conveyor: Conveyor) -> Intake:
        try:
            intake = accept_items(
                self._backend.store,
                self._names,
                self._items(conveyor),
                opener=self._opener,
                progress=lambda _: self._backend.wake(),
            )
        finally:
            conveyor.leave()
        self._backend.wake()
        return intake

    def _items(self, conveyor: Conveyor) -> Iterator[NewItem]:
        settings, first = self._backend.settings, self._first
        for address in self._addresses[:first]:
            yield from linked(address, settings)
        try:
            for file in conveyor.files():
                yield from read_upload(file.stream, file.name, file.content_type, settings)
        except OSError as error:
            told = Problem(code="unreadable", message=f"More was to come, but {error}.")
            yield NewItem(key="upload:broken-off", name="upload", source="upload", problem=told)
        for address in self._addresses[first:]:
            # The job knows of them since they came.
            self._names.append(upload.label(address))
            yield from linked(address, settings)


def _reason(error: BaseException) -> str:
    if isinstance(error, HTTPException):
        return str(error.detail)
    return "the connection ended" if isinstance(error, ClientDisconnect) else type(error).__name__


__all__ = ["MOST_UPLOADS", "Delivery"]

"""What comes in: how large one body may be, how slowly it may come, and how much there may be at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import Message, Receive

from pipeline.settings import Settings
from workers.web import admission

#: a body has so long (s) before it has to have come at this rate (bytes a second) all in all
GRACE, LEAST_RATE = 30.0, 10_000
#: bodies that are held at once are together no larger than so many of the largest. They lie in
#: memory: in a container with a read-only file system the temporary folder is memory too. Uploads are not
#: held: they are accepted while they come in
LARGEST_AT_ONCE = 2


class Bodies:
    """The bodies that the requests of one application hold."""

    def __init__(self, settings: Settings, grace: float = GRACE) -> None:
        """``grace``: see `GRACE`."""
        self._settings = settings
        self._grace = grace
        self.held = 0

    @contextmanager
    def limited(self, headers: Headers, receive: Receive, *, streams: bool = False) -> Iterator[Receive]:
        """A request's body as it comes in, which counts as held inside the block, unless it streams.

        It breaks off with HTTPException: 413 at the limit (its announced length may be missing or
        a lie), 408 when it comes too slowly, 503 when there is too much of others.
        """
        body = _Body(self, headers, receive, streams)
        try:
            yield body.receive
        finally:
            self.held -= body.held


class _Body:
    def __init__(self, bodies: Bodies, headers: Headers, receive: Receive, streams: bool) -> None:
        self._bodies, self._headers, self._receive, self._streams = bodies, headers, receive, streams
        self._limit = admission.body_limit(headers, bodies._settings, streams=streams)
        #: how long the other side was waited for (s): what we take to store it is not its fault
        self._waited = 0.0
        self._complete = False
        self.size = self.held = 0

    async def receive(self) -> Message:
        if self._complete:
            # What comes now is word that the other side went away.
            return await self._receive()
        began = time.monotonic()
        left = self._bodies._grace + self.size / LEAST_RATE - self._waited
        try:
            async with asyncio.timeout(left):
                message = await self._receive()
        except TimeoutError as error:
            raise HTTPException(408, "The request came too slowly.") from error
        self._waited += time.monotonic() - began
        self._complete = not message.get("more_body", False)
        self._take(len(message.get("body", b"")))
        return message

    def _take(self, size: int) -> None:
        self.size += size
        settings = self._bodies._settings
        if self.size > self._limit:
            status, detail, _ = admission.too_large(self._headers, settings, streams=self._streams)
            raise HTTPException(status, detail)
        if self._streams:
            return
        self.held += size
        self._bodies.held += size
        if self._bodies.held > LARGEST_AT_ONCE * min(settings.max_feed_bytes, settings.max_upload_bytes):
            detail = "Too much is being handed in at once. Try again in a moment."
            raise HTTPException(503, detail, {"retry-after": "10"})


__all__ = ["GRACE", "LARGEST_AT_ONCE", "LEAST_RATE", "Bodies"]

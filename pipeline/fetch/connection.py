"""One HTTP/1.1 connection: a request out, an answer in. The only importer of httptools (llhttp).

Strict where a mistake would cost safety (lengths, framing, sizes), and lenient where servers err
and nothing is at stake: bare line feeds, odd characters in values, bytes behind the end of an
answer. Those last end the connection, not the answer: a 304 with a body, or a Content-Length that
counts characters instead of bytes, are too common to lose a feed over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import httptools

#: bytes of a head, of trailers, or of framing between two pieces of a body
MAX_HEAD = 131_072
MAX_HEADERS = 256
#: what waits unread before the socket is left alone (bytes)
_HIGH_WATER = 262_144

Header = tuple[bytes, bytes]


class Broken(Exception):
    """The other side broke the protocol or the connection; the text says how."""


class Dead(Broken):
    """The connection ended before the first byte of an answer: nothing was lost but the connection."""


class Connection(asyncio.Protocol):
    """Used for one exchange at a time: `send`, then `head`, then `pieces` to the end.

    ``reusable`` tells whether another exchange may follow; ``close`` ends it at any time.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._error: Broken | None = None
        self._exchanging = False
        self._ended = False
        self.reusable = False
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self.status = 0
        self.headers: list[Header] = []
        self._body: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._headed = self._complete = False
        #: bytes since the exchange began, or since the last piece of the body
        self._silent = 0
        self._seen = self._head = 0

    async def send(self, request: bytes) -> None:
        """Send a whole request. Raises Dead when the connection has ended already."""
        self._begin()
        self._exchanging, self.reusable = True, False
        if self._transport is None or self._ended or self._transport.is_closing():
            raise Dead("the connection was closed")
        self._transport.write(request)

    async def head(self) -> tuple[int, list[Header]]:
        """Status and headers, as they came. Raises Broken, or Dead when no byte of them came."""
        while not self._headed:
            if self._error is not None:
                raise self._error
            await self._wait()
        return self.status, self.headers

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes, not decompressed. Raises Broken when it breaks off."""
        while True:
            while self._body:
                piece = self._body.popleft()
                self._waiting_bytes -= len(piece)
                yield piece
            if self._complete:
                return
            if self._error is not None:
                raise self._error
            if self._transport is not None and not self._ended:
                self._transport.resume_reading()
            await self._wait()

    def close(self) -> None:
        """End the connection at once. May be called any number of times."""
        self.reusable = False
        if self._transport is not None and not self._ended:
            self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _fail(self, error: Broken) -> None:
        if self._error is None:
            self._error = error
        self.close()
        self._wake()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if not self._exchanging or self._complete:
            # Nobody asked: whatever this is, the next answer must not be taken from it.
            self.close()
            return
        self._seen += len(data)
        self._silent += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            if not self._complete:
                self._fail(Broken(str(error) or type(error).__name__))
                return
            self.close()
        if self._silent > MAX_HEAD and not self._complete:
            self._fail(Broken(f"more than {MAX_HEAD} bytes of headers or framing"))
            return
        if self._waiting_bytes > _HIGH_WATER and self._transport is not None and not self._complete:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = True
        self.reusable = False
        if self._exchanging and not self._complete and self._error is None:
            if self._headed and error is None and self._ends_with_connection():
                self._complete = True
            else:
                kind = Broken if self._seen else Dead
                self._error = kind(f"the connection broke off{f' ({error})' if error else ''}")
        self._wake()

    def _ends_with_connection(self) -> bool:
        names = {name.lower(): value.lower() for name, value in self.headers}
        if b"transfer-encoding" in names:
            return not names[b"transfer-encoding"].endswith(b"chunked")
        return b"content-length" not in names

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._complete:
            # A second answer to one question.
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._headed or self._complete:
            return
        self._head += len(name) + len(value)
        if len(self.headers) >= MAX_HEADERS or self._head > MAX_HEAD:
            self._fail(Broken(f"more than {MAX_HEADERS} headers, or {MAX_HEAD} bytes of them"))
            return
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._complete:
            return
        self.status = self._parser.get_status_code()
        if 100 <= self.status < 200 and self.status != 101:
            # "Early hints" and the like; the answer follows.
            self.headers = []
        else:
            self._headed = True

    def on_body(self, piece: bytes) -> None:
        if self._complete or self._error is not None:
            return
        self._silent = 0
        self._waiting_bytes += len(piece)
        self._body.append(piece)

    def on_message_complete(self) -> None:
        if self._headed and not self._complete:
            self._complete = True
            self.reusable = self._parser.should_keep_alive() and not self._ended

"""A TCP proxy whose connections can be cut, refused, slowed, held up, or lost on one side."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

#: bytes that are passed on at once
CHUNK = 65536


class Proxy:
    """Passes connections from a port of its own on to another port of 127.0.0.1.

    It runs in a thread of its own; its methods may be called from any other.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._open: set[_Link] = set()
        self._server: asyncio.Server | None = None
        #: seconds that each chunk is held
        self.delay = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="proxy")
        self._thread.start()
        self.port = free_port()
        self._passing: asyncio.Event = self._ask(self._begin)

    async def _begin(self) -> asyncio.Event:
        passing = asyncio.Event()
        passing.set()
        await self._listen()
        return passing

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    def cut(self) -> None:
        """Reset every connection; new ones are taken."""
        self._ask(self._cut)

    def refuse(self) -> None:
        """Reset every connection and take no new one, until `restore`."""
        self._ask(self._refuse)

    def hold(self) -> None:
        """Pass nothing on, in either direction, until `restore`. Connections are still taken."""
        self._ask(self._hold)

    def lose(self) -> None:
        """The server's side of every connection is gone and nobody tells the client's: what is sent on
        one is never answered, and it is never closed. New connections are sound."""
        self._ask(self._lose)

    def restore(self) -> None:
        """Sound again, but for what `lose` lost."""
        self._ask(self._restore)

    def stop(self) -> None:
        if not self._thread.is_alive():
            return
        self._ask(self._refuse)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _ask(self, call: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(10)

    async def _cut(self) -> None:
        for link in list(self._open):
            link.reset()

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    async def _hold(self) -> None:
        self._passing.clear()

    async def _lose(self) -> None:
        for link in list(self._open):
            link.lose()

    async def _restore(self) -> None:
        self.delay = 0.0
        self._passing.set()
        if self._server is None:
            await self._listen()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(writer)
        self._open.add(link)
        try:
            await self._passing.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            link.server = back
            ends = [self._pass(link, reader, back), self._pass(link, there, writer)]
            await asyncio.wait(
                [asyncio.create_task(end) for end in ends], return_when=asyncio.FIRST_COMPLETED
            )
            if link.lost:
                await link.closed.wait()
        except OSError:
            link.reset()  # nothing listens behind it: the caller learns it as from the server itself
        finally:
            self._open.discard(link)
            for end in (link.server, writer):
                if end is not None:
                    end.close()

    async def _pass(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while data := await reader.read(CHUNK):
                await self._passing.wait()
                if self.delay:
                    await asyncio.sleep(self.delay)
                if link.lost:
                    continue  # swallowed
                writer.write(data)
                await writer.drain()


class _Link:
    """One connection that is passed on."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        self.lost = False
        self.closed = asyncio.Event()

    def reset(self) -> None:
        self.closed.set()
        for end in (self.client, self.server):
            if end is None or end.is_closing():
                continue
            sock = end.get_extra_info("socket")
            # Lingering for no time: the other end gets a reset, as from a host that crashed.
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.transport.abort()

    def lose(self) -> None:
        self.lost = True
        if self.server is not None:
            self.server.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])

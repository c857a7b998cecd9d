"""Serving: a socket that is bound first, so that a port in use is a sentence and not a traceback.
The only importer of uvicorn."""

from __future__ import annotations

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pipeline.errors import SettingsError
from workers.web.live import LIVE

HOST, PORT = "127.0.0.1", 8000
#: a request's first line and headers together (bytes), and how long they may take to come (s)
MAX_HEAD, HEAD_SECONDS = 65_536, 10.0
#: connections at once; further ones are answered with 503
MOST_CONNECTIONS = 512
#: how long a stopping server waits for answers under way (s)
PATIENCE = 5


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any that is free. Raises SettingsError when it cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, OverflowError, UnicodeError) as error:
        raise SettingsError(
            f"The web interface cannot listen on {host} port {port}: "
            f"{getattr(error, 'strerror', None) or error}. Choose another with --host and --port."
        ) from error


def url_of(listening: socket.socket) -> str:
    """The address under which a browser of this machine finds the server."""
    host, port = listening.getsockname()[:2]
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{local}:{port}"


class Bounded(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with bounds on a request's head: by itself it takes headers of any size,
    and waits for their end for ever (measured: 200 MB of headers took 210 MB of memory)."""

    _in_head = False
    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD:
                self._end()

    def on_message_begin(self) -> None:
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_came()
        super().on_headers_complete()

    def shutdown(self) -> None:
        # Streams never end by themselves: each stop would take all of PATIENCE.
        if (live := self.app_state.get(LIVE)) is not None:
            live.close()
        super().shutdown()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._end)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end(self) -> None:
        # Without an answer: whoever sends such a thing reads none.
        if not self.transport.is_closing():
            self.transport.abort()


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until told to stop (SIGINT, SIGTERM)."""
    config = uvicorn.Config(
        app,
        # Its lines go the way of all others; requests are logged by `workers.web.requests`.
        log_config=None,
        access_log=False,
        server_header=False,
        # Nobody's word is taken for where a request came from.
        proxy_headers=False,
        ws="none",
        http=Bounded,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=PATIENCE,
    )
    uvicorn.Server(config).run([listening])


__all__ = ["HEAD_SECONDS", "HOST", "MAX_HEAD", "PORT", "Bounded", "bind", "run", "url_of"]

"""Serving: a socket that is bound first, so that a port in use is a sentence and not a traceback.
The only importer of uvicorn."""

from __future__ import annotations

import socket

import uvicorn
from starlette.types import ASGIApp

from pipeline.errors import SettingsError

HOST, PORT = "127.0.0.1", 8000
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
        timeout_graceful_shutdown=PATIENCE,
    )
    uvicorn.Server(config).run([listening])


__all__ = ["HOST", "PORT", "bind", "run", "url_of"]

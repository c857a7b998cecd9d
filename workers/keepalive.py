"""How soon a connection by TCP notices that the other end is gone."""

from __future__ import annotations

import socket

#: A server behind a cut network says nothing: without these a socket waits for the kernel's two hours.
#: After about 15 s without a sign of life it is taken to be gone. Not every system knows every option.
KEEPALIVE = {
    getattr(socket, name): value
    for name, value in {
        "TCP_KEEPIDLE": 5,
        "TCP_KEEPINTVL": 5,
        "TCP_KEEPCNT": 2,
        "TCP_USER_TIMEOUT": 15_000,
    }.items()
    if hasattr(socket, name)
}

"""An httpx transport of our own: guarded, lean, and at home with thousands of hosts.

Chosen by measurement (``python -m benchmarks.clients``: 60 hosts, 30 requests to each, 64 in
flight, pages of 20 KB; CPU of the client in ms a request, on a busy machine):

    httpx, one client                    5.0      its pool walks all connections on every request
    httpx, a transport per host          1.6      over HTTP/2: 2.0
    httpx2 (the fork), one client        2.0
    httpx2, a transport per host         1.4      over HTTP/2: 1.7
    aiohttp, one session                 0.32     behind httpx's types: 0.46
    this transport                       0.22
    the whole client                     0.40

aiohttp was tried and left: it throws an answer away when bytes follow its end in one segment (a
304 with a body, a Content-Length that is too short), repeats a request on a fresh connection
unasked, cannot send a header that is not UTF-8, and does not bound its idle connections.

Without HTTP/2, on purpose: a host is asked one request at a time, so there is nothing to
multiplex, and each request costs a quarter more. Servers that speak HTTP/2 speak HTTP/1.1 too.

The guard's verdict is on the address handed to the socket, so neither a name that resolves
differently a second time nor any spelling of a number gets around it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from typing import Any

import httpx

from pipeline.fetch.connection import Broken, Connection, Dead
from pipeline.fetch.guard import Guard

#: a host that does not take a connection by then is down, whatever the whole request may last (s)
CONNECT_SECONDS = 10.0
#: while a name has further addresses, one may take so long (s)
_ADDRESS_SECONDS = 3.0
#: addresses of one name that are tried
_MOST_ADDRESSES = 4
#: idle connections kept over all hosts, the oldest closed first, and for how long (s). Few servers
#: wait longer, and thousands of hosts must not cost thousands of open files
_KEPT_IDLE = 256
_KEPT_SECONDS = 15.0
#: a thread waits for each name that is being resolved; a slow name server must not hold up the others
_RESOLVERS = 64
_PORTS = {"http": 80, "https": 443}
_UNSENDABLE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

#: family, and the address as sockets take it (IPv6: with flow and zone)
SockAddress = tuple[int, tuple[Any, ...]]


class Refused(OSError):
    """The guard does not allow any address of a host; the text says why."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over guarded connections, kept for the next request to the same origin.

    Sets no limit on the time of a request but to connect: that is the caller's. Raises httpx's
    exceptions: ConnectError (with `Refused`, `socket.gaierror` or `ssl.SSLError` as its cause),
    ConnectTimeout, RemoteProtocolError, LocalProtocolError. Lives on one event loop.
    """

    def __init__(self, guard: Guard, certificates: ssl.SSLContext | None = None) -> None:
        """``certificates``: whom to trust; None: certifi's list and the system's."""
        self._guard = guard
        self._tls = certificates
        self._idle: OrderedDict[Connection, tuple[str, float]] = OrderedDict()
        self._by_origin: dict[str, list[Connection]] = {}
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="dns")
        self._sweeper: asyncio.TimerHandle | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask. A connection that ended while it was idle is replaced by a fresh one, once."""
        url = request.url
        origin = f"{url.scheme}://{url.raw_host.decode('ascii')}:{url.port or _PORTS[url.scheme]}"
        wire = _wire(request)
        if (connection := self._take(origin)) is not None:
            try:
                return await self._exchange(connection, origin, wire)
            except Dead:
                connection.close()
        try:
            return await self._exchange(await self._connect(url), origin, wire)
        except Dead as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def _exchange(self, connection: Connection, origin: str, wire: bytes) -> httpx.Response:
        with ExitStack() as unless_answered:
            unless_answered.callback(connection.close)
            try:
                await connection.send(wire)
                status, headers = await connection.head()
            except Dead:
                raise
            except Broken as error:
                raise httpx.RemoteProtocolError(str(error)) from error
            unless_answered.pop_all()
        return httpx.Response(status, headers=headers, stream=_Answer(self, connection, origin))

    async def aclose(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in self._idle:
            connection.close()
        self._idle.clear()
        self._by_origin.clear()
        self._resolvers.shutdown(wait=False, cancel_futures=True)
        # One turn of the loop, in which the closed sockets are let go.
        await asyncio.sleep(0)

    # Connections that wait for their next request.

    def keep(self, connection: Connection, origin: str) -> None:
        """Take back a connection whose answer was read, or was given up."""
        if not connection.reusable:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        self._idle[connection] = (origin, loop.time())
        self._by_origin.setdefault(origin, []).append(connection)
        if len(self._idle) > _KEPT_IDLE:
            self._drop(next(iter(self._idle))).close()
        if self._sweeper is None:
            self._sweeper = loop.call_later(_KEPT_SECONDS, self._sweep)

    def _take(self, origin: str) -> Connection | None:
        while waiting := self._by_origin.get(origin):
            connection = self._drop(waiting[-1])
            if connection.reusable:
                return connection
            connection.close()
        return None

    def _drop(self, connection: Connection) -> Connection:
        origin, _ = self._idle.pop(connection)
        self._by_origin[origin].remove(connection)
        if not self._by_origin[origin]:
            del self._by_origin[origin]
        return connection

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        old = loop.time() - _KEPT_SECONDS
        for connection in [one for one, (_, since) in self._idle.items() if since <= old]:
            self._drop(connection).close()
        self._sweeper = loop.call_later(_KEPT_SECONDS, self._sweep) if self._idle else None

    # From a name to a connection.

    async def _connect(self, url: httpx.URL) -> Connection:
        host, port = url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                opened = await self._open(await self._addresses(host, port))
                with ExitStack() as unless_connected:
                    unless_connected.callback(opened.close)
                    connection = await self._connection(opened, url.scheme, host)
                    unless_connected.pop_all()
                    return connection
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"within {CONNECT_SECONDS:g} s") from error
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(str(error)) from error

    async def _addresses(self, host: str, port: int) -> list[SockAddress]:
        """Addresses that may be connected to, families in turn. Raises Refused when none may."""
        try:
            family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
            found: list[SockAddress] = [(int(family), (host, port))]
        except ValueError:
            found = await self._resolved(host, port)
        verdicts = [self._guard.refusal(address[0], port) for _, address in found]
        allowed = [one for one, verdict in zip(found, verdicts, strict=True) if verdict is None]
        if not allowed:
            raise Refused("; ".join(dict.fromkeys(filter(None, verdicts))) or "it has no address")
        first = [one for one in allowed if one[0] == allowed[0][0]]
        second = [one for one in allowed if one[0] != allowed[0][0]]
        woven = [one for pair in zip(first, second, strict=False) for one in pair]
        rest = first[len(second) :] + second[len(first) :]
        return (woven + rest)[:_MOST_ADDRESSES]

    async def _resolved(self, host: str, port: int) -> list[SockAddress]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(
            self._resolvers, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        kinds = (socket.AF_INET, socket.AF_INET6)
        return [(family, address) for family, _, _, _, address in answers if family in kinds]

    async def _open(self, addresses: list[SockAddress]) -> socket.socket:
        loop = asyncio.get_running_loop()
        failure: OSError | None = None
        for number, (family, address) in enumerate(addresses, 1):
            # Here, and not only where names are resolved: what is judged is what is connected to.
            if (verdict := self._guard.refusal(address[0], address[1])) is not None:
                raise Refused(verdict)
            opened = socket.socket(family, socket.SOCK_STREAM)
            opened.setblocking(False)
            with ExitStack() as unless_open:
                unless_open.callback(opened.close)
                try:
                    async with asyncio.timeout(_ADDRESS_SECONDS if number < len(addresses) else None):
                        await loop.sock_connect(opened, address)
                    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                except OSError as error:
                    # TimeoutError included: it is an OSError.
                    failure = error
                else:
                    unless_open.pop_all()
                    return opened
        raise failure or OSError("it has no address")

    async def _connection(self, opened: socket.socket, scheme: str, host: str) -> Connection:
        secure = scheme == "https"
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection,
            sock=opened,
            ssl=(self._tls or trusted()) if secure else None,
            server_hostname=host.rstrip(".") if secure else None,
            ssl_handshake_timeout=CONNECT_SECONDS if secure else None,
        )
        return connection


class _Answer(httpx.AsyncByteStream):
    """A body on its way; its connection goes back, or ends, when the stream is closed."""

    def __init__(self, transport: GuardedTransport, connection: Connection, origin: str) -> None:
        self._transport = transport
        self._connection: Connection | None = connection
        self._origin = origin

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self._connection is None:
            raise httpx.StreamClosed()
        try:
            async for piece in self._connection.pieces():
                yield piece
        except Broken as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._transport.keep(connection, self._origin)


def _wire(request: httpx.Request) -> bytes:
    """The bytes of a request. Raises LocalProtocolError for what must not be sent."""
    target = request.url.raw_path
    lines = [request.method.encode("ascii") + b" " + target + b" HTTP/1.1"]
    lines += [name + b": " + value for name, value in request.headers.raw]
    if b" " in target or any(_UNSENDABLE.search(line) for line in lines):
        raise httpx.LocalProtocolError("A header or the address holds control characters.")
    return b"\r\n".join(lines) + b"\r\n\r\n" + request.content


@cache
def trusted() -> ssl.SSLContext:
    """Certifi's authorities, and the system's own. 20 ms to make: once per process."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    context.set_alpn_protocols(["http/1.1"])
    return context

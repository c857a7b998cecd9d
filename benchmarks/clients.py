"""HTTP clients compared: CPU for each request, over many hosts at once, against a local web.

    python -m benchmarks.clients [--requests 30] [--hosts 60] [--flight 64] [--size 20000]

The web is a process of its own on 127.0.1.1 to 127.0.1.N, so the CPU told is the client's alone.
Each host is asked one request at a time, as Feedmill does. Clients that are not installed are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import multiprocessing
import resource
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

import httpx

from pipeline.fetch.client import Client
from pipeline.fetch.guard import Guard
from pipeline.fetch.transport import GuardedTransport
from pipeline.settings import Settings

Get = Callable[[str], Awaitable[bytes]]


class _Web(asyncio.Protocol):
    """Answers every request with the same page: HTTP/1.1, or HTTP/2 where the client begins so."""

    page = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._seen = b""
        self._second: Any = None

    def data_received(self, data: bytes) -> None:
        if self._second is None and not self._seen and data.startswith(b"PRI "):
            h2 = importlib.import_module("h2.connection")
            config = importlib.import_module("h2.config").H2Configuration(client_side=False)
            self._second = h2.H2Connection(config)
            self._second.initiate_connection()
        if self._second is not None:
            self._answer_second(data)
            return
        self._seen += data
        while (end := self._seen.find(b"\r\n\r\n")) >= 0:
            self._seen = self._seen[end + 4 :]
            head = f"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {len(self.page)}\r\n\r\n"
            self._transport.write(head.encode() + self.page)

    def _answer_second(self, data: bytes) -> None:
        for event in self._second.receive_data(data):
            if type(event).__name__ == "RequestReceived":
                self._second.send_headers(
                    event.stream_id, [(":status", "200"), ("content-type", "text/html")]
                )
                largest = self._second.max_outbound_frame_size
                for start in range(0, len(self.page), largest):
                    piece = self.page[start : start + largest]
                    self._second.send_data(event.stream_id, piece, start + largest >= len(self.page))
        self._transport.write(self._second.data_to_send())


def serve(pipe: Connection, size: int) -> None:
    """The web, until its process is ended; its port goes through the pipe."""
    _Web.page = b"<p>The harbour was closed at noon.</p>\n" * (size // 39)

    async def work() -> None:
        server = await asyncio.get_running_loop().create_server(_Web, "0.0.0.0", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(work())


@asynccontextmanager
async def one_client(library: str) -> AsyncIterator[Get]:
    """The plain way: one client for everything."""
    module = importlib.import_module(library)
    limits = module.Limits(max_connections=200, max_keepalive_connections=200)
    async with module.AsyncClient(limits=limits, trust_env=False) as client:

        async def get(url: str) -> bytes:
            return bytes((await client.get(url)).content)

        yield get


@asynccontextmanager
async def transport_per_host(library: str, *, http2: bool = False) -> AsyncIterator[Get]:
    """A transport for each host, without the client on top."""
    module = importlib.import_module(library)
    if http2:
        importlib.import_module("h2")
    transports: dict[str, Any] = {}
    context = module.create_ssl_context()
    async with AsyncExitStack() as stack:

        async def get(url: str) -> bytes:
            request = module.Request("GET", url, headers={"Accept-Encoding": "identity"})
            transport = transports.get(request.url.host)
            if transport is None:
                transport = module.AsyncHTTPTransport(
                    verify=context, trust_env=False, http1=not http2, http2=http2
                )
                transports[request.url.host] = await stack.enter_async_context(transport)
            response = await transport.handle_async_request(request)
            try:
                return b"".join([piece async for piece in response.aiter_raw()])
            finally:
                await response.aclose()

        yield get


@asynccontextmanager
async def aiohttp_session() -> AsyncIterator[Get]:
    aiohttp = importlib.import_module("aiohttp")
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def get(url: str) -> bytes:
            async with session.get(url, allow_redirects=False) as response:
                return bytes(await response.read())

        yield get


@asynccontextmanager
async def httpx_over_aiohttp() -> AsyncIterator[Get]:
    """What an httpx transport over aiohttp's connections would cost: types of both, one request."""
    aiohttp, yarl = importlib.import_module("aiohttp"), importlib.import_module("yarl")
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
    ) as session:

        async def get(url: str) -> bytes:
            request = httpx.Request("GET", url)
            target = yarl.URL(str(request.url), encoded=True)
            headers = [(name.decode(), value.decode()) for name, value in request.headers.raw]
            async with session.request(
                request.method, target, headers=headers, allow_redirects=False
            ) as answer:
                response = httpx.Response(answer.status, headers=answer.raw_headers)
                pieces = [piece async for piece in answer.content.iter_any()]
            assert response.headers.raw
            return b"".join(pieces)

        yield get


@asynccontextmanager
async def guarded_transport() -> AsyncIterator[Get]:
    """Feedmill's transport alone, asked with httpx's types."""
    transport = GuardedTransport(Guard(Settings(allow_addresses="127.0.0.0/8")))
    async with transport:

        async def get(url: str) -> bytes:
            response = await transport.handle_async_request(httpx.Request("GET", url))
            assert isinstance(response.stream, httpx.AsyncByteStream)
            try:
                return b"".join([piece async for piece in response.stream])
            finally:
                await response.aclose()

        yield get


@asynccontextmanager
async def feedmill() -> AsyncIterator[Get]:
    """Feedmill's own: guard, bounds, turns and decompression included."""
    settings = Settings(host_delay=0.0, fetch_parallel=256, allow_addresses="127.0.0.0/8")
    async with Client(settings) as client:

        async def get(url: str) -> bytes:
            return (await client.get(url, max_bytes=10_000_000)).body

        yield get


CANDIDATES: dict[str, Callable[[], Any]] = {
    "httpx, one client": lambda: one_client("httpx"),
    "httpx, a transport per host": lambda: transport_per_host("httpx"),
    "httpx, a transport per host, HTTP/2": lambda: transport_per_host("httpx", http2=True),
    "httpx2, one client": lambda: one_client("httpx2"),
    "httpx2, a transport per host": lambda: transport_per_host("httpx2"),
    "httpx2, a transport per host, HTTP/2": lambda: transport_per_host("httpx2", http2=True),
    "aiohttp, one session": aiohttp_session,
    "httpx's types over aiohttp": httpx_over_aiohttp,
    "Feedmill's transport, bare": guarded_transport,
    "Feedmill's client": feedmill,
}


async def measure(
    make: Callable[[], Any], port: int, hosts: int, requests: int, flight: int
) -> tuple[float, float]:
    """CPU milliseconds for each request, and requests a second; the first of each host not counted."""
    slots = asyncio.Semaphore(flight)

    async with make() as get:

        async def ask(host: int, times: int) -> None:
            for _ in range(times):
                async with slots:
                    assert len(await get(f"http://127.0.1.{host + 1}:{port}/a/page.html?x=1")) > 0

        await asyncio.gather(*(ask(host, 1) for host in range(hosts)))
        began, cpu = time.perf_counter(), _cpu()
        await asyncio.gather(*(ask(host, requests) for host in range(hosts)))
        took, cpu = time.perf_counter() - began, _cpu() - cpu
    return cpu / (hosts * requests) * 1000, hosts * requests / took


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clients", description=__doc__)
    parser.add_argument("--requests", type=int, default=30, help="to each host (default 30)")
    parser.add_argument("--hosts", type=int, default=60)
    parser.add_argument("--flight", type=int, default=64, help="requests at once (default 64)")
    parser.add_argument("--size", type=int, default=20_000, help="of the page, in bytes")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    web = multiprocessing.Process(target=serve, args=(theirs, given.size), daemon=True)
    web.start()
    try:
        port = ours.recv()
        print(f"{'':40}  CPU ms a request (least)  requests/s")
        for name, make in CANDIDATES.items():
            try:
                rounds = [
                    asyncio.run(measure(make, port, given.hosts, given.requests, given.flight))
                    for _ in range(given.rounds)
                ]
            except ImportError as error:
                print(f"{name:40}  not installed ({error.name})")
                continue
            cpu = [one for one, _ in rounds]
            rate = statistics.median(one for _, one in rounds)
            print(f"{name:40}  {statistics.median(cpu):8.2f} ({min(cpu):.2f}) {rate:20.0f}")
    finally:
        web.terminate()


if __name__ == "__main__":
    main()

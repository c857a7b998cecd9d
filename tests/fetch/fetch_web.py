"""A web server of the tests' own, on loopback, that can misbehave in every way that is written."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

Answer = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]
CERTIFICATES = Path(__file__).parent / "certificates"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    #: loop time of its arrival
    at: float
    method: str = "GET"
    body: bytes = b""
    #: port of the client's end of the connection
    connection: int = 0


@dataclass
class Web:
    """Answers by path; remembers what it was asked."""

    pages: dict[str, Answer]
    port: int = 0
    asked: list[Request] = field(default_factory=list)
    #: name of the certificate to answer https with; empty: http
    certificate: str = ""
    #: connections that were made
    connections: int = 0

    async def __aenter__(self) -> Web:
        tls = None
        if self.certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(CERTIFICATES / f"{self.certificate}.pem")
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._connections: set[asyncio.Task[None]] = set()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http{'s' if self.certificate else ''}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                request = _parsed(head)
                request.body = await reader.readexactly(int(request.headers.get("content-length", 0)))
                request.connection = writer.get_extra_info("peername")[1]
                self.asked.append(request)
                answer = self.pages.get(request.path.partition("?")[0], status(404))
                await answer(request, writer)
                await writer.drain()
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            return
        finally:
            self._connections.discard(task)
            writer.close()


def _parsed(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    method, path, _ = first.split()
    return Request(path, headers, asyncio.get_running_loop().time(), method)


def page(
    body: bytes, content_type: str = "text/html; charset=utf-8", code: int = 200, **headers: str
) -> Answer:
    """A proper answer. Header names with an underscore for each hyphen."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(code, content_type=content_type, content_length=str(len(body)), **headers) + body)

    return answer


def status(code: int, **headers: str) -> Answer:
    return page(b"", code=code, **headers)


def redirect(location: str, code: int = 302) -> Answer:
    return page(b"moved", code=code, location=location)


def raw(sent: bytes) -> Answer:
    """Exactly these bytes; then the connection is closed."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        await writer.drain()
        writer.close()

    return answer


def silence() -> Answer:
    """Takes the request and never answers."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return answer


def trickle(start: bytes, piece: bytes, pause: float = 0.02) -> Answer:
    """An answer that goes on for ever, a little at a time."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def head(code: int, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {code} Whatever"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

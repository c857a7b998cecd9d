"""A web of many hosts on loopback addresses, each with a temper of its own, that writes down who came when.

    python -m benchmarks.local_web PORT LOG

Host n is 127.1.a.b. Most answer within 80 ms, some take longer, a few ask to slow down now and then,
and some take the request and never answer. The log has a line a request: host, arrival and end of the
answer (Unix seconds), status.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
import zlib
from typing import TextIO

from benchmarks.material import paragraph

#: of a hundred hosts: the first so many never answer, the next ask to slow down
DEAD, THROTTLING = 1, 2
#: seconds that a throttling host names, and every how many requests it does
RETRY_AFTER, EVERY = 3, 6
#: bytes of a page
PAGE = 20_000


def address(number: int) -> str:
    """The address of a host."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


def number_of(host: str) -> int:
    _, _, high, low = map(int, host.split("."))
    return high * 250 + low - 1


def temper(number: int) -> str:
    """What a host is like: dead, throttling, or good."""
    place = number % 100
    return "dead" if place < DEAD else "throttling" if place < DEAD + THROTTLING else "good"


def latency(number: int, request: int) -> float:
    """Seconds that a host takes for its request-th answer."""
    rng = random.Random(number * 1009 + request)
    slow = number % 10
    low, high = (0.02, 0.08) if slow < 6 else (0.1, 0.4) if slow < 9 else (0.6, 1.2)
    return rng.uniform(low, high)


def _paragraphs() -> list[str]:
    rng = random.Random(7)
    return [f"<p>{paragraph(rng)}</p>\n" for _ in range(500)]


_PARAGRAPHS = _paragraphs()
_FILLER = f"<!-- {'x' * (PAGE - 4000)} -->"


def page(host: str, path: str) -> bytes:
    """A page of its own text, made quickly: the server must not be what is measured."""
    first = zlib.crc32(f"{host}{path}".encode())
    words = "".join(_PARAGRAPHS[(first >> n) % 500] for n in range(0, 24, 3))
    told = f"Story {path.strip('/')} of {host}"
    head = f"<!doctype html><html><head><title>{told}</title>{_FILLER}</head>"
    return f"{head}<body><article><h1>{told}</h1><p>{told}.</p>{words}</article></body></html>".encode()


def feed(host: str) -> bytes:
    listed = "".join(
        f'<item><guid isPermaLink="false">{n}</guid><title>Story {n} of {host}</title></item>'
        for n in range(20)
    )
    return f'<rss version="2.0"><channel><title>{host}</title>{listed}</channel></rss>'.encode()


class Connection(asyncio.Protocol):
    counts: dict[str, int] = {}
    log: TextIO

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            known = b"\nif-none-match:" in head.lower()
            self.answer(head.split(b" ", 2)[1].decode(), known, time.time())

    def answer(self, path: str, known: bool, arrived: float) -> None:
        number = number_of(self.host)
        kind = temper(number)
        count = self.counts[self.host] = self.counts.get(self.host, 0) + 1
        if kind == "dead":
            self.log.write(f"{self.host} {arrived:.6f} {arrived:.6f} 0\n")
            return
        throttled = kind == "throttling" and count % EVERY == 0
        status, more, body = 200, "", b""
        if path == "/robots.txt":
            status = 404
        elif path.startswith("/feed"):
            status, more = (304 if known else 200), 'ETag: "one"\r\n'
            body = b"" if known else feed(self.host)
        elif throttled:
            status, more = 429, f"Retry-After: {RETRY_AFTER}\r\n"
        else:
            body = page(self.host, path)
        delay = latency(number, count)
        asyncio.get_running_loop().call_later(delay, self.send, arrived, status, more, body)

    def send(self, arrived: float, status: int, more: str, body: bytes) -> None:
        if self.transport.is_closing():  # type: ignore[attr-defined]
            return
        head = f"HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        self.transport.write(head.encode() + body)  # type: ignore[attr-defined]
        self.log.write(f"{self.host} {arrived:.6f} {time.time():.6f} {status}\n")


async def serve(port: int, log: TextIO) -> None:
    Connection.log = log
    server = await asyncio.get_running_loop().create_server(Connection, "0.0.0.0", port, backlog=2000)
    async with server:
        print("ready", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    with open(sys.argv[2], "w", buffering=1 << 16) as log:
        try:
            asyncio.run(serve(int(sys.argv[1]), log))
        except KeyboardInterrupt:
            log.flush()

"""A web on loopback addresses for a soak: stories, feeds that go on, pages that fail, and a hub.

    python -m benchmarks.soak.web PORT

Host n is 127.2.0.n. What it serves follows from the address and the clock, so that it remembers
nothing but who subscribed at the hub, and its own memory says nothing about the deployment's.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import random
import sys
import time
import urllib.request
import zlib
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode

from benchmarks.backlog.sources import text

#: seconds between two entries of a feed, and entries that it lists
EVERY, LISTED = 60, 10
#: feeds that name a hub: those with the lowest numbers
PUSHED = 4
#: of the requests for a flaky page, how many fail
FLAKY = 0.5
CHALLENGE = "soak"


def host(number: int) -> str:
    return f"127.2.0.{number % 250 + 1}"


def story(path: str) -> bytes:
    number = zlib.crc32(path.encode()) + 10**9
    head, _, rest = text(number).partition("\n\n")
    paragraphs = "".join(f"<p>{part}</p>" for part in rest.split("\n\n"))
    return (
        f"<!doctype html><html><head><title>{head}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{head}</h1>{paragraphs}</article></body></html>"
    ).encode()


def feed(number: int, port: int, now: float) -> bytes:
    """The newest entries, and for some feeds a hub."""
    base = f"http://{host(number)}:{port}"
    links = ""
    if number < PUSHED:
        links = (
            f'<atom:link rel="hub" href="http://127.2.1.1:{port}/hub"/>'
            f'<atom:link rel="self" href="{base}/feed/{number}"/>'
        )
    newest = int(now / EVERY)
    entries = "".join(
        f"<item><guid>{number}-{n}</guid><title>Story {n} of feed {number}</title>"
        f"<link>{base}/story/{number}-{n}</link></item>"
        for n in range(newest, newest - LISTED, -1)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>Feed {number}</title>{links}{entries}</channel></rss>"
    ).encode()


def answer(path: str, port: int) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    kind, _, rest = path.lstrip("/").partition("/")
    if kind == "feed":
        return 200, "application/rss+xml", feed(int(rest), port, time.time())
    if kind == "flaky" and random.random() < FLAKY:
        return 500, "text/plain", b"not now"
    if kind in ("story", "flaky"):
        return 200, "text/html; charset=utf-8", story(path)
    return 404, "text/plain", b"not here"


class Hub:
    """Asks back, and then pushes each subscribed feed as often as it has something new."""

    def __init__(self, port: int) -> None:
        self.port = port
        #: topic -> callback, secret
        self.subscribed: dict[str, tuple[str, str]] = {}

    async def take(self, form: dict[str, str]) -> None:
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": "864000",
        }
        told = await asyncio.to_thread(_send, f"{form['hub.callback']}?{urlencode(question)}", None, {})
        if told == CHALLENGE.encode() and form["hub.mode"] == "subscribe":
            self.subscribed[form["hub.topic"]] = form["hub.callback"], form.get("hub.secret", "")

    async def push(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            for topic, (callback, secret) in self.subscribed.items():
                body = feed(int(topic.rpartition("/")[2]), self.port, time.time())
                signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
                headers = {
                    "Content-Type": "application/rss+xml",
                    "Link": f'<{topic}>; rel="self"',
                    "X-Hub-Signature": f"sha256={signature}",
                }
                await asyncio.to_thread(_send, callback, body, headers)


def _send(url: str, body: bytes | None, headers: dict[str, str]) -> bytes:
    # A callback that does not answer, or not well, costs this push; feeds are polled as well.
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as said:
            return bytes(said.read(1000))
    except (URLError, TimeoutError):
        return b""


async def serve(port: int) -> None:
    hub = Hub(port)
    going_on: set[asyncio.Task[None]] = set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                method, path, _ = head.split(" ", 2)
                if method == "POST":
                    length = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
                    sent = parse_qs((await reader.readexactly(length)).decode())
                    form = {name: values[0] for name, values in sent.items()}
                    going_on.add(asyncio.create_task(hub.take(form)))
                    status, kind, body = 202, "text/plain", b""
                else:
                    status, kind, body = answer(path, port)
                told = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(told.encode() + body)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(converse, "0.0.0.0", port, backlog=500)
    going_on.add(asyncio.create_task(hub.push()))
    async with server:
        print("ready", flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1])))

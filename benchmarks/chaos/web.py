"""The web of the campaign: pages on a dozen hosts of 127.1.0.x, and feeds that grow while it runs."""

from __future__ import annotations

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.material import headline, paragraph

#: hosts of pages, and of feeds
HOSTS, FEEDS = 12, 4


def text(seed: str) -> tuple[str, list[str]]:
    """A headline and paragraphs that no other seed has."""
    rng = random.Random(seed)
    return headline(rng, rng.randrange(10**9)), [paragraph(rng) for _ in range(6)]


def file(number: int) -> str:
    title, paragraphs = text(f"file {number}")
    return title + "\n\n" + "\n\n".join(paragraphs) + "\n"


def page(path: str) -> str:
    title, paragraphs = text(path)
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def story(number: int, port: int) -> str:
    """The address of a page."""
    return f"http://127.1.0.{number % HOSTS + 1}:{port}/story/{number}"


class Web:
    """Serves ``/story/N`` and ``/entry/FEED/N`` on every host, and ``/feed/N`` with what was released."""

    def __init__(self) -> None:
        self.released = [0] * FEEDS
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body, kind = web.answer(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = _Server(("0.0.0.0", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True, name="web").start()

    def answer(self, path: str) -> tuple[bytes, str]:
        if path.startswith("/feed/"):
            return self._feed(int(path.removeprefix("/feed/"))).encode(), "application/rss+xml"
        return (
            (page(path).encode(), "text/html")
            if path.startswith(("/story/", "/entry/"))
            else (b"", "text/html")
        )

    def feed(self, number: int) -> str:
        return f"http://127.1.1.{number + 1}:{self.port}/feed/{number}"

    def entry(self, feed: int, number: int) -> str:
        return f"http://127.1.1.{feed + 1}:{self.port}/entry/{feed}/{number}"

    def entries(self) -> set[str]:
        """Addresses of all that the feeds list now."""
        return {self.entry(feed, n) for feed, count in enumerate(self.released) for n in range(count)}

    def _feed(self, feed: int) -> str:
        listed = "".join(
            f"<item><guid>{self.entry(feed, n)}</guid><link>{self.entry(feed, n)}</link>"
            f"<title>{text(f'/entry/{feed}/{n}')[0]}</title></item>"
            for n in reversed(range(self.released[feed]))
        )
        channel = f"<channel><title>Feed {feed}</title>{listed}</channel>"
        return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'

    def stop(self) -> None:
        """May be called twice."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Workers that are killed break their connections."""

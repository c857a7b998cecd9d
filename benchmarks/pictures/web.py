"""The papers' web on loopback addresses: their feeds from seeds/, and as many stories as are asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.pictures.prose import story

SEEDS = Path(__file__).parents[2] / "seeds"
#: stories from this number on are none that the past has
FIRST = 1_000_000
#: a feed at each host, and how many stories it names
EDITION, STORIES = "night-edition.xml", 150
#: one story in so many is not there
_MISSING = 40


class _Paper(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, kind, body = self._answer()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> tuple[int, str, bytes]:
        name = self.path.rpartition("/")[2]
        if name.isdecimal() and int(name) % _MISSING:
            return 200, "text/html; charset=utf-8", story(FIRST + int(name), time.time()).html.encode()
        if name == EDITION:
            return 200, "application/xml", self._edition()
        feed = next((one for one in (SEEDS / "feeds").rglob("*") if one.name == name), None)
        if feed is not None and feed.is_file():
            kind = "application/feed+json" if feed.suffix == ".json" else "application/xml"
            return 200, kind, feed.read_bytes()
        return 404, "text/plain", b"not here"

    def _edition(self) -> bytes:
        """A feed that names stories, and has nothing of their texts."""
        first = int(self.connection.getsockname()[0].rpartition(".")[2]) * 1_000
        base = f"http://{self.headers['Host']}/2026/11/"
        listed = "".join(
            f"<item><guid>{base}{n}</guid><link>{base}{n}</link><title>{n}</title></item>"
            for n in range(first, first + STORIES)
        )
        return f'<rss version="2.0"><channel><title>Night edition</title>{listed}</channel></rss>'.encode()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def papers() -> Iterator[int]:
    """Serve on every 127.x address; the port."""
    server = ThreadingHTTPServer(("0.0.0.0", 0), _Paper)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()


__all__ = ["EDITION", "FIRST", "SEEDS", "papers"]

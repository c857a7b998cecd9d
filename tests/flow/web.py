"""A small web on loopback addresses whose pages a test can change. It writes down who came when."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any


class Web:
    """Serves what is in `pages` on every 127.x address: path -> (status, headers, body).

    Counts requests in `asked`, and notes begin and end of each, by address, in `visits` (Unix seconds).
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        #: the address that is meant where none is named
        self.host = host
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: Counter[str] = Counter()
        self.visits: dict[str, list[tuple[float, float]]] = defaultdict(list)
        #: path -> the headers of each request, names in lower case
        self.headers: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.latency = 0.0
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.time()
                status, headers, body = web.pages.get(self.path, (404, {}, b"not here"))
                # Counted once the answer is settled: a test that saw it come may change the page.
                web.asked[self.path] += 1
                web.headers[self.path].append({name.lower(): value for name, value in self.headers.items()})
                time.sleep(web.latency)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                web.visits[self.connection.getsockname()[0]].append((began, time.time()))

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def url(self, path: str, host: str = "") -> str:
        return f"http://{host or self.host}:{self._server.server_port}{path}"

    def pauses(self, host: str) -> list[float]:
        """Seconds between the end of each request to an address and the beginning of the next."""
        visits = sorted(self.visits[host])
        return [after[0] - before[1] for before, after in pairwise(visits)]

    def serve(self, path: str, body: str, status: int = 200, **headers: str) -> str:
        """Put a page up; returns its address. Header names have _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body.encode())
        return self.url(path)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

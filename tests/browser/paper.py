"""A small paper on loopback addresses: stories, a feed, and pages that fail each in its own way."""

from __future__ import annotations

import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_NOUNS = [
    *("harbour", "council", "engineer", "bridge", "morning", "report", "budget", "river", "station"),
    *("minister", "school", "festival", "market", "village", "doctor", "train", "winter", "garden"),
    *("library", "captain", "orchard", "factory", "lantern", "valley", "railway", "museum"),
]


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]
    #: it waits for that, and then comes
    held: threading.Event | None = None


class Newsroom:
    """Serves what was put up on every 127.x address; each address is a host of its own."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        room = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = self.connection.getsockname()[0]
                missing = Answer(404, b"not here", {})
                answer = room._answers.get(host + self.path, missing)
                if answer.held is not None:
                    answer.held.wait()
                self.send_response(answer.status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._server.server_port}{path}"

    def put(self, path: str, body: str, status: int = 200, host: str = "127.0.0.1", **headers: str) -> str:
        """Put a page up at one host; returns its address. Names of headers have _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[host + path] = Answer(status, body.encode(), named)
        return self.url(path, host)

    def hold(self, address: str) -> None:
        """Let whoever asks for a page that was put up wait until it is released."""
        place = self._place(address)
        self._answers[place] = self._answers[place]._replace(held=threading.Event())

    def release(self, address: str) -> None:
        held = self._answers[self._place(address)].held
        assert held is not None
        held.set()

    @staticmethod
    def _place(address: str) -> str:
        parts = urlsplit(address)
        return f"{parts.hostname}{parts.path}"

    def story(self, path: str, title: str, number: int, host: str = "127.0.0.1", **meta: str) -> str:
        """An article with a headline of its own and a text that no other number has."""
        return self.put(path, page(title, number, **meta), host=host)

    def feed(self, path: str, title: str, entries: dict[str, str], host: str = "127.0.0.1") -> str:
        """A feed with these addresses and titles."""
        listed = "".join(
            f"<item><guid>{address}</guid><link>{address}</link><title>{name}</title></item>"
            for address, name in entries.items()
        )
        body = f'<rss version="2.0"><channel><title>{title}</title>{listed}</channel></rss>'
        return self.put(path, body, host=host, Content_Type="application/rss+xml")

    def stop(self) -> None:
        for answer in self._answers.values():
            if answer.held is not None:
                answer.held.set()
        self._server.shutdown()
        self._server.server_close()


def paragraphs(number: int) -> list[str]:
    """Prose that no other number has."""
    rng = random.Random(number)
    return [
        " ".join(
            f"The {rng.choice(_NOUNS)} near the {rng.choice(_NOUNS)} met the {rng.choice(_NOUNS)} of the "
            f"{rng.choice(_NOUNS)} on day {rng.randrange(10**6)}."
            for _ in range(6)
        )
        for _ in range(3)
    ]


def page(title: str, number: int, **meta: str) -> str:
    """A page as papers make them, with a menu and a footer around its story."""
    told = "".join(f'<meta name="{name}" content="{value}">' for name, value in meta.items())
    text = "".join(f"<p>{one}</p>" for one in paragraphs(number))
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | The Lantern</title>{told}</head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>'
        f"<article><h1>{title}</h1>{text}</article><footer>All rights reserved.</footer></body></html>"
    )


def text(number: int) -> str:
    """A story as a plain text file."""
    return f"Story number {number} of the lantern\n\n" + "\n\n".join(paragraphs(number)) + "\n"

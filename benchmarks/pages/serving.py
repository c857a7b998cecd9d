"""The web server as a deployment runs it, with a Redis, and the queries that it makes counted."""

from __future__ import annotations

import http.client
import os
import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from benchmarks.processes import cpu_ns, tree
from benchmarks.servers import postmaster
from pipeline.settings import Settings
from pipeline.store.contract import Store
from workers import children, server
from workers.stages import Stages
from workers.web import server as web
from workers.web.child import WebChild

_COUNTING = Path(__file__).parent / "counting"
#: how long the server may take to answer for the first time (s)
_PATIENCE = 60.0


@dataclass(frozen=True)
class Took:
    """One answer. Milliseconds: of the clock; of CPU in web server, database and Redis; of the clock inside
    of queries. Bytes of the answer."""

    status: int
    ms: float
    cpu_ms: float
    queries: int
    query_ms: float
    size: int
    body: bytes


class Served:
    """A server that answers one question at a time."""

    def __init__(self, url: str, settings: Settings, counted: Path, roots: list[int]) -> None:
        #: with the Redis in use
        self.settings = settings
        self._roots = roots
        self._address, self._counted = urlsplit(url).netloc, counted
        self._connection = http.client.HTTPConnection(self._address, timeout=120)

    def ask(self, method: str, path: str, body: bytes | None = None) -> Took:
        """The whole answer; of a stream of events what comes first."""
        # Forms are taken from our own pages only.
        headers = {"origin": f"http://{self._address}"}
        headers |= {"content-type": "application/json"} if body is not None else {}
        before, spent, began = self._told(), self._cpu(), time.perf_counter()
        try:
            self._connection.request(method, path, body=body, headers=headers)
            answer = self._connection.getresponse()
        except ConnectionError:
            # The server had closed it, because nothing was asked for some seconds.
            self._connection.close()
            began = time.perf_counter()
            self._connection.request(method, path, body=body, headers=headers)
            answer = self._connection.getresponse()
        if "text/event-stream" in (answer.getheader("content-type") or ""):
            told = answer.readline()
            self._connection.close()
        else:
            told = answer.read()
        ms = (time.perf_counter() - began) * 1000
        after, spent = self._told(), self._cpu() - spent
        return Took(
            status=answer.status,
            ms=ms,
            cpu_ms=spent / 1e6,
            queries=round(after[0] - before[0]),
            query_ms=(after[1] - before[1]) * 1000,
            size=len(told),
            body=told,
        )

    def _cpu(self) -> int:
        return cpu_ns([pid for root in self._roots for pid in tree(root)])

    def _told(self) -> tuple[float, float]:
        number, seconds = struct.unpack("<dd", self._counted.read_bytes())
        return number, seconds


@contextmanager
def serving(settings: Settings, store: Store) -> Iterator[Served]:
    """A web server on these settings, with a Redis that knows the items in flight."""
    with redis(settings) as (here, pid), tempfile.TemporaryDirectory(prefix="feedmill-pages-") as scratch:
        stages = Stages(here)
        stages.admit("fetch", store.in_flight())
        stages.close()
        counted = Path(scratch) / "queries"
        counted.write_bytes(bytes(16))
        told = {
            "COUNT_QUERIES_IN": str(counted),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_COUNTING), os.environ.get("PYTHONPATH", "")])),
        }
        here.data_dir.mkdir(parents=True, exist_ok=True)
        with mock.patch.dict(os.environ, told), WebChild(here, web.bind(web.HOST, 0)) as child:
            roots = [child.pid, pid]
            if settings.database_url:
                roots.append(postmaster(settings.database_url))
            served = Served(child.url, here, counted, roots)
            _await(served)
            yield served


@contextmanager
def redis(settings: Settings) -> Iterator[tuple[Settings, int]]:
    """A Redis of the deployment's own; gives settings that name it, and its process."""
    child = server.start(settings)
    try:
        yield replace(settings, redis_url=server.socket_url(settings)), child.pid
    finally:
        children.end(child, 0)
        server.clear(settings)


def _await(served: Served) -> None:
    ends = time.monotonic() + _PATIENCE
    while (answer := served.ask("GET", "/readyz")).status != 200:
        if time.monotonic() > ends:
            raise SystemExit(f"The web server is not ready: {answer.body.decode(errors='replace')}")
        time.sleep(0.1)

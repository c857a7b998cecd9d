"""``make bench-pages``: every page and every call of the API on a million items and 200,000 articles."""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from benchmarks.pages import command
from benchmarks.pages.asked import Asked, asked
from benchmarks.pages.facts import facts
from benchmarks.pages.filling import fill
from benchmarks.pages.population import Sizes
from benchmarks.pages.routes import routes
from benchmarks.pages.serving import Served, Took, serving
from benchmarks.servers import postgres
from pipeline.settings import Settings, load
from pipeline.store.sql import SqlStore

#: what a page or a call may take, and the queries of `feedmill status` (ms, median)
MOST, MOST_STATUS = 200.0, 50.0
_HEAD = f"{'median':>8} {'p95':>8} {'CPU':>8} {'queries':>7} {'their ms':>8} {'KB':>7}  question"
_CURSOR = re.compile(rb"[?;&]cursor=([A-Za-z0-9_-]+)")
#: seconds after which one question is not asked again
_ENOUGH = 5.0


class Line(NamedTuple):
    """One question with its times in ms (CPU: of web server, database and Redis, median); queries of one
    answer, and their ms; kilobytes."""

    name: str
    median: float
    p95: float
    cpu: float
    queries: int
    query_ms: float
    kb: float
    status: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--feeds", type=int, default=5_000)
    parser.add_argument("--sqlite", action="store_true", help="instead of a PostgreSQL of its own")
    parser.add_argument("--database-url", default="", help="a database that is filled already, left as it is")
    parser.add_argument("--keep", type=Path, help="folder in which the database stays, to be used again")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default="", help="questions with this in their name")
    parser.add_argument("--by-cpu", action="store_true", help="judge and sort by CPU: the machine is busy")
    parser.add_argument("--most", type=float, default=MOST, help="ms that a page may take (default 200)")
    given = parser.parse_args()
    sizes = Sizes(given.items, given.articles, given.feeds, time.time())
    with _settings(given.keep, given.sqlite, given.database_url) as settings:
        store = SqlStore(settings)
        _prepare(store, sizes)
        known = facts(store)
        questions = [one for one in asked(known, _bound(store, settings)) if given.only in one.name]
        with serving(settings, store) as served:
            lines = [_told(_line(served, one, given.times)) for one in questions]
            status = command.status(store, served.settings, given.times) if not given.only else None
        store.close()
    sys.exit(_report(lines, status, given.most, given.by_cpu))


@contextmanager
def _settings(keep: Path | None, sqlite: bool, url: str) -> Iterator[Settings]:
    """Settings that name the database to ask."""
    with tempfile.TemporaryDirectory(prefix="feedmill-pages-") as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        # The folder of a user of its own lies in it.
        folder.chmod(0o755)
        server = nullcontext(url) if url or sqlite else postgres(folder / "pg")
        with server as database:
            yield load(data_dir=folder / ("sqlite" if sqlite else "data"), database_url=database)


def _prepare(store: SqlStore, sizes: Sizes) -> None:
    began = time.monotonic()
    store.migrate()
    if (took := time.monotonic() - began) > 1:
        print(f"Migrated in {took:.1f} s.", flush=True)
    if store.totals().items == 0:
        print(f"Filling with {sizes.items:,} items and {sizes.articles:,} articles.", flush=True)
        fill(store, sizes, lambda said: print(said, flush=True))
        if problems := store.check():
            raise SystemExit(f"What was filled in is wrong: {problems[0].message}")


def _bound(store: SqlStore, settings: Settings) -> frozenset[str]:
    return frozenset(f"{method} {path}" for method, path in routes(store, settings))


def _line(served: Served, question: Asked, times: int) -> Line:
    path = _deep(served, question)
    began, taken = time.monotonic(), list[Took]()
    served.ask(question.method, path, question.body)  # caches, also the database's
    while not taken or (len(taken) < times and time.monotonic() - began < _ENOUGH):
        taken.append(served.ask(question.method, path, question.body))
    return Line(
        name=question.name,
        median=statistics.median(one.ms for one in taken),
        p95=sorted(one.ms for one in taken)[int(len(taken) * 0.95)],
        cpu=statistics.median(one.cpu_ms for one in taken),
        queries=round(statistics.median(one.queries for one in taken)),
        query_ms=statistics.median(one.query_ms for one in taken),
        kb=taken[-1].size / 1000,
        status=taken[-1].status,
    )


def _deep(served: Served, question: Asked) -> str:
    """The address of a later page of the same list."""
    path = question.path
    for _ in range(question.pages):
        cursor = _cursor(served.ask("GET", path).body)
        if not cursor:
            break
        path = f"{question.path}{'&' if '?' in question.path else '?'}cursor={cursor}"
    return path


def _cursor(answer: bytes) -> str | None:
    """The next page's, of a document or of a page for people."""
    if answer.startswith(b"{"):
        told: str | None = json.loads(answer).get("next")
        return told
    found = _CURSOR.search(answer)
    return found[1].decode() if found else None


def _told(line: Line) -> Line:
    """Say it at once: there are hundreds of them."""
    print(_row(line), file=sys.stderr, flush=True)
    return line


def _row(line: Line) -> str:
    wrong = f"  ({line.status})" if line.status >= 400 else ""
    times = f"{line.median:8.1f} {line.p95:8.1f} {line.cpu:8.1f}"
    told = f"{line.queries:7} {line.query_ms:8.1f} {line.kb:7.1f}"
    return f"{times} {told}  {line.name[:120]}{wrong}"


def _report(lines: list[Line], status: command.Status | None, most: float, by_cpu: bool) -> int:
    """Print the table; 1 when a question took too long, or went wrong."""

    def judged(line: Line) -> float:
        return line.cpu if by_cpu else line.median

    lines.sort(key=judged, reverse=True)
    print(_HEAD)
    for line in lines:
        print(_row(line))
    slow = [line for line in lines if judged(line) > most]
    failed = [line for line in lines if line.status >= 400]
    if status:
        print(
            f"feedmill status: queries {status.queries:.1f} ms (at most {MOST_STATUS:g}); the whole "
            f"command {status.whole:.0f} ms, of which Python and imports {status.imports:.0f}, "
            f"CPU {status.cpu:.0f} ms"
        )
    for line in failed:
        print(f"FAILED with {line.status}: {line.name}")
    for line in slow:
        print(f"TOO SLOW, {judged(line):.0f} ms: {line.name}")
    late = status is not None and status.queries > MOST_STATUS
    if late:
        print("TOO SLOW: the queries of feedmill status")
    if not (slow or failed or late):
        print(f"All {len(lines)} within {most:g} ms.")
    return int(bool(slow or failed or late))


if __name__ == "__main__":
    main()

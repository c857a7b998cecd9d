"""``make bench-backlog``: a million items accepted at once, the answers while they wait, the work on them,
and what a row costs while the tables grow. On SQLite, or with ``--postgres`` on a server of its own."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from benchmarks.backlog import accepting, sources
from benchmarks.backlog.asking import ask
from benchmarks.backlog.filling import Lot, fill
from benchmarks.backlog.growing import grow
from benchmarks.backlog.working import Worked, work
from benchmarks.processes import tree
from benchmarks.servers import postgres, postmaster
from pipeline.settings import PREFIX, Settings, load
from pipeline.store import open_store
from pipeline.store.sql import SqlStore

PARTS = ("accept", "ask", "work", "grow")
#: items of the backlog that another is measured against
SMALL = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backlog", description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--postgres", action="store_true", help="a PostgreSQL of its own instead of SQLite")
    parser.add_argument("--only", nargs="*", default=PARTS, choices=PARTS)
    parser.add_argument("--seconds", type=float, default=60.0, help="of work on each backlog")
    given = parser.parse_args()
    parts: dict[str, Callable[[Settings, Path], None]] = {
        "accept": lambda settings, scratch: accept(settings, scratch, given.items),
        "ask": lambda settings, _: questions(settings, given.items),
        "work": lambda settings, scratch: works(settings, scratch, given.items, given.seconds),
        "grow": lambda settings, _: grows(settings, given.items // 5),
    }
    for name in given.only:
        with (
            tempfile.TemporaryDirectory(prefix="feedmill-backlog-") as scratch,
            postgres() if given.postgres else nullcontext("") as url,
        ):
            parts[name](load(data_dir=Path(scratch) / "data", database_url=url), Path(scratch))


def accept(settings: Settings, scratch: Path, items: int) -> None:
    """One after the other into one database."""
    accepting.prepare(settings)
    for name, source in {
        "JSON lines": sources.write_jsonl(scratch / "lines.jsonl", items),
        "addresses in sitemaps": sources.write_addresses(scratch / "maps", items),
        "files in a folder": sources.write_folder(scratch / "files", items // 5),
    }.items():
        before = accepting.database_bytes(settings)
        found = accepting.by_command(source, environment(settings))
        grown = (accepting.database_bytes(settings) - before) / max(1, found.items)
        print(
            f"{name:24} {found.items:9,} items, {found.rate:6,.0f} a second, "
            f"CPU {1000 * found.cpu / max(1, found.items):.3f} ms an item, peak {found.peak:.0f} MB, "
            f"database {grown:,.0f} bytes an item",
            flush=True,
        )


def questions(settings: Settings, items: int) -> None:
    """The same questions of an almost empty database, one job, many jobs, and a long history."""
    for name, lots in {
        "almost empty": [Lot("r", 1, 1_000)],
        "one job": [Lot("s", 1, items)],
        "jobs of 100": [Lot("t", items // 100, 100)],
        "ended jobs of 10": [Lot("h", items // 10, 10, ended=True, failed=1)],
    }.items():
        accepting.prepare(settings)
        store = SqlStore(settings)
        for lot in lots:
            fill(store._database, lot, time.time() - 100)
        while not _is_tallied(store):
            store.end_jobs(time.time())
        job = store.jobs(1)[0].job
        print(f"\n{name}, beside what was before (median and p95, ms)")
        for question, took in ask(store, job, 20).items():
            print(f"  {question:24} {took.median:8.1f} {took.p95:8.1f}", flush=True)
        store.close()


def _is_tallied(store: SqlStore) -> bool:
    from sqlalchemy import select

    from pipeline.store.schema import is_running, is_untallied, jobs

    with store._database.reading() as connection:
        return connection.execute(select(jobs.c.id).where(is_untallied, ~is_running).limit(1)).first() is None


def works(settings: Settings, scratch: Path, items: int, seconds: float) -> None:
    """A small backlog, the large one, and small once more: the machine may drift."""
    for name, count in {"small": SMALL, "large": items, "small again": SMALL}.items():
        here = replace(settings, data_dir=scratch / name.replace(" ", "-"))
        if settings.database_url and name != "small":
            print("(on top of what is left of the one before)")
        accepting.prepare(here)
        lines = sources.write_jsonl(scratch / "lines.jsonl", count, first=hash(name) % 10**9)
        accepting.by_command(lines, environment(here))
        _tell(name, count, work(here, seconds))


def _tell(name: str, count: int, found: Worked) -> None:
    print(
        f"{name:12} {count:9,} waiting: {found.items:,} ended in {found.wall:.0f} s, CPU {found.cost:.2f} ms "
        f"an item; peaks: Redis {found.redis:.0f} MB, a worker process {found.worker:.0f}, command "
        f"{found.command:.0f}; window filled in {found.tick:.0f} ms (p95 {found.tick_p95:.0f}), status in "
        f"{found.status:.0f} ms (p95 {found.status_p95:.0f})",
        flush=True,
    )


def grows(settings: Settings, items: int) -> None:
    """CPU an item in each tenth of a run, and the last tenth against the first."""
    accepting.prepare(settings)
    store = open_store(settings)
    server = tree(postmaster(settings.database_url)) if settings.database_url else []
    found = []
    for part in grow(store, items, server):
        found.append(part)
        print(f"  {part.articles:9,} articles: {part.cost:.2f} ms an item", flush=True)
    print(f"the last tenth costs {found[-1].cost / found[0].cost:.2f} times the first")
    store.close()


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}DATABASE_URL": settings.database_url,
    }


if __name__ == "__main__":
    main()

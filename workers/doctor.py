"""The examination behind `feedmill doctor`: each thing that must be right, and the cure if not."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.urls import without_password
from workers.doctor_fetching import fetching
from workers.finding import Finding
from workers.wording import count

#: leases and due times are compared across machines: a larger difference (s) makes them wrong
CLOCK_SECONDS = 2.0
#: below this much free space (bytes) the next large job may fill the disk
LEAST_DISK = 500_000_000


def examine(settings: Settings, redis_url: str | None) -> list[Finding]:
    """Examine a deployment. redis_url: the Redis in use; None when it is embedded and not running.

    Changes nothing and makes nothing. Never raises PipelineError: what cannot be used is a finding.
    """
    findings = [*_data_dir(settings), *_guarded("database", lambda: _database(settings))]
    findings += fetching(settings)
    if redis_url:
        findings += _guarded("redis", lambda: _redis(replace(settings, redis_url=redis_url)))
    else:
        findings += _guarded("redis", _embedded_at_rest)
    return findings


def _guarded(name: str, examine_one: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from examine_one()
    except PipelineError as error:
        yield Finding(name, False, error.message, _CURES.get(name, ""))


_CURES = {
    "database": "Check FEEDMILL_DATABASE_URL or --data-dir, and that the database runs.",
    "redis": "Check FEEDMILL_REDIS_URL, and that Redis runs.",
}


def _data_dir(settings: Settings) -> Iterator[Finding]:
    if settings.database_url:
        return
    folder = settings.data_dir.absolute()
    there = _nearest_existing(folder)
    if not os.access(there, os.W_OK):
        yield Finding(
            "data folder", False, f"no permission to write to {there}", "Choose another with --data-dir."
        )
        return
    free = shutil.disk_usage(there).free
    state = "" if folder.exists() else " (not made yet)"
    says = f"{folder}{state}, {free / 1e9:,.1f} GB free"
    enough = free >= LEAST_DISK
    yield Finding("data folder", enough, says, "" if enough else "Make room on the disk.")


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _database(settings: Settings) -> Iterator[Finding]:
    from pipeline.store import open_store

    if not settings.database_url and not (settings.data_dir / "feedmill.db").exists():
        yield Finding("database", True, "none yet: `feedmill run` and `feedmill enqueue` make it")
        return
    where = without_password(settings.effective_database_url).replace("+psycopg://", "://")
    store = open_store(settings)
    try:
        problems = store.check()
        if not problems:
            yield from _contact(settings, len(store.feeds()))
    finally:
        store.close()
    for problem in problems:
        yield Finding("database", False, problem.message, "" if "`" in problem.message else _MIGRATE)
    if not problems:
        yield Finding("database", True, f"{where}: reachable, migrated, and all counts add up")


_MIGRATE = "If migrations are missing: `feedmill migrate`. If counts differ: report it as a bug."


def _contact(settings: Settings, feeds: int) -> Iterator[Finding]:
    if feeds and not settings.contact.strip():
        yield Finding(
            "contact",
            True,
            f"{count(feeds, 'feed')} subscribed, and FEEDMILL_CONTACT is empty: site owners cannot reach you",
            "Set it to a mail or web address; it is sent with every request.",
            warning=True,
        )


def _embedded_at_rest() -> Iterator[Finding]:
    from workers.server import binary

    says = f"embedded and not running: `feedmill run` and `feedmill up` start it ({binary()})"
    yield Finding("redis", True, says)


def _redis(settings: Settings) -> Iterator[Finding]:
    from workers.stages import connect

    stages = connect(settings)
    try:
        asked = time.time()
        ahead = stages.clock() - (asked + time.time()) / 2
        where = without_password(settings.redis_url)
        yield Finding("redis", True, f"{where}: reachable, {stages.memory() / 1e6:,.0f} MB used")
        for problem in stages.settings_problems():
            yield Finding("redis", False, problem.message, "Change it in the server's configuration.")
        near = abs(ahead) <= CLOCK_SECONDS
        cure = "" if near else "Set both clocks right (NTP)."
        yield Finding("clock", near, f"{abs(ahead):.1f} s away from that of Redis", cure)
        yield _workers(stages.workers())
        yield _scheduler(stages.coordinator())
    finally:
        stages.close()


def _workers(beats: list[dict[str, object]]) -> Finding:
    from workers.stages import ALL_STAGES

    served: set[object] = set()
    for beat in beats:
        queues = beat.get("queues")
        served.update(queues if isinstance(queues, list) else [])
    missing = [stage for stage in ALL_STAGES if stage not in served]
    names = ", ".join(str(beat["name"]) for beat in beats) or "none"
    if missing:
        cure = f"Start one: `feedmill worker --queues {','.join(missing)}`, or everything: `feedmill up`."
        return Finding("workers", False, f"{names} alive; nobody works on {', '.join(missing)}", cure)
    return Finding("workers", True, f"{names} alive; every queue is served")


def _scheduler(holder: dict[str, object] | None) -> Finding:
    if holder is None:
        return Finding("scheduler", False, "nobody ticks", "Start `feedmill scheduler`, or `feedmill up`.")
    return Finding("scheduler", True, f"{holder.get('name', 'one')} ticks")


__all__ = ["CLOCK_SECONDS", "LEAST_DISK", "Finding", "examine"]

"""The database: reachable, of our version, writable, with room for connections, and not held up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.settings import Settings
from pipeline.urls import without_password
from workers.doctor.bounds import Bounds
from workers.finding import Finding
from workers.wording import count as number
from workers.wording import moment, span

if TYPE_CHECKING:
    from pipeline.store.condition import Condition

CURE = (
    "Check FEEDMILL_DATABASE_URL or --data-dir, and that the database runs. Nothing is lost meanwhile: "
    "work goes on by itself when it is back."
)
#: a fragment of what the server or the driver says -> what to do
CURES = {
    "password authentication": "Set the right user and password: FEEDMILL_DATABASE_URL=postgresql://USER:PASSWORD@HOST/NAME",
    "no password supplied": "Set the password: FEEDMILL_DATABASE_URL=postgresql://USER:PASSWORD@HOST/NAME",
    "too many clients": "Raise max_connections of PostgreSQL, or run fewer workers.",
    "connection slots": "Raise max_connections of PostgreSQL, or run fewer workers.",
    "starting up": "Wait: it has just been started.",
    "shutting down": "Start it again. Work goes on by itself then.",
    "in recovery mode": "Wait: it mends itself after a crash.",
    "No space left": "Make room on its disk. Work goes on by itself then.",
    "is full": "Make room on the disk. Work goes on by itself then.",
    "does not exist": "Correct FEEDMILL_DATABASE_URL, or make what is missing; then `feedmill migrate`.",
    "not a database": "The file is damaged or something else: restore it, or take another --data-dir.",
    "malformed": "The file is damaged: restore it from a backup.",
    "name resolution": "There is no such host: check its spelling in FEEDMILL_DATABASE_URL, and the DNS.",
    "resolve host": "There is no such host: check its spelling in FEEDMILL_DATABASE_URL, and the DNS.",
}
_MIGRATE = "If migrations are missing: `feedmill migrate`."
_MISCOUNTED = "Report it as a bug, with what `feedmill status` says of the job."


def is_there(settings: Settings) -> bool:
    """Whether there is a database to look at: a file is not made for that."""
    return bool(settings.database_url) or (settings.data_dir / "feedmill.db").exists()


def examine(settings: Settings, bounds: Bounds) -> Iterator[Finding]:
    """Raises StoreError when it cannot be used at all."""
    from pipeline.store import open_store

    if not is_there(settings):
        yield Finding("database", True, "none yet: `feedmill run` and `feedmill enqueue` make it")
        return
    with closing(open_store(settings)) as store:
        problems = store.schema_problems()
        for problem in problems:
            cure = next((cure for said, cure in CURES.items() if said in problem.message), "")
            yield Finding("database", False, problem.message, cure or _cure(problem.message))
        if problems:
            return
        before = time.time()
        found = store.condition(before, bounds.late)
        now = (before + time.time()) / 2
    where = without_password(settings.effective_database_url).replace("+psycopg://", "://")
    wrong = [
        *_use(found, bounds),
        *_speed(found.quick, bounds),
        *_clocks(found, now, bounds),
        *_feeds(settings, found, bounds),
        *_dead_letters(found),
    ]
    yield from wrong
    if all(one.ok for one in wrong if one.name == "database"):
        used = f", {found.connections} of {found.most_connections} connections used"
        says = f"{where}: reachable and migrated{used if found.most_connections else ''}"
        yield Finding("database", True, says)


def _cure(message: str) -> str:
    # A message with a command in it says what to do.
    return "" if "`" in message or "Update Feedmill" in message else _MIGRATE


def count(settings: Settings) -> Iterator[Finding]:
    """Compare all counters with all rows."""
    from pipeline.store import open_store

    with closing(open_store(settings)) as store:
        if store.schema_problems():
            return  # `examine` says so
        problems = store.check()
    for problem in problems:
        yield Finding("counts", False, problem.message, _MISCOUNTED)
    if not problems:
        yield Finding("counts", True, "all counts add up")


def _use(found: Condition, bounds: Bounds) -> Iterator[Finding]:
    if found.read_only:
        cure = "Point FEEDMILL_DATABASE_URL at the server that is written to, or give the user its rights."
        yield Finding("database", False, f"nothing can be written: {found.read_only}", cure)
    if found.locked:
        says = "another process has been writing to the file for seconds: all others wait for it"
        yield Finding("database", False, says, "Find it with `fuser feedmill.db`, and end what hangs.")
    if found.most_connections and found.connections >= bounds.nearly * found.most_connections:
        yield Finding(
            "database",
            False,
            f"{found.connections} of {found.most_connections} connections are used",
            "Raise max_connections of PostgreSQL, run fewer workers, or find who else keeps them.",
        )
    for one in found.sessions:
        standing = one.state.startswith("idle") and one.seconds > bounds.idle
        waiting = bool(one.blocked_by) and one.seconds > bounds.blocked
        what = f"session {one.pid} ({one.program or 'without a name'})"
        if standing:
            says = f"{what} has stood still in a transaction for {span(one.seconds)}: others may wait for it"
            yield Finding("database", False, says, f"End it: SELECT pg_terminate_backend({one.pid})")
        elif waiting:
            holder = one.blocked_by[0]
            says = f"{what} has waited for {span(one.seconds)} for a lock that session {holder} holds"
            cure = (
                f"See what that one does (pg_stat_activity); SELECT pg_terminate_backend({holder}) ends it."
            )
            yield Finding("database", False, says, cure)


def _speed(quick: float, bounds: Bounds) -> Iterator[Finding]:
    if quick >= bounds.slow:
        bad = quick >= bounds.very_slow
        says = f"it takes {span(quick)} for an answer: each batch waits for several"
        cure = "Run it in the workers' network; see what keeps its machine busy (pg_stat_activity)."
        yield Finding("database", not bad, says, cure, warning=not bad)


def _dead_letters(found: Condition) -> Iterator[Finding]:
    if found.blamed:
        told = ", ".join(f"{code}: {number:,}" for code, number in sorted(found.blamed.items()))
        says = f"items ended today in ways that they should not ({told})"
        cure = "`feedmill failures` says which and what was seen: report them. Retry them after an update."
        yield Finding("dead letters", True, says, cure, warning=True)


def _clocks(found: Condition, now: float, bounds: Bounds) -> Iterator[Finding]:
    ahead = 0.0 if found.clock is None else found.clock - now
    if found.clock is not None and abs(ahead) > bounds.clock:
        way = "ahead of" if ahead > 0 else "behind"
        says = f"that of the database is {span(abs(ahead))} {way} this machine's"
        yield Finding("clock", False, says, "Set both clocks right (NTP).")
    future = found.newest - now
    if future > bounds.future:
        says = (
            f"the newest row is from {moment(found.newest)}, {span(future)} from now: a clock was wrong, "
            "or is now"
        )
        cure = "Set the clocks right (NTP). Feeds and retries that wait for that time: `feedmill feeds poll`"
        yield Finding("clock", False, says, f"{cure}, `feedmill retry --all`.")


def _feeds(settings: Settings, found: Condition, bounds: Bounds) -> Iterator[Finding]:
    if found.feeds and not settings.contact.strip():
        says = (
            f"{number(found.feeds, 'feed')} subscribed, and FEEDMILL_CONTACT is empty: site owners cannot "
            "reach you"
        )
        cure = "Set it to a mail or web address; it is sent with every request."
        yield Finding("contact", True, says, cure, warning=True)
    if found.feeds_late > max(1.0, bounds.late_share * found.feeds):
        says = (
            f"{found.feeds_late} of {number(found.feeds, 'feed')} are overdue by {span(bounds.late)} or more"
        )
        cure = (
            "Start what polls (`feedmill scheduler` and a worker for poll, or `feedmill up`); if they run, "
            "start more workers, or poll less often (FEEDMILL_POLL_LEAST)."
        )
        yield Finding("feeds", False, says, cure)


__all__ = ["CURE", "CURES", "count", "examine", "is_there"]

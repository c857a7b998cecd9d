"""Intake that is slow, broken off, or meets a clock that jumps: nothing accepted is lost."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from waiting import PATIENCE, until

from pipeline.errors import StoreError
from pipeline.model import NewItem, Problem
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from workers import intake
from workers.intake import accept_items


@pytest.fixture
def settings(data_folder: Path) -> Settings:
    return Settings(data_dir=data_folder)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


def items(count: int, between: Callable[[int], None] = lambda number: None) -> Iterator[NewItem]:
    for number in range(count):
        between(number)
        key = f"file:///in/{number}.txt"
        yield NewItem(key=key, name=key, source="in", content=f"Text {number}. ".encode() * 20)


def test_a_pipe_that_is_slow_keeps_its_job_open(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "SILENCE", 0.4)

    def wait(number: int) -> None:
        if number == 3:
            # Longer than a job may be without word from its reader.
            began = time.time()
            until(lambda: time.time() > began + 1.0)
            assert store.end_jobs(time.time()) == []

    found = accept_items(store, ["-"], items(6, wait))
    assert found.items == 6
    status = store.job_status(found.job)
    assert status is not None
    assert (status.items, status.state) == (6, "running")


def test_what_came_in_slowly_does_not_wait_for_a_full_batch(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AGE", 0.0)
    told: list[int] = []
    accept_items(store, ["-"], items(4), progress=told.append)
    assert told == [1, 2, 3, 4]


def test_a_clock_that_jumps_ahead_ends_no_intake(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AGE", 0.0)

    def jump(number: int) -> None:
        if number == 3:
            assert len(store.end_jobs(time.time() + 3600)) == 1

    # None is pending: the job would end.
    nothing = Problem(code="empty", message="It is empty.")
    found = accept_items(
        store, ["-"], (replace(one, content=None, problem=nothing) for one in items(6, jump))
    )
    status = store.job_status(found.job)
    assert status is not None
    assert (status.items, status.state) == (6, "running")
    assert store.check() == []


def test_a_full_disk_leaves_whole_parts_and_says_how_to_go_on(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AGE", 0.0)

    def fill(number: int) -> None:
        if number == 5:
            limit(store, pages=2)

    with pytest.raises(StoreError, match="Make room on the disk") as told:
        accept_items(store, ["in"], items(500, fill))
    (job,) = store.jobs()
    assert job.items >= 5
    assert f"{job.items} items were accepted before, as job {job.job}" in str(told.value)
    assert len(store.items()) == job.items
    assert store.check() == []
    # Room was made: the same once more.
    limit(store, pages=1_000_000)
    again = accept_items(store, ["in"], items(500))
    assert again.items == 500
    assert store.check() == []


def limit(store: Store, pages: int) -> None:
    """As if the disk had room for no more pages than these (SQLite answers both alike)."""
    database = store._database  # type: ignore[attr-defined]
    database._engine.dispose()
    with closing(sqlite3.connect(database._engine.url.database)) as connection:
        # What migrations left free would be room, too.
        connection.execute("VACUUM")

    def bound(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    from sqlalchemy import event

    event.listen(database._engine, "connect", bound)
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA max_page_count")).scalar()


def test_nothing_accepted_is_said_as_well(store: Store) -> None:
    limit(store, pages=2)
    with pytest.raises(StoreError):
        accept_items(store, ["in"], items(500))
    assert store.items() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_enqueue_that_is_stopped_keeps_what_it_accepted(
    store: Store, settings: Settings, number: signal.Signals
) -> None:
    environment = os.environ | {"FEEDMILL_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "workers.cli", "enqueue", "-"]
    child = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin
    for n in range(2_000):
        line = {"url": f"https://example.org/{n}", "text": f"Text {n}. " * 30}
        child.stdin.write(json.dumps(line).encode() + b"\n")
    child.stdin.flush()
    until(lambda: store.totals().items)
    child.send_signal(number)
    _, said = child.communicate(timeout=PATIENCE)
    (job,) = store.jobs()
    assert job.items == len(store.items(limit=5000))
    assert store.check() == []
    if number == signal.SIGKILL:
        assert store.end_jobs(time.time()) == []
    else:
        assert child.returncode == 130
        assert f"{job.items:,} items were accepted before, as job {job.job}" in said.decode()
        assert "Traceback" not in said.decode()

"""Each broken state of a database, made for real: doctor finds it and names the cure."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from waiting import until

from pipeline.model import NewItem, Problem
from pipeline.settings import Settings
from pipeline.store import open_store
from workers.doctor import Bounds, Finding, examine


def said_of(settings: Settings, name: str, **bounds: float) -> list[Finding]:
    return [one for one in examine(settings, bounds=Bounds(again=0.01, **bounds)) if one.name == name]  # type: ignore[arg-type]


def wrong_with(settings: Settings, name: str, **bounds: float) -> Finding:
    found = said_of(settings, name, **bounds)[0]
    assert not found.ok
    return found


@contextmanager
def session(url: str) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def test_one_that_is_well_is_two_short_lines(store_settings: Settings) -> None:
    found = [*said_of(store_settings, "database"), *said_of(store_settings, "counts")]
    assert [(one.ok, one.warning, one.cure) for one in found] == [(True, False, "")] * 2


def test_tables_are_missing(empty_settings: Settings) -> None:
    if not empty_settings.database_url:
        empty_settings.data_dir.mkdir()
        sqlite3.connect(empty_settings.data_dir / "feedmill.db").close()
    assert "feedmill migrate" in wrong_with(empty_settings, "database").says


def test_a_schema_that_is_older_or_newer(store_settings: Settings) -> None:
    for revision, cure in (("0001", "feedmill migrate"), ("9999", "Update Feedmill")):
        _execute(store_settings, f"UPDATE alembic_version SET version_num = '{revision}'")
        assert cure in wrong_with(store_settings, "database").says
    newest = open_store(store_settings)
    newest.close()
    from pipeline.store.schema import REVISION

    _execute(store_settings, f"UPDATE alembic_version SET version_num = '{REVISION}'")


def test_a_table_that_is_gone_although_all_migrations_ran(sqlite_template: Path, tmp_path: Path) -> None:
    settings = _sqlite(sqlite_template, tmp_path)
    _execute(settings, "DROP TABLE feed_entries")
    assert "feed_entries" in wrong_with(settings, "database").says


def test_counters_that_differ_from_the_rows(store_settings: Settings) -> None:
    store = open_store(store_settings)
    job = store.open_job(["in"], 1_000.0, 1_060.0)
    store.accept(job, [NewItem(key="file:///a", name="a", source="in", content=b"a")], 1_000.0)
    store.close()
    _execute(store_settings, "UPDATE jobs SET items = 7")
    found = wrong_with(store_settings, "counts")
    assert job in found.says
    assert "items 7, rows 1" in found.says


def test_a_damaged_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    (tmp_path / "feedmill.db").write_bytes(b"no database at all, but a text of some length" * 100)
    assert "restore" in wrong_with(settings, "database").cure


def test_a_file_that_somebody_writes_to_for_ever(sqlite_template: Path, tmp_path: Path) -> None:
    settings = _sqlite(sqlite_template, tmp_path)
    other = sqlite3.connect(settings.data_dir / "feedmill.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = wrong_with(settings, "database", patience=30.0)
    other.close()
    assert "another process" in found.says
    assert said_of(settings, "database")[0].ok


def test_away_and_black_holes(tmp_path: Path) -> None:
    away = Settings(database_url="postgresql://u:secret-word@127.0.0.1:1/x", data_dir=tmp_path)
    found = wrong_with(away, "database")
    assert "127.0.0.1" in found.says
    assert "FEEDMILL_DATABASE_URL" in found.cure
    assert "secret-word" not in found.says
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/x"
        hole = Settings(database_url=url, data_dir=tmp_path)
        found = examine(hole, bounds=Bounds(patience=1.0, counting=2.0))
    of_rows = [one.says for one in found if one.name in ("database", "counts", "items")]
    assert of_rows == ["no answer within 1 s"]


def test_no_such_database(postgres_url: str, tmp_path: Path) -> None:
    url = urlunsplit(urlsplit(postgres_url)._replace(path="/nothing"))
    assert (
        "FEEDMILL_DATABASE_URL" in wrong_with(Settings(database_url=url, data_dir=tmp_path), "database").cure
    )


def test_one_that_only_reads(empty_postgres_database: str, tmp_path: Path) -> None:
    settings = Settings(database_url=empty_postgres_database, data_dir=tmp_path)
    store = open_store(settings)
    store.migrate()
    store.close()
    name = urlsplit(empty_postgres_database).path.strip("/")
    with session(empty_postgres_database) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    found = wrong_with(settings, "database")
    assert "nothing can be written" in found.says
    assert "FEEDMILL_DATABASE_URL" in found.cure


def test_connections_that_run_out(postgres_database: str, tmp_path: Path) -> None:
    settings = Settings(database_url=postgres_database, data_dir=tmp_path)
    with session(postgres_database):
        found = wrong_with(settings, "database", nearly=0.01)
    assert "connections are used" in found.says
    assert "max_connections" in found.cure


def test_a_session_that_stands_still_in_a_transaction_and_one_that_waits_for_it(
    postgres_database: str, tmp_path: Path
) -> None:
    import psycopg

    settings = Settings(database_url=postgres_database, data_dir=tmp_path)
    with psycopg.connect(postgres_database) as idle, psycopg.connect(postgres_database) as waits:
        pid = idle.execute("SELECT pg_backend_pid()").fetchone()[0]  # type: ignore[index]
        idle.execute("LOCK TABLE tombstones")
        waits.execute("SET lock_timeout = '30s'")
        waits.pgconn.send_query(b"LOCK TABLE tombstones")
        waits.pgconn.flush()
        found = said_of(settings, "database", idle=0.0, blocked=-1.0)
        until(lambda: len(said_of(settings, "database", idle=0.0, blocked=-1.0)) > 1)
        found = said_of(settings, "database", idle=0.0, blocked=-1.0)
        idle.rollback()
        waits.cancel()
        waits.pgconn.finish()
    assert any("stood still in a transaction" in one.says for one in found)
    assert any(f"a lock that session {pid} holds" in one.says for one in found)
    assert all("pg_terminate_backend" in one.cure for one in found)


def test_clocks_that_differ_and_rows_from_the_future(store_settings: Settings) -> None:
    store = open_store(store_settings)
    store.open_job(["in"], time.time() + 7_200, time.time() + 7_260)
    store.close()
    found = said_of(store_settings, "clock", clock=-1.0)
    assert any("2 h from now" in one.says or "1 h 59 min from now" in one.says for one in found)
    assert all("NTP" in one.cure for one in found)
    assert len(found) == (2 if store_settings.database_url else 1)


@pytest.mark.parametrize(("slow", "very_slow", "ok"), [(0.0, 30.0, True), (0.0, 0.0, False)])
def test_slow_is_a_warning_and_very_slow_a_problem(
    store_settings: Settings, slow: float, very_slow: float, ok: bool
) -> None:
    found = said_of(store_settings, "database", slow=slow, very_slow=very_slow)[0]
    assert (found.ok, found.warning) == (ok, ok)
    assert "for an answer" in found.says


def test_dead_letters_that_ought_not_to_be(store_settings: Settings) -> None:
    store = open_store(store_settings)
    job = store.open_job(["in"], time.time(), time.time() + 60)
    problems = [("a", "crashed"), ("b", "crashed"), ("c", "dns")]
    new = [
        NewItem(key=f"file:///{name}", name=name, source="in", problem=Problem(code=code, message=name))
        for name, code in problems
    ]
    store.accept(job, new, time.time())
    store.close()
    (found,) = said_of(store_settings, "dead letters")
    assert found.warning
    assert "(crashed: 2)" in found.says
    assert "feedmill failures" in found.cure


def test_feeds_that_are_overdue_as_a_whole(store_settings: Settings) -> None:
    settings = replace(store_settings, contact="desk@mill.example")
    store = open_store(settings)
    for n in range(4):
        store.add_feed(f"https://{n}.example/feed", time.time() - 5_000)
    assert "4 of 4 feeds" in wrong_with(settings, "feeds").says
    store.claim_feeds(3, time.time(), 300.0)
    store.close()
    assert not said_of(settings, "feeds")


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    found = wrong_with(Settings(data_dir=tmp_path / "data"), "data folder", least_disk=10**18)
    assert "Make room" in found.cure


def _sqlite(template: Path, tmp_path: Path) -> Settings:
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    shutil.copy(template, settings.data_dir)
    return settings


def _execute(settings: Settings, statement: str) -> None:
    if settings.database_url:
        with session(settings.database_url) as connection:
            connection.execute(statement)
        return
    with sqlite3.connect(settings.data_dir / "feedmill.db") as file:
        file.execute(statement)
    file.close()

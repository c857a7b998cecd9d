"""A database that cannot be used says which one, where, and what to do."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import exc, text
from store_line import handed, job_of

from pipeline.errors import StoreError
from pipeline.settings import Settings
from pipeline.store import database, open_store
from pipeline.store.database import Database


def refused(**settings: object) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_store(Settings(**settings))  # type: ignore[arg-type]
    return caught.value


def test_the_folder_of_the_sqlite_file_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "a folder" / "with % and ünïcode #1?"
    store = open_store(Settings(data_dir=folder))
    store.migrate()
    job_of(store, [handed("a")])
    store.close()
    assert (folder / "feedmill.db").stat().st_size


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    error = refused(data_dir=tmp_path / "data")
    assert str(tmp_path / "data") in error.message
    assert "--data-dir" in error.message
    assert not error.retry_helps


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feedmill.db").write_text("something else entirely" * 100)
    assert "not a database" in refused(data_dir=tmp_path).message


def test_a_folder_without_write_permission_is_refused() -> None:
    # In a process of its own, because for root every folder can be written to.
    code = (
        "import os, sys; from pathlib import Path\n"
        "from pipeline.settings import Settings; from pipeline.store import open_store\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: open_store(Settings(data_dir=Path(sys.argv[1])))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    # Not below tmp_path: pytest's folders are closed to other users.
    with tempfile.TemporaryDirectory() as outside:
        Path(outside).chmod(0o755)
        folder = Path(outside) / "data"
        folder.mkdir(mode=0o555)
        command = [sys.executable, "-c", code, str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.startswith("StoreError")
    assert "no permission to write" in done.stdout


def test_an_unreachable_server_is_named_without_its_password() -> None:
    error = refused(database_url="postgresql://me:secret@127.0.0.1:1/news")
    assert "postgresql://me:***@127.0.0.1:1/news" in error.message
    assert "secret" not in error.message
    assert "feedmill doctor" in error.message
    assert error.retry_helps


def test_a_missing_database_is_named(postgres_url: str) -> None:
    error = refused(database_url=postgres_url.replace("/postgres?", "/nosuch?"))
    assert '"nosuch" does not exist' in error.message


@pytest.mark.parametrize("url", ["mysql://me:secret@host/db", "postgresql://", "nonsense", "sqlite://"])
def test_other_addresses_are_refused(url: str) -> None:
    error = refused(database_url=url)
    assert "FEEDMILL_DATABASE_URL" in error.message
    assert "secret" not in error.message
    assert not error.retry_helps


def test_a_missing_driver_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "psycopg"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert "feedmill[postgres]" in refused(database_url="postgresql://me@host/db").message


def test_a_connection_that_the_server_dropped_is_replaced(postgres_database: str) -> None:
    store = open_store(Settings(database_url=postgres_database))
    job = job_of(store, [handed("a")])
    database = Database(Settings(database_url=postgres_database).effective_database_url)
    with database.reading() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    database.close()
    assert store.job_status(job)
    store.close()


def foreign_errors() -> list[type[exc.SQLAlchemyError]]:
    return [
        one for one in vars(exc).values() if isinstance(one, type) and issubclass(one, exc.SQLAlchemyError)
    ]


def made(kind: type[exc.SQLAlchemyError]) -> exc.SQLAlchemyError:
    if issubclass(kind, exc.DBAPIError):
        return kind("SELECT 1", {}, Exception("said"))
    if issubclass(kind, exc.StatementError):
        return kind("said", "SELECT 1", {}, None)
    return kind.__new__(kind, "said")


@pytest.mark.parametrize("kind", foreign_errors(), ids=lambda kind: kind.__name__)
def test_every_error_of_the_driver_becomes_one_of_ours(
    tmp_path: Path, kind: type[exc.SQLAlchemyError]
) -> None:
    database = Database(f"sqlite:///{tmp_path}/a.db")
    with pytest.raises(StoreError) as caught, database.reading():
        raise made(kind)
    assert pickle.loads(pickle.dumps(caught.value)).message == caught.value.message
    database.close()


def test_a_transaction_that_fails_leaves_nothing(store_settings: Settings) -> None:
    store = open_store(store_settings)
    database = Database(store_settings.effective_database_url)
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version").rowcount / 0
    assert store.check() == []
    database.close()
    store.close()


def test_the_log_of_changes_shrinks_after_a_long_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> None:
    monkeypatch.setattr(database, "WAL_BYTES", 500_000)
    shutil.copy(sqlite_template, tmp_path)
    one = Database(f"sqlite:///{tmp_path}/feedmill.db")
    log = tmp_path / "feedmill.db-wal"
    keep = text("INSERT INTO pages (digest, body, size, first_seen_at) VALUES (:digest, :body, 1, 1)")

    def write(name: str, size: int) -> None:
        with one.writing() as connection:
            connection.execute(keep, {"digest": name, "body": b"x" * size})

    with one.reading() as connection:
        connection.execute(text("SELECT count(*) FROM pages")).scalar()
        for number in range(10):
            write(f"while-reading-{number}", 1_000_000)
        assert log.stat().st_size > 8_000_000
    for number in range(3):
        write(f"afterwards-{number}", 10)
    assert log.stat().st_size <= 600_000
    one.close()

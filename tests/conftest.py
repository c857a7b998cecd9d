"""Real databases for the tests: a PostgreSQL server for the session, an empty database for each test."""

from __future__ import annotations

import gc
import itertools
import logging
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import private_postgres
import pytest

from pipeline.settings import Settings
from pipeline.store import Store, open_store
from pipeline.store.schema import metadata

_numbers = itertools.count(1)

#: the files that take longest: begun first, so that no process is left alone with one at the end
_SLOW = (
    "browser/",
    "flow/",
    "cli/test_cli_run.py",
    "clean/test_clean_worst_case.py",
    "workers/test_services.py",
)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Loading makes no garbage, yet a sixth of its time goes into looking for some. What was loaded stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In parallel the slow files come first; beyond that the order stays as random as it was."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        slow = tuple(str(Path(__file__).parent / name) for name in _SLOW)
        items.sort(key=lambda item: not str(item.path).startswith(slow))


@pytest.fixture(autouse=True)
def _held_lines_are_said() -> Iterator[None]:
    """Lines that are alike are counted for a minute; the number belongs to no later test's output."""
    yield
    for handler in logging.getLogger().handlers:
        if hasattr(handler, "say_all"):
            handler.say_all()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a PostgreSQL server on which databases may be made.

    It is FEEDMILL_TEST_POSTGRES_URL, or a private server that ends with the tests. Where there
    is none to start, tests that need it are skipped; with CI set, they fail.
    """
    given = os.environ.get("FEEDMILL_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = private_postgres.binaries()
    if folder is None:
        reason = "No PostgreSQL found: install it, or set FEEDMILL_TEST_POSTGRES_URL."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    with private_postgres.running(folder) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> Iterator[str]:
    """URL of one migrated database for all tests of this process."""
    name = f"feedmill_{os.getpid()}"
    with _made(postgres_url, name):
        url = _database(postgres_url, name)
        _migrate(Settings(database_url=url))
        yield url


@pytest.fixture
def postgres_database(migrated_postgres: str) -> str:
    """URL of a migrated database that is empty and this test's own.

    Emptying takes 5 ms where copying a template takes 100.
    """
    with _connected(migrated_postgres) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")
    return migrated_postgres


@pytest.fixture
def empty_postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a fresh database without tables."""
    name = f"feedmill_{os.getpid()}_{next(_numbers)}"
    with _made(postgres_url, name):
        yield _database(postgres_url, name)


@pytest.fixture(scope="module")
def module_postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a fresh database without tables, for all tests of a module."""
    name = f"feedmill_{os.getpid()}_{next(_numbers)}"
    with _made(postgres_url, name):
        yield _database(postgres_url, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("template"))
    _migrate(settings)
    return settings.data_dir / "feedmill.db"


@pytest.fixture
def data_folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a migrated, empty SQLite database: copied, which costs a fiftieth of migrating."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder)
    return folder


@pytest.fixture(params=["sqlite", "postgres"])
def store_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of a migrated, empty database: once for SQLite, once for PostgreSQL."""
    if request.param == "postgres":
        return Settings(database_url=request.getfixturevalue("postgres_database"))
    return Settings(data_dir=request.getfixturevalue("data_folder"))


@pytest.fixture(params=["sqlite", "postgres"])
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a database without tables: once for SQLite, once for PostgreSQL."""
    if request.param == "postgres":
        return Settings(database_url=request.getfixturevalue("empty_postgres_database"))
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def store(store_settings: Settings) -> Iterator[Store]:
    """A migrated, empty store: once on SQLite, once on PostgreSQL."""
    store = open_store(store_settings)
    yield store
    store.close()


def _migrate(settings: Settings) -> None:
    store = open_store(settings)
    store.migrate()
    store.close()


def _database(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _connected(url: str) -> Any:
    # Imported here: a machine without the driver runs the tests on SQLite.
    import psycopg

    return psycopg.connect(url, autocommit=True)


@contextmanager
def _made(server: str, name: str) -> Iterator[None]:
    """A database for as long as the block runs."""
    with _connected(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

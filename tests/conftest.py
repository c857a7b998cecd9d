"""Real databases for the tests: a PostgreSQL server for the session, a fresh database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import private_postgres
import pytest

from pipeline.settings import Settings
from pipeline.store import Store, open_store

_numbers = itertools.count(1)


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
def postgres_template(postgres_url: str) -> Iterator[str]:
    """Name of a migrated database that others are copied from."""
    name = f"feedmill_template_{os.getpid()}"
    with _made(postgres_url, f"CREATE DATABASE {name}", name):
        _migrate(Settings(database_url=_database(postgres_url, name)))
        yield name


@pytest.fixture
def postgres_database(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """URL of a fresh, migrated database of this test's own."""
    name = f"feedmill_{os.getpid()}_{next(_numbers)}"
    with _made(postgres_url, f"CREATE DATABASE {name} TEMPLATE {postgres_template}", name):
        yield _database(postgres_url, name)


@pytest.fixture
def empty_postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of a fresh database without tables."""
    name = f"feedmill_{os.getpid()}_{next(_numbers)}"
    with _made(postgres_url, f"CREATE DATABASE {name}", name):
        yield _database(postgres_url, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that others are copied from."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("template"))
    _migrate(settings)
    return settings.data_dir / "feedmill.db"


@pytest.fixture(params=["sqlite", "postgres"])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a migrated, empty database: once for SQLite, once for PostgreSQL."""
    if request.param == "postgres":
        return Settings(database_url=request.getfixturevalue("postgres_database"))
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    shutil.copy(request.getfixturevalue("sqlite_template"), settings.data_dir)
    return settings


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


class _made:
    """A database for as long as the block runs."""

    def __init__(self, server: str, statement: str, name: str) -> None:
        import psycopg

        self._name, self._statement = name, statement
        self._connection = psycopg.connect(server, autocommit=True)

    def __enter__(self) -> None:
        self._connection.execute(self._statement)

    def __exit__(self, *_: object) -> None:
        self._connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._connection.close()

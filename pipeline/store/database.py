"""A database of either kind: how it is opened, its transactions, and its errors in our words."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text

from pipeline.errors import StoreError
from pipeline.tally import TALLY
from pipeline.urls import without_password

#: what SQLite's log of changes is cut back to once it has been written to the database, in bytes
WAL_BYTES = 64_000_000
#: how long a writer waits for another one on SQLite, in seconds
BUSY_SECONDS = 30
#: connections to PostgreSQL that one process may hold; a pool process uses one, a web server some
POOL, POOL_MORE = 5, 5
#: the key of the transaction-level advisory lock of `Database.writing`; any constant does
SERIAL_LOCK = 0x66656564

#: While a bulk load outruns PostgreSQL's statistics, it takes full tables for small ones and reads
#: them whole: every query of a serial transaction has an index (measured: 15 ms less for 32 articles).
_SERIAL = text("SELECT pg_advisory_xact_lock(:key), set_config('enable_seqscan', 'off', true)")

#: held by writers together, and by a migration alone: none writes to a schema that changes under it
SCHEMA_LOCK = 0x66656565
_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")
_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
_PLANNED = text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")
_SIZE = text("SELECT pg_database_size(current_database())")
_REVISION = text("SELECT version_num FROM alembic_version")

_BEGIN = "feedmill_begin"


class Database:
    """One SQLite file or one PostgreSQL database. Open it after a fork, never before.

    Raises StoreError when it cannot be used: the message says which database, where (without
    the password) and what to do.

    ``revision``: the schema that this version of the code writes to; any other is refused, so that
    during an upgrade no older process writes what the newer ones do not expect. None: any.
    """

    def __init__(self, url: str, *, probe: bool = True, revision: str | None = None) -> None:
        self._revision = revision
        self.where = without_password(url).replace("+psycopg://", "://")
        self._engine = self._open(url)
        self._writer = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        if probe:
            with self.reading():
                pass

    @property
    def is_sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self, unbounded: bool = False) -> Iterator[Connection]:
        """One transaction that only reads. ``unbounded``: however long its statements take; others
        fail after `patience.STATEMENT_SECONDS` on PostgreSQL."""
        with self._translating(), self._engine.begin() as connection, _bounds(connection, unbounded):
            yield connection

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """`reading`, for what people ask. PostgreSQL plans each statement for the values that it has: a plan
        that it keeps suits the usual job, and takes seconds for the one that has half of all items."""
        with self.reading() as connection:
            if not self.is_sqlite:
                connection.execute(_PLANNED)
            yield connection

    @contextmanager
    def writing(self, serial: bool = False) -> Iterator[Connection]:
        """One transaction; SQLite gives its write lock at once, so that reads in it stay true.

        ``serial``: no two of these at a time on PostgreSQL either (see `pipeline.store.finishing`).
        """
        with self._translating(), self._writer.begin() as connection:
            if not self.is_sqlite:
                if serial:
                    connection.execute(_SERIAL, {"key": SERIAL_LOCK})
                connection.execute(_SHARED, {"key": SCHEMA_LOCK})
            if self._revision is not None:
                # A statement of its own, behind the lock: it sees what a migration has just done.
                self._refuse_unless_ours(connection.scalar(_REVISION))
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction in which nobody else writes, and which may take as long as it likes."""
        with self._translating(), self._writer.begin() as connection, _bounds(connection, unbounded=True):
            if not self.is_sqlite:
                # In the order of `writing`: otherwise each could wait for the other.
                connection.execute(_SERIAL, {"key": SERIAL_LOCK})
                connection.execute(_ALONE, {"key": SCHEMA_LOCK})
            yield connection

    def _refuse_unless_ours(self, found: str | None) -> None:
        if found == self._revision:
            return
        if found is not None and self._revision is not None and found > self._revision:
            told = (
                f"it was brought up to date by a newer version (migration {found}), and this process is of "
                f"an older one ({self._revision}). It writes nothing any more: start the newer one."
            )
        else:
            told = (
                f"it lacks migrations (it has {found}, {self._revision} is needed). Run `feedmill migrate`."
            )
        # Others, or this one once it was started again, can go on with the same work.
        raise self._error(told, retry_helps=True)

    def is_locked(self, seconds: float) -> bool:
        """Whether another process has SQLite's write lock all this time. Writes nothing."""
        with self._translating(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
            try:
                driver.execute("BEGIN IMMEDIATE")
                driver.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise StoreError(f"The database {self.where} cannot be used: {error}") from error
                return True
            finally:
                driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return False

    def size(self) -> int:
        """Bytes on disk: of PostgreSQL the database, of SQLite the file and its log of changes."""
        if not self.is_sqlite:
            with self.reading() as connection:
                return int(connection.scalar(_SIZE) or 0)
        name = self._engine.url.database or ""
        files = [Path(name), Path(f"{name}-wal")]
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        self._engine.dispose()

    def _open(self, url: str) -> Engine:
        try:
            parsed = _parse(url)
            if parsed.get_backend_name() == "sqlite":
                return _open_sqlite(parsed)
            return _open_postgresql(parsed)
        except ModuleNotFoundError as error:
            raise self._error(
                f"its driver {error.name} is missing. Install it with: pip install 'feedmill[postgres]'",
                retry_helps=False,
            ) from error
        except (exc.ArgumentError, exc.NoSuchModuleError, ValueError) as error:
            raise self._error(
                "not a usable address. FEEDMILL_DATABASE_URL takes postgresql://user:password@host/name"
                " or sqlite:///path.",
                retry_helps=False,
            ) from error
        except OSError as error:
            raise self._error(
                f"{error.strerror or error}. Choose another place with --data-dir or FEEDMILL_DATA_DIR.",
                retry_helps=False,
            ) from error

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except exc.SQLAlchemyError as error:
            TALLY.add("error:database")
            raise self._error(_reason(error), retry_helps=_may_pass(error)) from error

    def _error(self, reason: str, retry_helps: bool) -> StoreError:
        return StoreError(f"The database {self.where} cannot be used: {reason}", retry_helps=retry_helps)


#: what may pass by itself: lost connections, locks, a full pool
_PASSING = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, exc.DisconnectionError)


def _may_pass(error: exc.SQLAlchemyError) -> bool:
    if isinstance(error, _PASSING):
        return True
    if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
        return True
    # Class 25: the transaction was ended because it stood still, or the server only reads for now.
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "").startswith("25")


@contextmanager
def _bounds(connection: Connection, unbounded: bool) -> Iterator[None]:
    if unbounded and connection.dialect.name != "sqlite":
        from pipeline.store import patience

        with patience.unbounded(cast(Any, connection.connection.driver_connection)):
            yield
    else:
        yield


#: a fragment of the driver's words -> what to do
_ADVICE = {
    "no such table": "Its tables are missing: run `feedmill migrate`.",
    "does not exist": "Check the name, and run `feedmill migrate`.",
    "no such column": "Its schema is older than this version: run `feedmill migrate`.",
    "password authentication": "Check user and password in FEEDMILL_DATABASE_URL.",
    "readonly": "Check the permissions of the file and its folder.",
    "unable to open": "Check the path and its permissions.",
    "not a database": "The file is something else: choose another place with --data-dir.",
    "is locked": "Another process has been writing for too long.",
    "is full": "Make room on the disk.",
    "No space left": "Make room on the disk of the database.",
    "too many clients": "Raise max_connections of PostgreSQL, or run fewer processes.",
    "remaining connection slots": "Raise max_connections of PostgreSQL, or run fewer processes.",
    "statement timeout": "Something holds a lock, or the server is overloaded.",
    "no answer from the server": "It is paused, overloaded or cut off.",
}


def _reason(error: exc.SQLAlchemyError) -> str:
    said = str(getattr(error, "orig", None) or error).strip()
    first = (said.splitlines() or [type(error).__name__])[0].rstrip(".")
    for fragment, advice in _ADVICE.items():
        if fragment in said:
            return f"{first}. {advice}"
    return f"{first}. Check that it runs and is reachable (`feedmill doctor`)."


def _parse(url: str) -> URL:
    if url.startswith("sqlite:///"):
        # A path as it is: a folder's name may hold what has a meaning in an address.
        return URL.create("sqlite", database=url.removeprefix("sqlite:///"))
    parsed = make_url(url)
    if parsed.drivername != "postgresql+psycopg" or not parsed.database:
        raise ValueError(parsed.drivername)
    return parsed


def _open_sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite opens a file that it may not write, and fails at the first write only.
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError(0, f"no permission to write to {place}")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **_JSON)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_postgresql(url: URL) -> Engine:
    from pipeline.store import patience

    engine = create_engine(
        url,
        connect_args={"application_name": "feedmill"},
        # A server that was restarted costs one round trip here instead of a failed batch.
        pool_pre_ping=True,
        pool_size=POOL,
        max_overflow=POOL_MORE,
        pool_timeout=patience.STATEMENT_SECONDS,
        **_JSON,
    )
    event.listen(
        engine, "do_connect", lambda _dialect, _record, args, named: patience.connect(*args, **named)
    )
    ping = engine.dialect.do_ping

    def ping_shortly(connection: Any) -> bool:
        with patience.shortly(connection):
            return ping(connection)

    # SQLAlchemy has no event for it.
    engine.dialect.do_ping = ping_shortly  # type: ignore[assignment, method-assign]
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin by itself, and deferred: two such writers can only fail each other.
    connection.isolation_level = None
    _use_wal(connection)
    # In WAL mode a power cut may cost the last transactions, never the file (sqlite.org/pragma.html).
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # While somebody reads for long, the log of changes grows; without this it keeps that size for ever.
    connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    # SQLite's own lower() and LIKE know ASCII only.
    connection.create_function("unicode_lower", 1, _lower, deterministic=True)


def _use_wal(connection: sqlite3.Connection) -> None:
    """Several that open a new file at once fail each other at the switch, and SQLite does not wait
    there: a wait could never end where both hold what the other needs (sqlite3_busy_handler)."""
    ends = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > ends:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _encode(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _encode, "json_deserializer": msgspec.json.decode}

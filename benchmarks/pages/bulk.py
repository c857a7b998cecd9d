"""Rows by the hundred thousand, through the schema as it is: COPY, or what is quickest on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import JSON, Connection, text

from pipeline.store.database import Database
from pipeline.store.schema import metadata

_INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    # Those of constraints stay: they are dropped with these only.
    "postgresql": "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
    " JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
}

Row = Mapping[str, Any]


class Bulk:
    """A connection that writes very many rows, in one transaction a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def without_indexes(self) -> Iterator[None]:
        """Indexes are built once, at the end, from what the database says that they are."""
        kind = "sqlite" if self._database.is_sqlite else "postgresql"
        with self._database.reading(unbounded=True) as connection:
            found = connection.execute(text(_INDEXES[kind])).all()
            for name, _ in found:
                connection.execute(text(f"DROP INDEX {name}"))
        yield
        for _, statement in found:
            with self._database.reading(unbounded=True) as connection:
                if not self._database.is_sqlite:
                    connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
                connection.execute(text(statement))

    def write(self, table: str, rows: Iterable[Row]) -> None:
        """Rows that all have the columns of the first; values as Python has them."""
        walked = iter(rows)
        first = next(walked, None)
        if first is None:
            return
        packed = self._packed(table)
        with self._database.reading(unbounded=True) as connection:
            _write(connection, table, list(first), (_values(row, packed) for row in _chain(first, walked)))

    def settle(self) -> None:
        """What autovacuum would do: statistics, and which pages everybody may see; numbers go on behind."""
        with self._database.reading(unbounded=True) as connection:
            if self._database.is_sqlite:
                connection.execute(text("ANALYZE"))
                return
            for table in ("items", "feeds"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                )
            driver: Any = connection.connection.driver_connection
            driver.commit()
            driver.autocommit = True
            driver.execute("SET statement_timeout = 0")
            driver.execute("VACUUM ANALYZE")
            driver.execute("RESET statement_timeout")
            driver.autocommit = False

    def _packed(self, table: str) -> frozenset[str]:
        """Columns whose values are JSON."""
        known = metadata.tables.get(table)
        columns = known.c if known is not None else ()
        return frozenset(column.name for column in columns if isinstance(column.type, JSON))


def _chain(first: Row, rest: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _values(row: Row, packed: frozenset[str]) -> list[Any]:
    return [
        msgspec.json.encode(value).decode() if value is not None and name in packed else value
        for name, value in row.items()
    ]


def _write(connection: Connection, table: str, columns: list[str], rows: Iterable[list[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

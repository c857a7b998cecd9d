"""What a migration does with many rows: in parts, each a transaction of its own.

    def part(connection) -> str | None     of a migration, beside its upgrade(): does one part and says what
                                           was done, or gives None where nothing is left; then upgrade() runs

Killed in between, the next run goes on where this one was. Nobody writes meanwhile: the migration before has
moved the database off the version that older processes write to, and newer ones wait for the last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, TextClause, inspect, text

#: rows that are rewritten in one transaction: all of them may be more than fit into memory
ROWS = 2_000
#: what PostgreSQL may take for building an index; its own default makes it sort on disk
MEMORY = "256MB"


class NewIndex(NamedTuple):
    """An index that a migration builds."""

    name: str
    table: str
    #: separated by commas
    columns: str
    condition: str | None = None
    #: kept by PostgreSQL as a hash: of values that may be too long for a B-tree
    hashed: bool = False


def build_next(connection: Connection, indexes: Sequence[NewIndex]) -> str | None:
    """Build the first of some indexes that is not there yet; None: all are. Whoever reads goes on."""
    known, tables = inspect(connection), {one.table for one in indexes}
    there = {one["name"] for table in tables for one in known.get_indexes(table)}
    missing = [one for one in indexes if one.name not in there]
    if not missing:
        return None
    one = missing[0]
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text(f"SET LOCAL maintenance_work_mem = '{MEMORY}'"))
    kind = " USING hash" if one.hashed and not is_sqlite else ""
    where = f" WHERE {one.condition}" if one.condition else ""
    connection.execute(text(f"CREATE INDEX {one.name} ON {one.table}{kind} ({one.columns}){where}"))
    return f"index {one.name} of {one.table} is built"


# -- rows ---------------------------------------------------------------------------------------


def begin_rows(connection: Connection, name: str) -> None:
    """Make the note of how far rows have been rewritten."""
    connection.execute(text(f"CREATE TABLE {name} (last BIGINT NOT NULL)"))
    connection.execute(text(f"INSERT INTO {name} (last) VALUES (0)"))


def rewrite_next(
    connection: Connection,
    name: str,
    table: str,
    some: TextClause,
    rewrite: Callable[[Connection, Sequence[Row[Any]]], None],
) -> str | None:
    """Rewrite the rows behind the note; None: there are none. ``some`` takes ``:last`` and ``:most``, and
    gives rows with an ``id``, in its order."""
    last = connection.scalar(text(f"SELECT last FROM {name}"))
    rows = connection.execute(some, {"last": last, "most": ROWS}).all()
    if not rows:
        return None
    rewrite(connection, rows)
    last = rows[-1].id
    connection.execute(text(f"UPDATE {name} SET last = :last"), {"last": last})
    newest = connection.scalar(text(f"SELECT max(id) FROM {table}"))
    return f"{table} up to {last:,} of {newest:,} are rewritten"


def end_rows(connection: Connection, name: str) -> None:
    """Forget the note."""
    connection.execute(text(f"DROP TABLE {name}"))


__all__ = ["NewIndex", "begin_rows", "build_next", "end_rows", "rewrite_next"]

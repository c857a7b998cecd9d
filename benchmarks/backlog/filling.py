"""Very many rows, written by the database itself: what a backlog is like, without the hours of making it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pipeline.store.database import Database

#: jobs get numbers that sort as real ones do
_JOBS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :jobs)
INSERT INTO jobs (id, sources, state, items, in_flight, stored, updated, unchanged, duplicate, skipped,
                  failed, accepting_until, created_at, finished_at)
SELECT :name || substr('00000000' || i, length('' || i), 9), '["backlog"]', :state, :each, 0,
       :stored, 0, 0, 0, 0, :failed, NULL, :now + i * 0.001, :finished FROM n
"""
_ITEMS = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :each)
INSERT INTO items (job, key, name, source, url, host, expand, state, outcome, code, attempts, due_at,
                   created_at, finished_at)
SELECT jobs.id, 'https://example.org/' || jobs.id || '/' || i, 'https://example.org/' || i, 'backlog',
       'https://example.org/' || i, 'www' || (i % 1000) || '.example.org', :no,
       :state, CASE WHEN i <= :failed THEN 'failed' WHEN :finished IS NOT NULL THEN 'stored' END,
       CASE WHEN i <= :failed THEN 'http' END, 0, CASE WHEN :finished IS NULL THEN :now END, :now, :finished
  FROM jobs CROSS JOIN n WHERE jobs.id LIKE :name || '%'
"""


@dataclass(frozen=True)
class Lot:
    """So many jobs of so many items each: all of them pending, or all ended, some as failures."""

    name: str
    jobs: int
    each: int
    ended: bool = False
    failed: int = 0


def fill(database: Database, lot: Lot, now: float) -> None:
    jobs, items = ("done", "done") if lot.ended else ("running", "pending")
    # The one way to a transaction whose statements may take as long as they like.
    with database.reading(unbounded=True) as connection:
        connection.execute(text(_cast(connection, _JOBS)), _values(lot, now, jobs))
        connection.execute(text(_cast(connection, _ITEMS)), _values(lot, now, items))
    if not database.is_sqlite:  # there autovacuum does this
        with database.reading(unbounded=True) as connection:
            connection.execute(text("ANALYZE"))


def _cast(connection: Connection, statement: str) -> str:
    """PostgreSQL wants to know what an unknown value is."""
    if connection.dialect.name == "sqlite":
        return statement
    for name, kind in {"finished": "float", "now": "float", "name": "text"}.items():
        statement = statement.replace(f":{name}", f"CAST(:{name} AS {kind})")
    return statement


def _values(lot: Lot, now: float, state: str) -> dict[str, object]:
    return {
        "name": lot.name,
        "jobs": lot.jobs,
        "each": lot.each,
        "state": state,
        "stored": lot.each - lot.failed if lot.ended else 0,
        "failed": lot.failed if lot.ended else 0,
        "now": now,
        "finished": now if lot.ended else None,
        "no": False,
    }

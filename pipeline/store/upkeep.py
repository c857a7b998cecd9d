"""Upkeep: is the schema the one that this version knows, and do the counters tell the truth?"""

from __future__ import annotations

import logging
import time

from sqlalchemy import ColumnElement, Connection, Text, column, func, inspect, select, table

from pipeline.errors import StoreError
from pipeline.model import Problem
from pipeline.store.database import Database
from pipeline.store.schema import COUNTERS, REVISION, is_in_flight, items, jobs, metadata, tally

logger = logging.getLogger(__name__)

#: how often a migration that takes long says how far it has come (s)
SAY_SECONDS = 5.0


def migrate(database: Database) -> None:
    """Bring the schema up to date, in transactions in which nobody else writes. Whoever comes in between
    writes nothing either: the schema is of no version that is known. Killed, it goes on where it was; several
    at once share the work.

    Raises StoreError when the schema is newer than this version knows.
    """
    with database.reading() as connection:
        if _is_current(connection):
            return
    # Alembic takes as long to load as all the rest of storage: only where it has work to do.
    from pipeline.store import migration

    migrations = migration.Migrations()
    said = began = time.monotonic()
    done: str | None = ""
    while done is not None:
        try:
            with database.migrating() as connection:
                done = migrations.advance(connection)
        except migration.UnknownRevisions as error:
            raise StoreError(_too_new(database, error.unknown), retry_helps=False) from error
        now = time.monotonic()
        if done and now - said >= SAY_SECONDS:
            logger.info("%s is being brought up to date, %.0f s: %s", database.where, now - began, done)
            said = now
    if said > began:
        logger.info("%s is up to date, after %.0f s", database.where, time.monotonic() - began)


def check(database: Database) -> list[Problem]:
    """What is wrong with the schema, or else with the counters."""
    problems = schema_problems(database)
    if problems:
        return problems
    try:
        with database.reading(unbounded=True) as connection:
            return _miscounted(connection)
    except StoreError as error:
        return [Problem(code=error.code, message=error.message, retry_helps=error.retry_helps)]


def schema_problems(database: Database) -> list[Problem]:
    """Why the schema is not the one that this version knows."""
    try:
        with database.reading() as connection:
            if _is_current(connection):
                return _missing_tables(database, connection)
            from pipeline.store import migration

            unknown, missing = migration.Migrations().revisions(connection)
            if unknown:
                return [Problem(code="database", message=_too_new(database, unknown))]
            told = f"{database.where} lacks the migrations {', '.join(missing)}. Run `feedmill migrate`."
            return [Problem(code="database", message=told)]
    except StoreError as error:
        return [Problem(code=error.code, message=error.message, retry_helps=error.retry_helps)]


def _missing_tables(database: Database, connection: Connection) -> list[Problem]:
    missing = sorted(set(metadata.tables).difference(inspect(connection).get_table_names()))
    if not missing:
        return []
    told = (
        f"{database.where} lacks the tables {', '.join(missing)}, although it is said to have all migrations."
        " Restore it from a backup, or use another database."
    )
    return [Problem(code="database", message=told)]


def _is_current(connection: Connection) -> bool:
    """Whether the database says that it has just the newest migration."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    versions = table("alembic_version", column("version_num", Text))
    return list(connection.scalars(select(versions.c.version_num))) == [REVISION]


def _too_new(database: Database, unknown: list[str]) -> str:
    return (
        f"{database.where} was written by a newer version (migration {', '.join(unknown)})."
        " Update Feedmill, or use another database."
    )


def _miscounted(connection: Connection) -> list[Problem]:
    """Jobs whose counters differ from their rows, compared in one statement: one snapshot."""
    parts: dict[str, ColumnElement[int]] = {"items": func.count()}
    parts["in_flight"] = func.count().filter(is_in_flight)
    parts |= {name: func.count().filter(items.c.outcome == name) for name in COUNTERS[2:]}
    counted = (
        select(items.c.job, *(part.label(name) for name, part in parts.items()))
        .group_by(items.c.job)
        .subquery()
    )
    query = select(
        jobs.c.id,
        *(jobs.c[name].label(f"said_{name}") for name in COUNTERS),
        *(func.coalesce(counted.c[name], 0).label(name) for name in COUNTERS),
    ).join_from(jobs, counted, counted.c.job == jobs.c.id, isouter=True)
    problems = []
    for row in connection.execute(query).mappings():
        wrong = [
            f"{name} {row['said_' + name]}, rows {row[name]}"
            for name in COUNTERS
            if row["said_" + name] != row[name]
        ]
        if wrong:
            told = f"Job {row['id']} has counters that differ from its items: {'; '.join(wrong)}."
            problems.append(Problem(code="database", message=told))
    return problems + _mistallied(connection)


def _mistallied(connection: Connection) -> list[Problem]:
    """Whether the sums over ended jobs differ from these jobs; one snapshot as well."""
    sums = [func.coalesce(func.sum(jobs.c[name]), 0).label(name) for name in COUNTERS]
    added = select(*sums).where(jobs.c.tallied).subquery()
    query = select(
        *(added.c[name] for name in COUNTERS),
        *(func.coalesce(tally.c[name], 0).label(f"said_{name}") for name in COUNTERS),
    ).select_from(added.outerjoin(tally, tally.c.id == 1))
    row = connection.execute(query).mappings().one()
    wrong = [
        f"{name} {row['said_' + name]}, jobs {row[name]}"
        for name in COUNTERS
        if row["said_" + name] != row[name]
    ]
    if not wrong:
        return []
    told = f"The sums over all ended jobs differ from the jobs: {'; '.join(wrong)}."
    return [Problem(code="database", message=told)]

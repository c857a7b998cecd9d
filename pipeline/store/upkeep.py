"""Upkeep: migrations, and what is wrong."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ColumnElement, Connection, func, select

from pipeline.errors import StoreError
from pipeline.model import Problem
from pipeline.store.database import Database
from pipeline.store.schema import COUNTERS, is_in_flight, items, jobs

_MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for this package's migrations on a connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migrate(database: Database) -> None:
    """Bring the schema up to date, in one transaction that others wait for.

    Raises StoreError when the schema is newer than this version knows.
    """
    with database.writing(serial=True) as connection:
        unknown, missing = _revisions(connection)
        if unknown:
            raise StoreError(_too_new(database, unknown), retry_helps=False)
        if missing:
            command.upgrade(configuration(connection), "head")


def check(database: Database) -> list[Problem]:
    try:
        with database.reading() as connection:
            unknown, missing = _revisions(connection)
            if unknown:
                return [Problem(code="database", message=_too_new(database, unknown))]
            if missing:
                told = f"{database.where} lacks the migrations {', '.join(missing)}. Run the migrations."
                return [Problem(code="database", message=told)]
            return _miscounted(connection)
    except StoreError as error:
        return [Problem(code=error.code, message=error.message, retry_helps=error.retry_helps)]


def _revisions(connection: Connection) -> tuple[list[str], list[str]]:
    """Revisions that the database has and this version does not know; and those it lacks."""
    script = ScriptDirectory.from_config(configuration(connection))
    known = [revision.revision for revision in script.walk_revisions()]
    known.reverse()
    has = MigrationContext.configure(connection).get_current_heads()
    unknown = [revision for revision in has if revision not in known]
    done = {
        revision.revision
        for head in has
        if head in known
        for revision in script.iterate_revisions(head, "base")
    }
    return unknown, [revision for revision in known if revision not in done]


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
    return problems

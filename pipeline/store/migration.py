"""Alembic, run on this package's own migrations. Its only importer beside the migrations."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for this package's migrations on a connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(connection: Connection) -> list[str]:
    """Run the missing migrations. Returns revisions that this version does not know: then nothing
    was done."""
    unknown, missing = revisions(connection)
    if missing and not unknown:
        command.upgrade(configuration(connection), "head")
    return unknown


def revisions(connection: Connection) -> tuple[list[str], list[str]]:
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


def newest() -> str:
    """The revision of the newest migration in the package."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    return head or ""

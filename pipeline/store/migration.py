"""Alembic, run on this package's own migrations. Its only importer beside the migrations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"

#: one part of what a migration does with many rows (see `pipeline.store.parts`)
Part = Callable[[Connection], str | None]


class Migrations:
    """The migrations of the package, read once."""

    def __init__(self) -> None:
        self._script = ScriptDirectory.from_config(configuration())
        self._known = [revision.revision for revision in self._script.walk_revisions()][::-1]

    def advance(self, connection: Connection) -> str | None:
        """Do the next part of what a database lacks; say which, or None: it lacks nothing. In a
        transaction that nobody else writes beside, and that the caller ends. Raises UnknownRevisions:
        then nothing was done."""
        unknown, missing = self.revisions(connection)
        if unknown:
            raise UnknownRevisions(unknown)
        if not missing:
            return None
        part = self._part(missing[0])
        done = part(connection) if part else None
        if done is not None:
            return f"migration {missing[0]}: {done}"
        # Up to the next one that comes in parts.
        heavy = [number for number, revision in enumerate(missing) if number and self._part(revision)]
        whole = missing[: heavy[0]] if heavy else missing
        command.upgrade(configuration(connection), whole[-1])
        return f"{'migration' if len(whole) == 1 else 'migrations'} {', '.join(whole)}: done"

    def revisions(self, connection: Connection) -> tuple[list[str], list[str]]:
        """Revisions that the database has and this version does not know; and those it lacks."""
        has = MigrationContext.configure(connection).get_current_heads()
        unknown = [revision for revision in has if revision not in self._known]
        done = {
            revision.revision
            for head in has
            if head in self._known
            for revision in self._script.iterate_revisions(head, "base")
        }
        return unknown, [revision for revision in self._known if revision not in done]

    def newest(self) -> str:
        """The revision of the newest migration in the package."""
        return self._script.get_current_head() or ""

    def _part(self, revision: str) -> Part | None:
        found = self._script.get_revision(revision)
        part: Part | None = getattr(found.module, "part", None) if found else None
        return part


class UnknownRevisions(Exception):
    """A database is of a newer version."""

    def __init__(self, unknown: Sequence[str]) -> None:
        super().__init__(", ".join(unknown))
        self.unknown = list(unknown)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for this package's migrations, on a connection; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

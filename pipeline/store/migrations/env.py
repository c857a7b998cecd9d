"""Alembic runs this for every command. The connection comes from the caller, in a transaction."""

from __future__ import annotations

from alembic import context

from pipeline.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite, too, takes back its DDL when our transaction fails.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Items of a job by outcome, state, code and host, and items by other names than their keys, by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipeline.store import parts
from pipeline.store.parts import NewIndex

revision = "0011"
down_revision = "0010"

_NEW = (
    NewIndex("ix_jobs_cancelled", "jobs", "id", "state = 'cancelled'"),
    NewIndex("ix_items_outcome", "items", "job, outcome, id", "outcome IS NOT NULL"),
    NewIndex("ix_items_waiting_of_job", "items", "job, id", "state = 'pending'"),
    NewIndex("ix_items_code", "items", "job, code, id", "code IS NOT NULL"),
    NewIndex("ix_items_host", "items", "job, host, id"),
    NewIndex("ix_items_landed", "items", "landed, id", "landed IS NOT NULL"),
    NewIndex("ix_items_name", "items", "name", "name <> key", hashed=True),
)
_NOT_STORED = sa.text("outcome != 'stored'")


def part(connection: sa.Connection) -> str | None:
    return parts.build_next(connection, _NEW)


def upgrade() -> None:
    # What ix_items_outcome does as well.
    op.drop_index("ix_items_not_stored", "items")
    if op.get_context().dialect.name == "postgresql":
        # It would think the columns of 0007 empty until autovacuum has come by.
        for table in ("articles", "items"):
            op.execute(f"ANALYZE {table}")


def downgrade() -> None:
    op.create_index(
        "ix_items_not_stored",
        "items",
        ["job", "outcome", "id"],
        sqlite_where=_NOT_STORED,
        postgresql_where=_NOT_STORED,
    )
    for one in _NEW:
        op.drop_index(one.name, one.table)

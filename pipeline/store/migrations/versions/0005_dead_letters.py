"""Where an item failed; indexes that group dead letters, and what waits to be tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_FAILED = sa.text("outcome = 'failed'")
_WAITING = sa.text("state = 'pending' AND code IS NOT NULL")


def upgrade() -> None:
    op.add_column("items", sa.Column("stage", sa.Text()))
    op.drop_index("ix_items_failed", "items")
    # The trace of the others has it, and is not worth reading a table for: they stay without.
    op.execute(
        "UPDATE items SET stage = 'read' WHERE outcome = 'failed' AND url IS NULL AND page_digest IS NULL"
    )
    _index("code", "stage", "host", "finished_at", "id", "job")
    columns = ["code", "job", "due_at", "id"]
    op.create_index("ix_items_waiting", "items", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)


def downgrade() -> None:
    op.drop_index("ix_items_waiting", "items")
    op.drop_index("ix_items_failed", "items")
    op.drop_column("items", "stage")
    _index("code", "host", "id")


def _index(*columns: str) -> None:
    op.create_index("ix_items_failed", "items", list(columns), sqlite_where=_FAILED, postgresql_where=_FAILED)

"""Items of a job by outcome, state, code and host, and articles of a job in the order of lists, by index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

#: index -> (table, columns, condition)
_NEW: dict[str, tuple[str, list[str], str | None]] = {
    "ix_jobs_cancelled": ("jobs", ["id"], "state = 'cancelled'"),
    "ix_items_outcome": ("items", ["job", "outcome", "id"], "outcome IS NOT NULL"),
    "ix_items_waiting_of_job": ("items", ["job", "id"], "state = 'pending'"),
    "ix_items_code": ("items", ["job", "code", "id"], "code IS NOT NULL"),
    "ix_items_host": ("items", ["job", "host", "id"], None),
    "ix_articles_confidence": ("articles", ["confidence"], None),
    "ix_articles_of_job": ("articles", ["job", "stored_at", "id"], None),
}
#: what these do as well
_OLD: dict[str, tuple[str, list[str], str | None]] = {
    "ix_items_not_stored": ("items", ["job", "outcome", "id"], "outcome != 'stored'"),
    "ix_articles_job": ("articles", ["job", "id"], None),
}


def upgrade() -> None:
    _make(_NEW)
    _drop(_OLD)


def downgrade() -> None:
    _make(_OLD)
    _drop(_NEW)


def _make(indexes: dict[str, tuple[str, list[str], str | None]]) -> None:
    for name, (table, columns, condition) in indexes.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _drop(indexes: dict[str, tuple[str, list[str], str | None]]) -> None:
    for name, (table, _, _) in indexes.items():
        op.drop_index(name, table)

"""The totals without reading every job; items that were not stored by an index; room for updates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_COUNTERS = (
    "items", "in_flight", "stored", "updated", "unchanged", "duplicate", "skipped", "failed",
)  # fmt: skip

#: Counters change with each batch: with room on their pages the old versions are cleaned up at once.
#: Each item is written some four times in minutes: dead versions must not wait until they are a fifth of
#: a million, because those who look for what is due read past them.
_STORAGE: dict[str, dict[str, float]] = {
    "jobs": {"fillfactor": 50},
    "tally": {"fillfactor": 10},
    "items": {
        "autovacuum_vacuum_scale_factor": 0.02,
        "autovacuum_vacuum_threshold": 5000,
        "autovacuum_analyze_scale_factor": 0.02,
        "autovacuum_vacuum_cost_delay": 0,
    },
}


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _COUNTERS),
        sa.Column("finished_at", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_tally"),
    )
    op.add_column("jobs", sa.Column("tallied", sa.Boolean(), nullable=False, server_default=sa.false()))
    _partial_index("ix_jobs_untallied", "jobs", ["id"], "tallied = false")
    _partial_index("ix_items_not_stored", "items", ["job", "outcome", "id"], "outcome != 'stored'")
    if op.get_context().dialect.name == "postgresql":
        for table, settings in _STORAGE.items():
            told = ", ".join(f"{name} = {value}" for name, value in settings.items())
            op.execute(f"ALTER TABLE {table} SET ({told})")


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table, settings in _STORAGE.items():
            op.execute(f"ALTER TABLE {table} RESET ({', '.join(settings)})")
    op.drop_index("ix_items_not_stored", "items")
    op.drop_index("ix_jobs_untallied", "jobs")
    op.drop_column("jobs", "tallied")
    op.drop_table("tally")


def _partial_index(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)

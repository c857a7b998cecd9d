"""The totals of each minute, so that charts outlive restarts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_COUNTERS = (
    "items", "in_flight", "stored", "updated", "unchanged", "duplicate", "skipped", "failed",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _COUNTERS),
        sa.PrimaryKeyConstraint("minute", name="pk_readings"),
    )


def downgrade() -> None:
    op.drop_table("readings")

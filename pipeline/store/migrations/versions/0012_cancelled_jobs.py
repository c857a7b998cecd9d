"""When a person cancelled a job, and which jobs are still to be ended for that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_INDEX = "ix_jobs_cancelling"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("cancelled_at", sa.Float()))
    where = sa.text("state = 'running' AND cancelled_at IS NOT NULL")
    op.create_index(_INDEX, "jobs", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index(_INDEX, "jobs")
    op.drop_column("jobs", "cancelled_at")

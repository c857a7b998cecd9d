"""What a feed listed when it last worked, beside its history: thousands are judged without reading that."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import op

from pipeline.model import Poll
from pipeline.store.rows import listed

revision = "0009"
down_revision = "0008"

_FEEDS = sa.text("SELECT id, history FROM feeds WHERE history IS NOT NULL").columns(history=sa.JSON())
_SET = sa.text("UPDATE feeds SET listed = :listed WHERE id = :id")


def upgrade() -> None:
    op.add_column("feeds", sa.Column("listed", sa.Integer()))
    connection = op.get_bind()
    rows = connection.execute(_FEEDS).all()
    if rows:
        told = [(row.id, listed(msgspec.convert(row.history or [], list[Poll]))) for row in rows]
        connection.execute(_SET, [{"id": number, "listed": entries} for number, entries in told])


def downgrade() -> None:
    op.drop_column("feeds", "listed")

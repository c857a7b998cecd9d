"""Columns of what is known beside: what articles are filtered by, where items led, what feeds listed."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from alembic import op

from pipeline.model import Poll
from pipeline.store import parts
from pipeline.store.rows import listed

revision = "0007"
down_revision = "0006"

#: how far 0008 has come
NOTE = "filled_articles"
_FEEDS = sa.text("SELECT id, history FROM feeds WHERE history IS NOT NULL").columns(history=sa.JSON())
_SET = sa.text("UPDATE feeds SET listed = :listed WHERE id = :id")


def upgrade() -> None:
    op.add_column("articles", sa.Column("host", sa.Text(), nullable=False, server_default=""))
    for name in ("site", "base_language", "agency"):
        op.add_column("articles", sa.Column(name, sa.Text()))
    # What ended before is not looked through for it: it is found by its own address.
    op.add_column("items", sa.Column("landed", sa.Text()))
    op.add_column("feeds", sa.Column("listed", sa.Integer()))
    connection = op.get_bind()
    parts.begin_rows(connection, NOTE)
    # Thousands at most, and only when all of them are known is any feed's health.
    rows = connection.execute(_FEEDS).all()
    if rows:
        told = [(row.id, listed(msgspec.convert(row.history or [], list[Poll]))) for row in rows]
        connection.execute(_SET, [{"id": number, "listed": entries} for number, entries in told])


def downgrade() -> None:
    parts.end_rows(op.get_bind(), NOTE)
    op.drop_column("feeds", "listed")
    op.drop_column("items", "landed")
    for name in ("agency", "base_language", "site", "host"):
        op.drop_column("articles", name)

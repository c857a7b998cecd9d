"""Where an item's address led, and indexes that find items and articles by other names than their keys."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    # What ended before is not looked through for it: it is found by its own address.
    op.add_column("items", sa.Column("landed", sa.Text()))
    _index("ix_items_landed", "items", ["landed", "id"], "landed IS NOT NULL")
    _index("ix_items_name", "items", ["name"], "name <> key", postgresql_using="hash")
    _index(
        "ix_articles_canonical_url", "articles", ["canonical_url"], "canonical_url <> key",
        postgresql_using="hash",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_articles_canonical_url", "articles")
    op.drop_index("ix_items_name", "items")
    op.drop_index("ix_items_landed", "items")
    op.drop_column("items", "landed")


def _index(name: str, table: str, columns: list[str], condition: str, **more: Any) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where, **more)

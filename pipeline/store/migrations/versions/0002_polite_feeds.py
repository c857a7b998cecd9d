"""What polite polling remembers of a feed; tombstones; where an article's address led."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for column in _feed_columns():
        op.add_column("feeds", column)
    # Nothing but a user's wish made an interval differ from an hour.
    op.execute("UPDATE feeds SET interval_wanted = interval WHERE interval <> 3600")
    op.create_index("ix_feeds_websub_token", "feeds", ["websub_token"])
    op.create_index("ix_feed_entries_digest", "feed_entries", ["feed_id", "digest"])
    _articles()
    op.create_index("ix_names_article_id", "names", ["article_id"])
    op.create_table(
        "tombstones",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text()),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.Float(), nullable=False),
        sa.Column("forgotten", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_content_hash", "tombstones", ["content_hash"])
    op.create_index("ix_tombstones_article_id", "tombstones", ["article_id"])


def downgrade() -> None:
    op.drop_table("tombstones")
    op.drop_index("ix_names_article_id", "names")
    op.drop_index("ix_articles_near_duplicate_of", "articles")
    op.drop_column("articles", "near_duplicate_of")
    op.drop_column("articles", "alias")
    op.drop_index("ix_feed_entries_digest", "feed_entries")
    op.drop_index("ix_feeds_websub_token", "feeds")
    for column in _feed_columns():
        op.drop_column("feeds", column.name)


def _feed_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("interval_wanted", sa.Float()),
        sa.Column("interval_reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("body_digest", sa.Text()),
        sa.Column("entries_digest", sa.Text()),
        sa.Column("full_at", sa.Float()),
        sa.Column("last_new_at", sa.Float()),
        sa.Column("warnings", sa.JSON()),
        sa.Column("overflows", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_overflow_at", sa.Float()),
        sa.Column("rhythm", sa.Float()),
        sa.Column("hints", sa.JSON()),
        sa.Column("moved_to", sa.Text()),
        sa.Column("moved_seen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("moved_since", sa.Float()),
        sa.Column("found_at", sa.Text()),
        sa.Column("choices", sa.JSON()),
        sa.Column("websub", sa.JSON()),
        sa.Column("websub_token", sa.Text()),
        sa.Column("history", sa.JSON()),
    ]


def _articles() -> None:
    op.add_column("articles", sa.Column("alias", sa.Text()))
    op.add_column("articles", sa.Column("near_duplicate_of", sa.BigInteger()))
    if op.get_context().dialect.name == "sqlite":
        near = "json_extract(data, '$.near_duplicate_of')"
    else:
        near = "CAST(data ->> 'near_duplicate_of' AS BIGINT)"
    op.execute(f"UPDATE articles SET near_duplicate_of = {near} WHERE {near} IS NOT NULL")
    where = sa.text("near_duplicate_of IS NOT NULL")
    op.create_index(
        "ix_articles_near_duplicate_of",
        "articles",
        ["near_duplicate_of"],
        sqlite_where=where,
        postgresql_where=where,
    )
